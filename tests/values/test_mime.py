"""corsim.values.mime."""

from __future__ import annotations

import pytest

from corsim.values.mime import MimeType, parse_mime_type


@pytest.mark.parametrize(
    ("text", "serialized"),
    [
        ("text/plain", "text/plain"), (" TEXT/Html\t", "text/html"), ("text/plain;", "text/plain"),
        ("text/plain ;a=b", "text/plain;a=b"), ("text/plain;A=B", "text/plain;a=B"),
        ('text/plain;a="b c"', 'text/plain;a="b c"'), ('text/plain;a="b"x;c=d', "text/plain;a=b;c=d"),
        ("text/plain;a=b;a=c", "text/plain;a=b"), ("text/plain;a;b=c", "text/plain;b=c"),
        ("text/plain;a=", "text/plain"), ('text/plain;a=""', 'text/plain;a=""'), ("a/b;=c", "a/b"),
        ('text/plain;a="\\"\\\\"', 'text/plain;a="\\"\\\\"'), ("a/b;c=\xe9", 'a/b;c="\xe9"'),
        ("a/b;c=d e ", 'a/b;c="d e"'), ('a/b;c="\\', 'a/b;c="\\\\"'), ("a/b; c =d", "a/b"),
    ],
)  # fmt: skip
def test_parsing(text: str, serialized: str) -> None:
    """What parses is serialized in its normal form; parameters that can't be kept are dropped."""
    assert str(parse_mime_type(text)) == serialized


@pytest.mark.parametrize(
    "text", ["", "text", "/", "text/", "/plain", "text /plain", "a/b/c", "a/b,c/d", "\xe9/b", ";a=b", "a/b c"]
)
def test_failures(text: str) -> None:
    """Type and subtype have to be tokens with one slash between."""
    assert parse_mime_type(text) is None


def test_parameters() -> None:
    """A parameter is looked up by its lower-case name, and replaced in its place."""
    mime = MimeType("text", "plain", (("charset", "x"), ("a", "b")))
    assert (mime.essence, mime.parameter("charset"), mime.parameter("q")) == ("text/plain", "x", None)
    assert str(mime.with_parameter("charset", "UTF-8")) == "text/plain;charset=UTF-8;a=b"
