"""Fuzzing: what is drawn, how it is made small, and how it is written."""
