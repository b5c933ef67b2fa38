"""What a fix says is done, and the fetch is made again: it ends in a readable response."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from corsim import Browser, Reason, Request, Response, Result
from corsim.explaining import explanation
from explaining.support import ALLOW, API, PAGE, asked, run
from explaining.test_words import SCENES, TOKEN

ALLOW_ANY = ("Access-Control-Allow-Origin", "*")
GOOD = (ALLOW, ("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Allow-Credentials", "true"))
MENDABLE = [
    reason for reason in Reason
    if reason.startswith(("allow-", "method-not", "header-not", "preflight-"))
]  # fmt: skip


def mended(response: Response, fix: str) -> Response:
    """Do what a fix says of an answer: set its header lines, and the status if it names one."""
    headers = response.headers
    for name, _, value in (line.strip().partition(": ") for line in fix.split("\n") if line.startswith("  ")):
        headers = headers.set(name, value)
    return Response(204 if "with status 204" in fix else response.status, headers, response.body)


def follow(result: Result, page: str = PAGE, credentials: str | None = None) -> Result:
    """Do what each explanation says, in turn, until the response is readable; never the same twice."""
    asked = result.request
    assert asked is not None
    url, method, headers = asked.url.href, asked.method, asked.headers
    answers = {exchange.is_preflight: exchange.response for exchange in result.exchanges}

    def server(request: Request) -> Response:
        """Answer as before what was asked before; another URL has it all right."""
        kept = answers.get(request.is_preflight) if request.url.href == asked.url.href else None
        return kept or Response(200, GOOD)

    seen: list[str] = []
    while result.blocked is not None:
        fix = explanation(result).fix
        assert fix not in seen
        seen.append(fix)
        last = result.exchanges[-1]
        assert last.response is not None
        answers[last.is_preflight] = mended(last.response, fix)
        if other := re.search(r"Call (\S+) itself", fix):
            url = other[1]
        if other := re.search(r"write method: '(\w+)'", fix):
            method = other[1]
        browser = Browser()
        browser.serve(API, server)
        result = browser.open(page).fetch(
            url, method=method, headers=headers, credentials=credentials or asked.credentials
        )
    return result


@pytest.mark.parametrize("credentials", ["same-origin", "include"])
@pytest.mark.parametrize("reason", MENDABLE)
def test_the_fix_is_the_fix(reason: Reason, credentials: str) -> None:
    """Whoever does what each explanation says comes to a readable response, and never back."""
    assert follow(SCENES[reason][0](), credentials=credentials).readable


REDIRECT = Response(301, [("Location", "/me/")])
CASES: dict[str, Callable[[], Result]] = {
    "patch in lower case": lambda: asked(
        ALLOW, ("Access-Control-Allow-Methods", "PATCH"), method="patch"
    ),
    "patch, and a header": lambda: asked(
        ALLOW, ("Access-Control-Allow-Methods", "PATCH"), method="patch", headers=TOKEN
    ),
    "patch, not listed at all": lambda: asked(
        ALLOW, ("Access-Control-Allow-Methods", "GET"), method="patch"
    ),
    "patch, and no Allow-Origin": lambda: asked(
        ("Access-Control-Allow-Methods", "PATCH"), method="patch"
    ),
    "put, where PUT is needed": lambda: asked(ALLOW, ("Access-Control-Allow-Methods", "put")),
    "methods without a comma": lambda: asked(ALLOW, ("Access-Control-Allow-Methods", "GET PUT")),
    "methods in brackets": lambda: asked(ALLOW, ("Access-Control-Allow-Methods", '["GET", "PUT"]')),
    "headers without a comma": lambda: asked(
        ALLOW, ("Access-Control-Allow-Headers", "X-A X-Token"), method="GET", headers=TOKEN
    ),
    "a redirect without Allow-Origin": lambda: run(ALLOW, method="PUT", preflight=REDIRECT),
    "a layer that says no": lambda: run(
        ALLOW, method="PUT", preflight=Response(400, {"Vary": "Origin"}, b"Disallowed CORS origin")
    ),
    "405 with `*`": lambda: asked(ALLOW_ANY, status=405),
    "401 without anything": lambda: run(ALLOW, method="PUT", preflight=Response(401)),
    "500 without anything": lambda: run(ALLOW, method="PUT", preflight=Response(500), headers=TOKEN),
    "an answer that varies": lambda: run(("Vary", "Origin")),
    "an empty Allow-Origin": lambda: run(("Access-Control-Allow-Origin", "")),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_more_fixes_that_mend(name: str) -> None:
    """Mistakes that are seldom alone are mended by what their explanations say, one after the other."""
    assert follow(CASES[name]()).readable


def starlette(method: str = "GET", **options: Any) -> Result:
    """Fetch from a FastAPI app whose CORSMiddleware is set up as given."""
    app = FastAPI()
    app.add_middleware(CORSMiddleware, **{"allow_origins": [PAGE], **options})

    @app.api_route("/me", methods=["GET", "PUT", "PATCH"])
    async def me() -> dict[str, int]:
        return {"a": 1}

    with Browser() as browser:
        browser.serve(API, app)
        return browser.open(PAGE).fetch(f"{API}/me", method=method)


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("wrong", [f"{PAGE}/", "http://app.example", "https://www.app.example"])
def test_starlette_with_nearly_the_right_origin(method: str, wrong: str) -> None:
    """With an origin that is nearly right, the words say that it is not on the list, not that all failed."""
    words = explanation(starlette(method, allow_origins=[wrong], allow_methods=["PUT"]))
    assert "server failed" not in words.cause
    assert f"a CORS layer answered, and it does not have {PAGE} on its list" in words.cause
    assert words.fix.startswith(f"Compare the server's list of origins with {PAGE} letter by letter")
    assert ("It says: Disallowed CORS origin." in words.cause) == (method == "PUT")
    assert starlette(method, allow_methods=["PUT"]).ok


def test_starlette_with_patch_in_lower_case() -> None:
    """Starlette refuses `patch` where it allows PATCH; writing PATCH in the page mends it."""
    words = explanation(starlette("patch", allow_methods=["PATCH"]))
    assert "It says: Disallowed CORS method." in words.cause
    found = re.match(r"In the page write method: '(\w+)'", words.fix)
    assert found is not None
    assert "Answer OPTIONS" not in words.fix
    assert starlette(found[1], allow_methods=["PATCH"]).ok


def test_a_server_error_beside_a_cors_layer() -> None:
    """A 500 that varies by origin has a CORS layer already: its list is to be looked at, not its place."""
    words = explanation(run(("Vary", "Origin"), status=500))
    assert "The server failed" in words.cause
    assert "outermost" not in words.fix
    assert "letter by letter" in words.fix


def test_a_redirected_preflight_without_allow_origin() -> None:
    """The redirect is the cause; the missing header is told beside it, and is not the fix."""
    words = explanation(run(ALLOW, method="PUT", preflight=REDIRECT))
    assert f"was redirected to {API}/me/ with 301, and without the header" in words.cause
    assert words.fix.startswith(f"Call {API}/me/ itself (only the last slash differs).")
    assert "Access-Control-Allow-Origin" not in words.fix


def test_a_redirect_without_allow_origin() -> None:
    """A redirect that the page may not read is named as one, with where it leads."""
    words = explanation(run(("Location", "https://b.example/x"), status=302))
    assert f"GET {API}/me was redirected to https://b.example/x with 302, without" in words.cause
    assert words.fix.startswith("Call https://b.example/x itself")


@pytest.mark.parametrize("page", ["null", f"{PAGE}#sandbox"])
@pytest.mark.parametrize("credentials", ["omit", "include"])
def test_null_is_never_advised(page: str, credentials: str) -> None:
    """No explanation tells a server to allow `null`, whatever a page without an origin asks."""
    values = [(), (ALLOW,), (ALLOW_ANY,), (("Access-Control-Allow-Origin", "null"),)]
    for headers, status, mode, method in itertools.product(
        values, (200, 302, 400, 405, 500), ("cors", "no-cors", "same-origin"), ("GET", "PUT")
    ):
        browser = Browser()
        answer = Response(status, headers)
        browser.serve(API, lambda _, answer=answer: answer)
        opened = browser.open(page, sandbox=True)
        result = opened.fetch(f"{API}/me", mode=mode, method=method, credentials=credentials)
        words = explanation(result)
        assert "Allow-Origin: null" not in words.fix
        assert "page at null" not in str(words)
        assert "page of null" not in str(words)


def test_a_page_without_an_origin_gets_an_answer() -> None:
    """A sandboxed page is named as one, told to get an origin, or to have `*` sent."""
    words = explanation(run(page="null"))
    assert "to a page with an opaque origin (null)" in words.cause
    assert "Don't allow `null`" in words.fix
    assert "send `Access-Control-Allow-Origin: *`" in words.fix


def test_a_star_stays_a_star() -> None:
    """Where `*` let the page in and the status is wrong, the fix keeps `*`, and it works for `null` too."""
    result = run(ALLOW_ANY, page="null", method="PUT", preflight=Response(405, [ALLOW_ANY]))
    assert "  Access-Control-Allow-Origin: *\n  Access-Control-Allow-Methods: PUT" in explanation(result).fix
    again = run(ALLOW_ANY, page="null", method="PUT",
                preflight=mended(Response(405, [ALLOW_ANY]), explanation(result).fix))  # fmt: skip
    assert again.readable
