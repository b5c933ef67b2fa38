"""corsim.values.errors."""

from __future__ import annotations

import pytest

from corsim import CorsimError, IllegalMove, InvalidCase, InvalidInput, NotServed


@pytest.mark.parametrize("error", [IllegalMove, InvalidCase, InvalidInput, NotServed])
def test_every_exception_is_a_corsim_error(error: type[Exception]) -> None:
    """One `except CorsimError` catches all that corsim raises on purpose, TypeErrors aside."""
    assert issubclass(error, CorsimError)


@pytest.mark.parametrize(
    ("error", "builtin"), [(InvalidInput, ValueError), (InvalidCase, ValueError), (NotServed, LookupError)]
)
def test_errors_are_the_built_in_ones_too(error: type[Exception], builtin: type[Exception]) -> None:
    """Code that knows nothing of corsim catches the built-in exception."""
    assert issubclass(error, builtin)
