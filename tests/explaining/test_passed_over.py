"""Notes on what is malformed, and passed over in silence by browsers."""

from __future__ import annotations

import pytest

from corsim import Browser, NotServed, Response
from corsim.explaining.facts import Facts
from corsim.explaining.passed_over import passed_over
from explaining.support import ALLOW, PAGE, run


@pytest.mark.parametrize(
    ("line", "note"),
    [
        (
            "sid=1; SameSite=No; Secure",
            "Set-Cookie of sid says SameSite=No, which counts for nothing: take None, Lax or Strict.",
        ),
        (
            "sid=1; Samesit=None",
            "Set-Cookie of sid says samesit=None, which no browser knows: it is called SameSite.",
        ),
        (
            "sid=1; max-age=1h",
            "Set-Cookie of sid says Max-Age=1h, which counts for nothing: take a whole number of seconds.",
        ),
        (
            "sid=1; Expires=tomorrow",
            "Set-Cookie of sid says Expires=tomorrow, which counts for nothing: take a date such as "
            "Wed, 21 Oct 2026 07:28:00 GMT.",
        ),
        (
            "sid=1; Path=api",
            "Set-Cookie of sid says Path=api, which counts for nothing: take a path that begins with /.",
        ),
        ("sid=1; hello", "Set-Cookie of sid says hello, which no browser knows."),
    ],
)
def test_a_malformed_cookie(line: str, note: str) -> None:
    """The cookie is stored or not, as browsers do; the attribute has a note."""
    assert note in run(ALLOW, ("Set-Cookie", line)).explain().notes


@pytest.mark.parametrize(
    ("name", "value", "note"),
    [
        ("Cross-Origin-Resource-Policy", "Same-Origin", "is none that a browser knows"),
        ("X-Content-Type-Options", "no-sniff", "its one value is nosniff"),
        ("Timing-Allow-Origin", "https://app.example.com/", "names no page"),
        ("Timing-Allow-Origin", "*.example.com", "names no page"),
    ],
)
def test_a_malformed_header_of_an_answer(name: str, value: str, note: str) -> None:
    """The value is shown, with what would be right."""
    (said,) = run(ALLOW, (name, value)).explain().notes
    assert said.startswith(f"{name}: {value} ")
    assert note in said


def test_what_is_well_formed_has_no_note() -> None:
    """Nothing is said of what counts."""
    sound = [
        (
            "Set-Cookie",
            "sid=1; SameSite=None; Secure; Path=/; HttpOnly; Max-Age=60; Partitioned; Priority=High;",
        ),
        ("Cross-Origin-Resource-Policy", "same-site"),
        ("X-Content-Type-Options", "NoSniff"),
        ("Timing-Allow-Origin", "https://app.example.com, *"),
    ]
    assert not [*passed_over(Facts(run(ALLOW, *sound)))]


def test_integrity_that_is_none() -> None:
    """An algorithm that no browser knows checks nothing."""
    for digest in ("md5-abc", "sha256:abc"):
        (note,) = run(ALLOW, integrity=digest).explain().notes
        assert note.startswith(
            f"integrity: {digest} names no digest that a browser knows, so nothing was checked"
        )


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("Content-Security-Polcy", "Content-Security-Policy"),
        ("X-Content-Security-Policy", "Content-Security-Policy"),
        ("Referer-Policy", "Referrer-Policy"),
    ],
)
def test_a_header_of_the_page_that_nobody_reads(name: str, right: str) -> None:
    """A page's header that is misspelled, or of former days, is named."""
    (note,) = run(ALLOW, page_headers={name: "x"}).explain().notes
    assert note == f"No browser reads {name}, which the page came with: it is called {right}."


def test_a_resource_policy_that_is_none_is_shown_to_who_needs_one() -> None:
    """With require-corp the answer is not said to lack what it has, but malformed."""
    browser = Browser()
    answer = Response(
        200, {"Cross-Origin-Resource-Policy": "cross_origin", "Content-Type": "image/gif"}, b"GIF89a"
    )
    browser.serve("https://cdn.example.com", lambda request: answer)
    page = browser.open(PAGE, headers={"Cross-Origin-Embedder-Policy": "require-corp"})
    headline = page.image("https://cdn.example.com/a.gif").explain().headline
    assert "with Cross-Origin-Resource-Policy: cross_origin, which no browser knows" in headline


def test_a_web_socket_is_named_as_script_names_it() -> None:
    """Mixed content and policies speak of ws: and wss:."""
    browser = Browser()
    mixed = browser.open(PAGE).web_socket("ws://chat.example.com/").explain()
    assert mixed.headline.startswith("Blocked: ws://chat.example.com/ is ws:, ")
    assert "Serve it over wss:" in mixed
    page = browser.open(PAGE, headers={"Content-Security-Policy": "connect-src 'self'"})
    listed = page.web_socket("wss://chat.example.com/").explain()
    assert "does not list wss://chat.example.com/" in listed.headline
    assert "connect-src 'self' wss://chat.example.com\n" in listed


@pytest.mark.parametrize("engine", ["chromium", "webkit"])
def test_advice_fits_the_engine(engine: str) -> None:
    """Who does not know Partitioned is not told to send it; a wrong Domain is mended in words."""
    browser = Browser(engine)
    cors = [ALLOW, ("Access-Control-Allow-Credentials", "true")]
    lines = {"/third": "sid=1; SameSite=None; Secure", "/domain": "sid=1; Domain=other.example"}
    far = "https://far.example"
    browser.serve(far, lambda request: Response(200, [*cors, ("Set-Cookie", lines[request.url.path])]))
    page = browser.open(PAGE)
    third = page.fetch(f"{far}/third", credentials="include").explain()
    assert ("or have it set with Partitioned" in third) == (engine == "chromium")
    domain = page.fetch(f"{far}/domain", credentials="include").explain()
    assert "then have far.example set it without Domain" in domain


@pytest.mark.parametrize(
    ("status", "type_", "said"),
    [
        (200, "image/png", "an image, but begins as none does, although it says Content-Type: image/png."),
        (404, "text/html", "an image, but the answer says Content-Type: text/html."),
    ],
)
def test_opaque_response_blocking_names_what_is_wrong(status: int, type_: str, said: str) -> None:
    """Either the type is wrong, or the body is."""
    browser = Browser("firefox")
    browser.serve(
        "https://cdn.example.com", lambda request: Response(status, {"Content-Type": type_}, b"<p>")
    )
    text = browser.open(PAGE).image("https://cdn.example.com/a.png").explain()
    assert said in text.headline
    assert ("See why it answers 404." in text) == (status == 404)


def test_a_page_that_is_upgraded_is_told_of_where_nobody_serves() -> None:
    """Who serves http: and is asked over https: reads why."""
    browser = Browser()
    browser.serve("http://cdn.example.com", lambda request: Response(200))
    with pytest.raises(NotServed, match=r"http://cdn\.example\.com is served: does the page write that\?"):
        browser.open(PAGE).image("http://cdn.example.com/a.png")
    with pytest.raises(NotServed, match=r"Served: http://cdn\.example\.com\.$"):
        browser.open(PAGE).image("https://other.example.com/a.png")


def test_what_is_no_result_does_not_connect_again() -> None:
    """A wrong type is named, with what it was."""
    with pytest.raises(TypeError, match=r"source must be the Result of an event source, not str: 'x'"):
        Browser().open(PAGE).reconnect("x")  # type: ignore[arg-type]
