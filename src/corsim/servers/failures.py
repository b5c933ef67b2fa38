"""What stands in the network tab where a server gave no response."""

from __future__ import annotations


class NoResponse(Exception):
    """No response came: the message says what happened instead, `fix` what to do about it."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


class NobodyListens(NoResponse):
    """Nothing listens where the server should: browsers have words of their own for this."""


class NotUnderstood(NoResponse):
    """Something came that corsim can't read, and a browser perhaps can: there is no verdict."""
