"""The network tab as text: whole, and with carets exactly below the token at fault."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corsim import Browser, Response, Result
from corsim.explaining.network import network_lines
from explaining.support import ALLOW, API, PAGE, asked, run

ACAO, ACAC = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"


def marked(result: Result) -> tuple[str, str]:
    """What stands above the carets, and after them."""
    lines = network_lines(result)
    (at,) = [index for index, line in enumerate(lines) if line.strip().startswith("^")]
    start, end = lines[at].index("^"), lines[at].rindex("^") + 1
    return lines[at - 1][start:end], lines[at][end:].strip()


@pytest.mark.parametrize(
    ("fetch", "token", "reason"),
    [
        (lambda: run(), f"no {ACAO}", "allow-origin-missing"),
        (lambda: run((ACAO, f"{PAGE}/")), f"{PAGE}/", "allow-origin-mismatch"),
        (lambda: run((ACAO, "a\x0bb")), "a\\x0bb", "allow-origin-mismatch"),
        (lambda: run((ACAO, "*"), credentials="include"), "*", "allow-origin-wildcard"),
        (lambda: run((ACAO, f"{PAGE}, *")), f"{PAGE}, *", "allow-origin-multiple"),
        (lambda: run(ALLOW, (ACAO, "*")), "*", "allow-origin-multiple"),
        (lambda: run(ALLOW, credentials="include"), f"no {ACAC}", "allow-credentials-not-true"),
        (lambda: run(ALLOW, (ACAC, "True"), credentials="include"), "True", "allow-credentials-not-true"),
        (lambda: asked(ALLOW, status=405), "405", "preflight-status"),
        (lambda: asked(ALLOW, ("Location", "/login"), status=302), "302", "preflight-redirect"),
        (lambda: asked(ALLOW, ("Access-Control-Allow-Methods", "GET")), "PUT", "method-not-allowed"),
        (lambda: asked(ALLOW, ("Access-Control-Allow-Methods", "GET,P T")), "P T", "allow-methods-malformed"),
        (lambda: run(ALLOW, preflight=Response(204, [ALLOW]), headers={"X-A": "1", "X-B": "1"}),
         "x-a", "header-not-allowed"),
        (lambda: run(("Cross-Origin-Resource-Policy", "same-origin"), mode="no-cors"),
         "same-origin", "resource-policy"),
        (lambda: run(ALLOW, ("Location", "https://a:b@api.example/"), status=302, page="https://c.example"),
         PAGE, "allow-origin-mismatch"),
        (lambda: run(ALLOW, ("Location", "mailto:a@b"), status=302), "mailto:a@b", "redirect-scheme"),
    ],
)  # fmt: skip
def test_the_token_at_fault_is_marked(fetch: Callable[[], Result], token: str, reason: str) -> None:
    """It is looked for in what the server said first; a header that is missing is named in its place."""
    result = fetch()
    assert result.blocked is not None
    assert result.blocked.reason == reason
    assert marked(result) == (token, reason)


def test_what_is_shown() -> None:
    """What CORS looks at is shown in full, the rest by its name; preflights are called so."""
    result = asked(ALLOW, ("Access-Control-Allow-Methods", "PUT"), ("Server", "a"), ("X-Powered-By", "b"))
    assert network_lines(result) == [
        f"OPTIONS {API}/me  (preflight)",
        "    Access-Control-Request-Method: PUT",
        f"    Origin: {PAGE}",
        "  -> 204",
        f"    Access-Control-Allow-Origin: {PAGE}",
        "    Access-Control-Allow-Methods: PUT",
        "    and Server, X-Powered-By",
        f"PUT {API}/me",
        f"    Origin: {PAGE}",
        "  -> 200",
        f"    Access-Control-Allow-Origin: {PAGE}",
    ]


def test_an_app_that_raises() -> None:
    """The exception stands where the answer would, in one line."""

    def app(request: object) -> Response:
        raise RuntimeError("two\nlines")

    browser = Browser()
    browser.serve(API, app)
    lines = network_lines(browser.open(PAGE).fetch(API))
    assert "  -> 500; the app raised RuntimeError: two\\nlines" in lines


def test_a_server_that_does_not_listen() -> None:
    """Where no app raised, what happened stands in the answer's place."""
    browser = Browser()
    browser.serve(API, "http://127.0.0.1:1")
    lines = network_lines(browser.open(PAGE).fetch(API))
    (last,) = [line for line in lines if line.startswith("  -> ")]
    assert last.startswith("  -> no response; ")
    assert "raised" not in last
