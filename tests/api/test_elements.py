"""Elements: what they refuse from their caller, and how what they got is judged."""

from __future__ import annotations

import pytest

from corsim import Browser, Page, Response
from corsim.values.errors import InvalidInput


def opened(response: Response, engine: str = "spec") -> Page:
    """Open a page beside a server that always answers the same."""
    browser = Browser(engine)
    browser.serve("https://cdn.example", lambda request: response)
    return browser.open("https://app.example/")


@pytest.mark.parametrize(
    ("door", "arguments", "named"),
    [
        ("image", ("https://",), "https://"),
        ("image", ("https://cdn.example/", "yes"), "'use-credentials'"),
        ("form", ("mailto:a@b.example",), "mailto:"),
        ("form", ("https://cdn.example/", "put"), "'put'"),
        ("form", ("https://cdn.example/", "post", (), "application/json"), "application/json"),
        ("beacon", ("https://",), "https://"),
    ],
)
def test_bad_input_is_refused(door: str, arguments: tuple[object, ...], named: str) -> None:
    """What is no URL or no word of HTML is refused, with the value and what would be right."""
    page = opened(Response(200))
    with pytest.raises(InvalidInput, match=r"take|give|only") as refusal:
        getattr(page, door)(*arguments)
    assert named in str(refusal.value)


def test_the_words_of_a_medium_and_a_script() -> None:
    """`element` and `type` take the words of HTML."""
    page = opened(Response(200))
    with pytest.raises(InvalidInput, match="'audio', 'video'"):
        page.media("https://cdn.example/", element="picture")  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="'classic', 'module'"):
        page.script("https://cdn.example/", type="text/javascript")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content_type", "body", "loads"),
    [
        ("image/png", b"\x89PNG\r\n\x1a\n", True),
        ("image/webp", b"RIFF\0\0\0\0WEBPVP8 ", True),
        ("image/svg+xml", b"<svg/>", True),
        ("text/plain", b"<svg/>", False),
        ("image/png", b"", False),
    ],
)
def test_an_image_is_what_begins_as_one(content_type: str, body: bytes, loads: bool) -> None:
    """The bytes decide, whatever the type says; an SVG needs its type."""
    page = opened(Response(200, {"Content-Type": content_type}, body))
    assert page.image("https://cdn.example/it").loaded is loads


@pytest.mark.parametrize(
    "door", ["image", "script", "stylesheet", "font", "media", "event_source", "beacon", "form"]
)
@pytest.mark.parametrize("engine", ["spec", "chromium", "firefox", "webkit"])
def test_every_door_is_explained(door: str, engine: str) -> None:
    """Of whatever came of it there is something to say, refused or not, and no word of fetch()."""
    for headers in ({}, {"Access-Control-Allow-Origin": "*", "Content-Type": "text/css"}):
        result = getattr(opened(Response(200, headers), engine), door)("https://cdn.example/it")
        text = str(result.explain())
        assert text.split(":")[0] in ("Blocked", "Loaded", "Did not load", "Sent")
        assert "fetch()" not in text
        assert not [line for line in result.console if "fetch" in line.lower()]
