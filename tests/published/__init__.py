"""Defects of published servers, each found as a user's test finds it.

Every test here says what somebody who uses that server may expect, and fails for as long
as the defect is there. `published` turns that failure into an expected one, and says so
when a later release has mended it.
"""
