"""What corsim raises: only the caller's own mistakes, each with the value that was wrong.

    CorsimError
    ├── InvalidInput (ValueError)   a value that nothing in a browser or server could have
    ├── IllegalMove                 a move that the fetch's turn does not allow
    ├── NotServed                   a request to an origin that nobody serves
    ├── AppNotFound                 an import string that leads to no app
    └── InvalidCase (ValueError)    a spec case that breaks the table's rules

A wrong Python type is a `TypeError`. Whatever a page's script would see rejected is
a `Result`, never an exception.
"""

from __future__ import annotations


class CorsimError(Exception):
    """The base of every exception that corsim raises on purpose."""


class InvalidInput(CorsimError, ValueError):
    """A value is refused; the message shows it and says what would be right."""


class IllegalMove(CorsimError):
    """A fetch was asked for a move that its turn does not allow."""


class NotServed(CorsimError, LookupError):
    """A page asked an origin that nobody serves; corsim contacts nothing unasked."""


class AppNotFound(CorsimError, LookupError):
    """An import string leads to no app; the message says what was not found, or raised."""


def error_text(error: BaseException) -> str:
    """Write an exception in one line: its type, and its message if it has one.

    >>> error_text(KeyError("status")), error_text(ValueError())
    ("KeyError: 'status'", 'ValueError')
    """
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def wrong_type(what: str, wanted: str, value: object) -> TypeError:
    """Make the error for a wrong Python type: what it is for, what it takes, what it got."""
    return TypeError(f"{what} must be {wanted}, not {type(value).__name__}: {value!r}")


def check_bool(what: str, value: object) -> None:
    """Refuse whatever is no bool, "no" above all."""
    if not isinstance(value, bool):
        raise wrong_type(what, "True or False", value)


def check_str(what: str, value: object) -> None:
    """Refuse whatever is no str."""
    if not isinstance(value, str):
        raise wrong_type(what, "str", value)


class InvalidCase(CorsimError, ValueError):
    """A spec case is malformed; the message names the file and the key."""
