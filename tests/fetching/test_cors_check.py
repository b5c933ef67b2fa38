"""corsim.fetching.cors_check."""

from __future__ import annotations

import pytest

from corsim import Response
from fetching.support import APP, MINE, fetched, steps, why

ORIGIN, CREDENTIALS = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"


@pytest.mark.parametrize(
    ("pairs", "credentials", "step"),
    [
        ([(ORIGIN, "*")], "omit", "3"), ([(ORIGIN, "*")], "same-origin", "3"), ([(ORIGIN, APP)], "omit", "5"),
        ([(ORIGIN, " * ")], "omit", "3"), ([(ORIGIN, APP), (CREDENTIALS, "true")], "include", "7"),
        ([(ORIGIN, APP), (CREDENTIALS, "nonsense")], "omit", "5"),
    ],
)  # fmt: skip
def test_success(pairs: list[tuple[str, str]], credentials: str, step: str) -> None:
    """`*` will do without credentials, the origin itself always, `true` is needed with them."""
    result = fetched(Response(200, pairs), credentials=credentials)
    assert result.type == "cors"
    assert f"concept-cors-check {step}" in steps(result)


@pytest.mark.parametrize(
    ("pairs", "step", "reason", "subject"),
    [
        ([], "2", "allow-origin-missing", ""),
        ([(ORIGIN, "*")], "4", "allow-origin-wildcard", "*"),
        ([(ORIGIN, "https://b.example")], "4", "allow-origin-mismatch", "https://b.example"),
        ([(ORIGIN, f"{APP}/")], "4", "allow-origin-mismatch", f"{APP}/"),
        ([(ORIGIN, APP.upper())], "4", "allow-origin-mismatch", APP.upper()),
        ([(ORIGIN, f"{APP}:443")], "4", "allow-origin-mismatch", f"{APP}:443"),
        ([(ORIGIN, "")], "4", "allow-origin-mismatch", ""),
        ([(ORIGIN, "null")], "4", "allow-origin-mismatch", "null"),
        ([(ORIGIN, APP), (ORIGIN, APP)], "4", "allow-origin-multiple", f"{APP}, {APP}"),
        ([(ORIGIN, f"{APP} https://b.example")], "4", "allow-origin-multiple", f"{APP} https://b.example"),
        ([(ORIGIN, APP)], "8", "allow-credentials-not-true", ""),
        ([(ORIGIN, APP), (CREDENTIALS, "True")], "8", "allow-credentials-not-true", "True"),
        ([(ORIGIN, APP), (CREDENTIALS, "true"), (CREDENTIALS, "true")], "8", "allow-credentials-not-true",
         "true, true"),
    ],
)  # fmt: skip
def test_failure(pairs: list[tuple[str, str]], step: str, reason: str, subject: str) -> None:
    """With credentials, anything but the origin's bytes and `true` fails, at its step, with what was said."""
    result = fetched(Response(200, pairs, b"x"), credentials="include")
    assert why(result) == (f"concept-cors-check {step}", reason, subject)
    assert result.type == "error"


def test_two_wildcards_are_no_wildcard() -> None:
    """`*, *` is neither `*` nor an origin."""
    result = fetched(Response(200, [(ORIGIN, "*"), (ORIGIN, "*")]))
    assert why(result) == ("concept-cors-check 4", "allow-origin-multiple", "*, *")


@pytest.mark.parametrize("status", [200, 204, 302, 400, 404, 500])
def test_the_check_does_not_care_for_the_status(status: int) -> None:
    """A response of any status is checked, and a shared 500 can be read."""
    assert why(fetched(Response(status))) == ("concept-cors-check 2", "allow-origin-missing", "")
    shared = fetched(Response(status, MINE), credentials="include")
    assert (shared.type, shared.status) == ("cors", status)


def test_at_home_nobody_checks() -> None:
    """A same-origin response needs no headers."""
    assert fetched(Response(200), f"{APP}/x").type == "basic"
