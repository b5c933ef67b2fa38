"""corsim.explaining: every reason has words, and they hold the values of the very request."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import corsim.explaining
from corsim import Browser, Policy, Reason, Response, Result
from corsim.cases import load_cases, run_case
from corsim.engines import ENGINES, profile
from corsim.engines.gates import LocalNetwork
from corsim.explaining import REASONS, explain_result
from corsim.servers import accept_web_socket
from corsim.values.address_space import AddressSpace
from explaining.support import ALLOW, API, PAGE, asked, run


def dead() -> Result:
    """Fetch from an app that breaks off in the middle of its response."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise OSError("the disk is full")

    with Browser() as browser:
        browser.serve(API, app)
        return browser.open(PAGE).fetch(f"{API}/me")


def socket(status: int = 0, protocols: Any = ()) -> Result:
    """Open a WebSocket at a server that answers with a bare status, or accepts."""
    browser = Browser()
    browser.serve(API, lambda request: Response(status) if status else accept_web_socket(request))
    return browser.open(PAGE).web_socket("wss://api.example/chat", protocols)


def element(kind: str, content_type: str, nosniff: bool = False, engine: str = "spec") -> Result:
    """Show an element that gets an answer of some type."""
    headers = {"Content-Type": content_type} | ({"X-Content-Type-Options": "nosniff"} if nosniff else {})
    with Browser(engine) as browser:
        browser.serve(API, lambda request: Response(200, headers, b"GIF89a"))
        shown: Result = getattr(browser.open(PAGE), kind)(f"{API}/me")
        return shown


def near(space: AddressSpace, page: str = PAGE, said: str = "", access: LocalNetwork | None = None) -> Result:
    """Ask a server that is near, from a public page, in Chromium."""
    with Browser("chromium", local_network=access) as browser:
        browser.serve(API, lambda request: Response(200, dict([ALLOW])), address_space=space)
        return browser.open(page).fetch(f"{API}/me", target_address_space=said)


TOKEN = {"X-Token": "1"}
R = Reason
# For each reason a result, and what its words must hold: the values that were in play.
SCENES: dict[Reason, tuple[Callable[[], Result], tuple[str, ...]]] = {
    R.INVALID_URL: (lambda: run(url="https://"), ("'https://'", "Nothing was sent")),
    R.URL_WITH_CREDENTIALS: (lambda: run(url="https://me:pw@api.example/"), ("https://me:pw@api.example/",)),
    R.INVALID_OPTION: (lambda: run(mode="nocors"), ("'nocors'", "mode", "no-cors")),
    R.INVALID_REFERRER: (lambda: run(referrer="https://"), ("'https://'", PAGE)),
    R.INVALID_METHOD: (lambda: run(method="P T"), ("'P T'", "TypeError")),
    R.FORBIDDEN_METHOD: (
        lambda: run(method="trace", xhr=True), ("'trace'", "XMLHttpRequest", "SecurityError"),
    ),
    R.NO_CORS_METHOD: (
        lambda: run(method="PUT", mode="no-cors"), ("PUT", "'no-cors'", "Access-Control-Allow-Methods"),
    ),
    R.ONLY_IF_CACHED_MODE: (
        lambda: run(cache="only-if-cached"), ("only-if-cached", "'cors'", "'same-origin'"),
    ),
    R.INVALID_HEADER: (lambda: run(headers=[("X Y", "1")]), ("'X Y'", "'1'")),
    R.BODY_NOT_ALLOWED: (lambda: run(body="x"), ("GET", "method: 'POST'")),
    R.BAD_PORT: (lambda: run(url="https://api.example:25/x"), ("25", "https://api.example:25/x")),
    R.SAME_ORIGIN_MODE: (lambda: run(mode="same-origin"), (PAGE, f"{API}/me", "'same-origin'")),
    R.NO_CORS_REDIRECT_MODE: (
        lambda: run(mode="no-cors", redirect="manual"), ("'no-cors'", "'manual'", f"{API}/me"),
    ),
    R.SCHEME_NOT_HTTP: (lambda: run(url="ftp://files.example/a"), ("ftp:", "ftp://files.example/a")),
    R.UNSUPPORTED_SCHEME: (lambda: run(url="about:config", page=PAGE, mode="no-cors"), ("about:",)),
    R.BLOB_NOT_FOUND: (
        lambda: run(url=f"blob:{PAGE}/5e1f", mode="no-cors"), (f"blob:{PAGE}/5e1f",),
    ),
    R.INVALID_DATA_URL: (lambda: run(url="data:nocomma"), ("data:nocomma",)),
    R.MIXED_CONTENT: (
        lambda: run(url="http://api.example/me"), ("http://api.example/me", "mixed content", "not CORS"),
    ),
    R.CONNECTION_FAILED: (dead, ("OSError", "the disk is full", f"{API}/me", "not CORS")),
    R.NOT_IN_CACHE: (
        lambda: run(url=f"{PAGE}/a", cache="only-if-cached", mode="same-origin"), (f"{PAGE}/a",),
    ),
    R.ALLOW_ORIGIN_MISSING: (run, (f"GET {API}/me", "200", f"Access-Control-Allow-Origin: {PAGE}")),
    R.ALLOW_ORIGIN_MISMATCH: (
        lambda: run(("Access-Control-Allow-Origin", f"{PAGE}/")), (f"{PAGE}/", "slash", f"Origin: {PAGE}"),
    ),
    R.ALLOW_ORIGIN_MULTIPLE: (lambda: run(ALLOW, ALLOW), ("2 times", f"{PAGE}, {PAGE}")),
    R.ALLOW_ORIGIN_WILDCARD: (
        lambda: run(("Access-Control-Allow-Origin", "*"), credentials="include"),
        ("Access-Control-Allow-Origin: *", "'include'", "Access-Control-Allow-Credentials: true"),
    ),
    R.ALLOW_CREDENTIALS_NOT_TRUE: (
        lambda: run(ALLOW, ("Access-Control-Allow-Credentials", "True"), credentials="include"),
        ("Access-Control-Allow-Credentials: True, and `True` is not `true`", PAGE),
    ),
    R.PREFLIGHT_STATUS: (
        lambda: asked(ALLOW, status=401, headers=TOKEN),
        ("preflight", "401", "no login", "Access-Control-Allow-Headers: x-token"),
    ),
    R.PREFLIGHT_REDIRECT: (
        lambda: asked(ALLOW, ("Location", "/me/"), status=308), ("308", f"{API}/me/", "last slash"),
    ),
    R.ALLOW_METHODS_MALFORMED: (
        lambda: asked(ALLOW, ("Access-Control-Allow-Methods", "GET PUT")),
        ("GET PUT", "needs commas", "Allow-Methods: GET, PUT"),
    ),
    R.ALLOW_HEADERS_MALFORMED: (
        lambda: asked(ALLOW, ("Access-Control-Allow-Headers", '"X-Token"'), headers=TOKEN),
        ('"X-Token"', "Access-Control-Allow-Headers: X-Token"),
    ),
    R.METHOD_NOT_ALLOWED: (
        lambda: asked(ALLOW, ("Access-Control-Allow-Methods", "GET"), headers=TOKEN),
        ("PUT", "Access-Control-Allow-Methods: GET, PUT", "Access-Control-Allow-Headers: x-token"),
    ),
    R.HEADER_NOT_ALLOWED: (
        lambda: run(ALLOW, preflight=Response(204, [ALLOW]), headers=TOKEN),
        ("x-token", f"GET {API}/me", "Access-Control-Allow-Headers: x-token"),
    ),
    R.REDIRECT_MODE_ERROR: (
        lambda: run(ALLOW, ("Location", "/b"), status=302, redirect="error"), ("302", "/b", "'error'"),
    ),
    R.REDIRECT_LOCATION_INVALID: (
        lambda: run(ALLOW, ("Location", "https://"), status=302), ("302", "'https://'"),
    ),
    R.REDIRECT_SCHEME: (lambda: run(ALLOW, ("Location", "data:,x"), status=302), ("data:,x", f"{API}/me")),
    R.TOO_MANY_REDIRECTS: (lambda: run(ALLOW, ("Location", "/me"), status=302), ("20", f"{API}/me")),
    R.REDIRECT_WITH_CREDENTIALS: (
        lambda: run(ALLOW, ("Location", "https://me:pw@api.example/b"), status=302),
        ("https://me:pw@api.example/b", "Location: https://api.example/b"),
    ),
    R.STREAMED_BODY: (
        lambda: run(url=f"{PAGE}/a", method="POST", body=iter([b"x"])), ("duplex: 'half'", "TypeError"),
    ),
    R.KEEPALIVE_QUOTA: (
        lambda: run(method="POST", body="x" * 65537, keepalive=True), ("65537", f"{API}/me", "not CORS"),
    ),
    R.INVALID_PROTOCOL: (lambda: socket(protocols="a b"), ("'a b'", "new WebSocket()", "not CORS")),
    R.HANDSHAKE_STATUS: (
        lambda: socket(status=403), ("wss://api.example/chat", "403", PAGE, "not CORS"),
    ),
    R.HANDSHAKE_HEADER: (lambda: socket(status=101), ("Upgrade is missing", "accept_web_socket")),
    R.HANDSHAKE_PROTOCOL: (
        lambda: socket(protocols=["chat", "mqtt"]), ("script asked for chat, mqtt", "no subprotocol"),
    ),
    R.RESOURCE_POLICY: (
        lambda: run(("Cross-Origin-Resource-Policy", "same-origin"), mode="no-cors"),
        ("same-origin", PAGE, f"{API}/me"),
    ),
    R.CONTENT_SECURITY_POLICY: (
        lambda: run(page_headers={"Content-Security-Policy": "connect-src 'self'"}),
        ("connect-src 'self'", f"connect-src 'self' {API}", "not CORS"),
    ),
    R.EMBEDDER_POLICY: (
        lambda: run(mode="no-cors", page_headers={"Cross-Origin-Embedder-Policy": "require-corp"}),
        ("require-corp", f"GET {API}/me", "Cross-Origin-Resource-Policy: cross-origin", "not CORS"),
    ),
    R.INTEGRITY: (
        lambda: run(ALLOW, integrity="sha256-x"), ("sha256-x", f"{API}/me", "not CORS"),
    ),
    R.LOCAL_NETWORK_DENIED: (
        lambda: near("local"), (f"{API}/me", "Local Network Access", "on the user's network", "not CORS"),
    ),
    R.LOCAL_NETWORK_INSECURE: (
        lambda: near("loopback", "http://app.example"), ("on the user's machine", "https:", "not CORS"),
    ),
    R.PRIVATE_NETWORK_NOT_ALLOWED: (
        lambda: near("local", access="preflight"),
        (
            "Access-Control-Allow-Private-Network", f"OPTIONS) of GET {API}/me", "Private-Network: true",
            "because of the server's place",
        ),
    ),
    R.ADDRESS_SPACE_MISMATCH: (
        lambda: near("local", said="loopback"), ("on the user's network", f"{API}/me", "not CORS"),
    ),
    R.MIME_TYPE: (lambda: element("script", "image/png"), ("image/png", "text/javascript", "not CORS")),
    R.NOSNIFF: (
        lambda: element("stylesheet", "text/plain", nosniff=True),
        ("text/plain", "nosniff", "text/css", "not CORS"),
    ),
    R.OPAQUE_RESPONSE: (
        lambda: element("image", "application/zip", engine="chromium"),
        ("application/zip", "opaque response blocking", "not CORS"),
    ),
}  # fmt: skip


def test_every_reason_has_words() -> None:
    """The table of words, and this test's table of results, cover the closed list of reasons."""
    assert set(REASONS) == set(SCENES) == set(Reason)


@pytest.mark.parametrize("reason", list(Reason))
def test_the_words_hold_the_values(reason: Reason) -> None:
    """An explanation names cause, rule and fix, with the step, its URL, and the values in play."""
    scene, expected = SCENES[reason]
    result = scene()
    assert result.blocked is not None
    assert result.blocked.reason is reason
    words, text = explain_result(result), result.explain()
    assert text.startswith(f"{words.headline}\n")
    assert words.headline.startswith("Blocked: ")
    assert f"\nRule: {words.rule}\n      {result.blocked.step}, https://" in text
    assert words.fix
    for value in expected:
        assert value in text
    assert all(value in words.headline for value in expected[:1])


@pytest.mark.parametrize("engine", ENGINES)
def test_every_spec_case_can_be_explained(engine: str) -> None:
    """Whatever a spec case ends in has an explanation of three parts, without an empty one."""
    for case in load_cases():
        for result in run_case(case, profile(engine)).results:
            words = explain_result(result)
            assert words.headline
            assert words.rule
            assert words.fix
            assert (words.step is None) == (result.blocked is None)
            assert str(words) in result.explain()


def test_a_crash_is_not_cors() -> None:
    """An app that raises is named with type and message, before any header is."""

    def app(request: Any) -> Response:
        raise ZeroDivisionError("division by zero")

    browser = Browser()
    browser.serve(API, app)
    words = explain_result(browser.open(PAGE).fetch(f"{API}/me"))
    assert "ZeroDivisionError: division by zero" in words.headline
    assert "500" in words.headline
    assert words.fix.startswith("Mend the exception first")


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_failed_server_is_named_first(status: int) -> None:
    """A 5xx without headers is the server's failure, and only then CORS's."""
    words = explain_result(run(status=status))
    assert f"was answered with {status}" in words.headline
    assert "The server failed" in words.headline
    assert words.fix.startswith(f"First see why the server answers {status}: its own log will say.")


@pytest.mark.parametrize(
    ("status", "hint"), [(400, "log"), (401, "login"), (403, "token"), (404, "path"), (405, "method")]
)
def test_a_client_error_is_no_failure(status: int, hint: str) -> None:
    """A 4xx without headers is told with its status and a hint, and not called a failure of the server."""
    words = explain_result(run(status=status))
    assert f"was answered with {status}" in words.headline
    assert "failed" not in words.headline
    assert hint in words.fix
    assert "put the CORS middleware outermost" in words.fix


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 501])
def test_a_preflight_that_nobody_answers_is_no_failure(status: int) -> None:
    """A preflight answered with 4xx or 501 needs another answer; the server has not failed."""
    words = explain_result(run(method="PUT", preflight=Response(status, {}, b"Not for OPTIONS")))
    assert "It says: Not for OPTIONS." in words.headline
    assert "failed" not in words.headline
    assert "OPTIONS" in words.fix.split("\n")[0]
    assert "with status 204 and" in words.fix


def test_redirects_are_told() -> None:
    """After a cross-origin redirect the origin is null, and the advice is to call the last URL itself."""
    browser = Browser()
    browser.serve("https://a.example", lambda _: Response(302, [ALLOW, ("Location", f"{API}/b")]))
    browser.serve(API, lambda _: Response(200, [ALLOW]))
    words = explain_result(browser.open(PAGE).fetch("https://a.example/"))
    assert "Origin: null" in words.headline
    assert "redirected from https://a.example/" in words.headline
    assert f"In the page call {API}/b itself" in words.fix
    assert "Access-Control-Allow-Origin: null" not in words.fix


def test_the_trigger_of_a_preflight_is_named() -> None:
    """A blocked preflight says what made the browser ask: method, headers, a JSON body, or a listener."""
    json = asked(ALLOW, method="POST", headers={"Content-Type": "application/json"}, body=b"{}")
    assert "content-type: application/json" in json.explain()
    listener = run(preflight=Response(204), xhr=True, method="POST", upload_listener=True)
    assert "a listener to the upload's progress" in listener.explain()


def test_starlette_is_recognised() -> None:
    """The text of Starlette's refusal is shown, and the settings that it means."""
    answer = Response(400, [ALLOW], b"Disallowed CORS headers")
    text = run(ALLOW, preflight=answer, headers=TOKEN).explain()
    assert "It says: Disallowed CORS headers." in text
    assert "here x-token" in text


def test_readable() -> None:
    """A readable response says so, and which headers stay hidden."""
    text = run(ALLOW, ("X-Total-Count", "3"), ("Set-Cookie", "a=b")).explain()
    assert text.startswith(f"Readable: GET {API}/me answered 200")
    assert "Access-Control-Expose-Headers: X-Total-Count" in text
    assert "Set-Cookie was ignored" in text


def test_expose_wildcard_with_credentials() -> None:
    """With credentials `*` exposes nothing, and the words say why the header is hidden."""
    headers = (ALLOW, ("Access-Control-Allow-Credentials", "true"), ("Access-Control-Expose-Headers", "*"))
    text = run(*headers, ("X-Total", "3"), credentials="include").explain()
    assert "Access-Control-Expose-Headers: * is no wildcard with credentials." in text.headline
    assert "Access-Control-Expose-Headers: X-Total" in text


def test_readable_but_not_ok() -> None:
    """A readable 404 is not CORS, and a 401 without cookies names the cookies."""
    assert run(ALLOW, status=404).explain().startswith("Readable, but not ok: this is not CORS")
    assert "no cookies went along" in run(ALLOW, status=401).explain().lower()


def test_own_origin() -> None:
    """Of the page's own origin there is nothing to allow."""
    browser = Browser()
    browser.serve(PAGE, Policy(origins=[]))
    assert "CORS plays no part" in browser.open(PAGE).fetch("/me").explain()
    assert run(url="data:,hi").explain().startswith("Readable: data:,hi")


def test_opaque() -> None:
    """An opaque response is neither readable nor blocked, and its status is 0 for a reason."""
    text = run(mode="no-cors").explain()
    assert text.startswith("Opaque: ")
    assert "neither readable nor blocked" in text
    assert "its status as 0" in text
    manual = run(ALLOW, ("Location", "/b"), status=302, redirect="manual").explain()
    assert manual.startswith("Opaque redirect: ")


def test_the_words_lean_on_little() -> None:
    """`explaining` imports only values, engines' facts, turns and failures; it takes the result as it is."""
    fetching = (
        "corsim.fetching.content_security_policy",
        "corsim.fetching.embedder_policy",
        "corsim.fetching.flow",
        "corsim.fetching.referrer",
        "corsim.fetching.http_cache",
        "corsim.fetching.http_fetch",
        "corsim.fetching.http_redirect_fetch",
    )
    others = ("corsim.values", "corsim.engines", "corsim.servers.failures", "corsim.result")
    allowed = ("corsim.explaining", *others, *fetching)
    for module in Path(corsim.explaining.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("corsim"):
                assert (node.module or "").startswith(allowed)


def test_an_empty_allow_origin() -> None:
    """An empty header is called empty, with no gap where its value would be."""
    cause = explain_result(run(("Access-Control-Allow-Origin", ""))).headline
    assert f"has an empty Access-Control-Allow-Origin, and the request came with Origin: {PAGE}." in cause
    assert "  " not in cause


def test_a_list_of_origins() -> None:
    """A server with several origins is told to repeat the request's only if it is on its list."""
    fix = explain_result(run(("Access-Control-Allow-Origin", f"{PAGE}, https://b.example"))).fix
    assert "repeat it if it is on your list" in fix


def test_a_homograph() -> None:
    """An origin in UTF-8 is shown as it was meant, with the character that is not ASCII."""
    value = "https://\u0430pp.example".encode().decode("latin-1")
    cause = explain_result(run(("Access-Control-Allow-Origin", value))).headline
    assert "https://\u0430pp.example but" in cause
    assert "capitals" not in cause
