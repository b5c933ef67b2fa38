"""What a fix says is done, and the fetch is made again: it ends in a readable response."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from corsim import Browser, Reason, Response, Result
from corsim.engines import ENGINES
from corsim.explaining import Cause, explain_result
from explaining.following import followed
from explaining.support import ALLOW, API, PAGE, asked, run
from explaining.test_words import SCENES, TOKEN

ALLOW_ANY = ("Access-Control-Allow-Origin", "*")
MENDABLE = [
    reason for reason in Reason
    if reason.startswith(("allow-", "method-not", "header-not", "preflight-"))
]  # fmt: skip


def follow(result: Result, engine: str = "spec", page: str = PAGE) -> Result:
    """Do what the first fix says, in a new browser."""
    asked = result.request
    assert asked is not None
    call = {
        "url": asked.url.href, "method": asked.method, "headers": asked.headers.without({"accept"}).pairs,
        "credentials": asked.credentials,
    }  # fmt: skip
    return followed(result, str(result.explain().fixes[0]), engine, {"url": page}, call)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("reason", MENDABLE)
def test_the_fix_is_the_fix(reason: Reason, engine: str) -> None:
    """Whoever does what an explanation says has a readable response, in every engine."""
    result = SCENES[reason][0]()
    assert result.explain().fixes[0].proven == ENGINES
    assert follow(result, engine).readable


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
    words = explain_result(starlette(method, allow_origins=[wrong], allow_methods=["PUT"]))
    assert "server failed" not in words.headline
    assert f"a CORS layer answered, and it does not have {PAGE} on its list" in words.headline
    assert f"on its list. It has {wrong} instead: " in words.headline
    assert words.fix.startswith(f"On the server's list of origins, write {PAGE} instead of {wrong}\n")
    assert f"  Origin:      {PAGE}\n  on the list: {wrong}\n" in words
    assert words.cause is Cause.ORIGIN_MISMATCH
    assert len(words.diff) == 1
    assert ("It says: Disallowed CORS origin." in words.headline) == (method == "PUT")
    assert starlette(method, allow_methods=["PUT"]).ok


def test_starlette_with_patch_in_lower_case() -> None:
    """Starlette refuses `patch` where it allows PATCH; writing PATCH in the page mends it."""
    words = explain_result(starlette("patch", allow_methods=["PATCH"]))
    assert "It says: Disallowed CORS method." in words.headline
    found = re.match(r"In the page write method: '(\w+)'", words.fix)
    assert found is not None
    assert "Answer OPTIONS" not in words.fix
    assert starlette(found[1], allow_methods=["PATCH"]).ok


def test_a_server_error_beside_a_cors_layer() -> None:
    """A 500 that varies by origin has a CORS layer already: its list is to be looked at, not its place."""
    words = explain_result(run(("Vary", "Origin"), status=500))
    assert "The server failed" in words.headline
    assert "outermost" not in words.fix
    assert "letter by letter" in words.fix


def test_a_redirected_preflight_without_allow_origin() -> None:
    """The redirect is the cause; the missing header is told beside it, and is not the fix."""
    words = explain_result(run(ALLOW, method="PUT", preflight=REDIRECT))
    assert f"was redirected to {API}/me/ with 301, and without the header" in words.headline
    assert words.fix.startswith(f"In the page call {API}/me/ itself (only the last slash differs).\n")


def test_a_redirect_without_allow_origin() -> None:
    """A redirect that the page may not read is named as one, with where it leads."""
    words = explain_result(run(("Location", "https://b.example/x"), status=302))
    assert f"GET {API}/me was redirected to https://b.example/x with 302, without" in words.headline
    assert words.fix.startswith("In the page call https://b.example/x itself")


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
        words = explain_result(result)
        assert "Allow-Origin: null" not in words.fix
        assert "page at null" not in str(words)
        assert "page of null" not in str(words)


def test_a_page_without_an_origin_gets_an_answer() -> None:
    """A sandboxed page is named as one, told to get an origin, or to have `*` sent."""
    words = explain_result(run(page="null"))
    assert "to a page with an opaque origin (null)" in words.headline
    assert "Don't allow `null`" in words.fix
    assert "Or, if anyone may read the answer:\n" in words.fix
    assert words.fix.endswith("send\n  Access-Control-Allow-Origin: *")


def test_a_star_stays_a_star() -> None:
    """Where `*` let the page in and the status is wrong, the fix keeps `*`, and it works for `null` too."""
    result = run(ALLOW_ANY, page="null", method="PUT", preflight=Response(405, [ALLOW_ANY]))
    fix = result.explain().fix
    assert (
        "with status 204 and\n  Access-Control-Allow-Origin: *\n  Access-Control-Allow-Methods: PUT\n" in fix
    )
    assert fix.endswith("it needs\n  Access-Control-Allow-Origin: *")
    assert follow(result, page="null").readable


def test_what_is_no_image_has_no_fix_of_cors() -> None:
    """An element that got the wrong bytes is not mended by being let read them."""
    browser = Browser("chromium")
    browser.serve(
        "https://api.example", lambda request: Response(200, {"Content-Type": "text/plain"}, b"no image")
    )
    why = browser.open("https://app.example").image("https://api.example/it").explain()
    assert why.headline.startswith("Did not load: this is not CORS")
    assert (why.cause, why.fixes) == (Cause.NOT_CORS, ())
