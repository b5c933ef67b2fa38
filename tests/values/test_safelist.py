"""corsim.values.safelist."""

from __future__ import annotations

import pytest

from corsim import Headers
from corsim.values.safelist import (
    is_cors_safelisted_request_header,
    is_forbidden_request_header,
    is_no_cors_safelisted_request_header,
    unsafe_request_header_names,
)

UNSAFE = '"():<>?@[\\]{}\x7f'
CONTROLS = "".join(map(chr, range(0x20))).replace("\t", "")


@pytest.mark.parametrize("name", ["accept", "ACCEPT", "Accept-Language", "content-language"])
@pytest.mark.parametrize(("length", "safe"), [(0, True), (127, True), (128, True), (129, False)])
def test_a_value_has_128_bytes_at_most(name: str, length: int, safe: bool) -> None:
    """128 bytes are safelisted, 129 are not, whatever the name's case."""
    assert is_cors_safelisted_request_header(name, "a" * length) is safe


@pytest.mark.parametrize("char", UNSAFE + CONTROLS)
@pytest.mark.parametrize("name", ["accept", "content-type"])
def test_unsafe_bytes(name: str, char: str) -> None:
    """Each CORS-unsafe request-header byte spoils Accept and Content-Type."""
    assert not is_cors_safelisted_request_header(name, f"text/plain;a={char}")


@pytest.mark.parametrize("char", "\t !#$%&'*+,-./09;=AZ^_`az|~\x80\xff")
def test_bytes_beside_the_unsafe_ones(char: str) -> None:
    """Tab, what is printable and not listed, and all bytes from 0x80 are safe in Accept."""
    assert is_cors_safelisted_request_header("accept", char)


@pytest.mark.parametrize("name", ["accept-language", "content-language"])
@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("en-GB, de;q=0.5, *", True),
        ("", True),
        ("en_GB", False),
        ("en\tde", False),
        ("d\xe9", False),
        ("a/b", False),
    ],
)
def test_languages(name: str, value: str, safe: bool) -> None:
    """Languages are letters, digits, space and `*,-.;=`; a tab is not among them."""
    assert is_cors_safelisted_request_header(name, value) is safe


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("text/plain", True), ("TEXT/PLAIN;charset=utf-8", True), ("multipart/form-data; boundary=x", True),
        ("application/x-www-form-urlencoded", True), ("application/json", False), ("text/html", False),
        ("", False), ("text/plain, text/plain", False), ('text/plain;a="b"', False), ("text/plain;", True),
        ("application/json;text/plain", False), ("text", False),
    ],
)  # fmt: skip
def test_content_types(value: str, safe: bool) -> None:
    """The three types of forms are safelisted, by their essence."""
    assert is_cors_safelisted_request_header("Content-Type", value) is safe


@pytest.mark.parametrize(
    ("value", "safe"),
    [
        ("bytes=0-", True), ("bytes=0-9", True), ("bytes=9-9", True), ("bytes=9-8", False),
        ("bytes=-9", False),
        ("bytes=-", False), ("bytes=0-1,3-4", False), ("Bytes=0-", False), ("bytes= 0-", False),
        ("items=0-", False),
        ("bytes=0-9 ", False), ("bytes=10-9", False), ("bytes=010-9", False), ("bytes=09-10", True),
        (f"bytes=0-{'9' * 100}", True), ("bytes=0-\n", False),
    ],
)  # fmt: skip
def test_ranges(value: str, safe: bool) -> None:
    """One range of bytes with a start is safelisted; a suffix or several are not."""
    assert is_cors_safelisted_request_header("Range", value) is safe


def test_range_is_not_for_no_cors() -> None:
    """Range is safelisted, but script may not set it on a no-cors request."""
    assert not is_no_cors_safelisted_request_header("Range", "bytes=0-")
    assert is_no_cors_safelisted_request_header("ACCEPT", "*/*")
    assert not is_no_cors_safelisted_request_header("X-A", "1")


@pytest.mark.parametrize(
    "name", ["Cookie", "HOST", "Sec-", "sec-fetch-x", "Proxy-Auth", "dnt", "Via", "Set-Cookie"]
)
def test_forbidden_names(name: str) -> None:
    """The browser's own headers are forbidden whatever their value."""
    assert is_forbidden_request_header(name, "x")


@pytest.mark.parametrize(
    ("value", "forbidden"),
    [
        ("TRACE", True),
        ("get, track", True),
        ("GET", False),
        ('"TRACE"', False),
        ("", False),
        (" connect ", True),
    ],
)
def test_method_overrides(value: str, forbidden: bool) -> None:
    """An override header is forbidden only where it names a forbidden method."""
    for name in ("X-HTTP-Method-Override", "x-http-method", "X-Method-Override"):
        assert is_forbidden_request_header(name, value) is forbidden


@pytest.mark.parametrize("name", ["X-A", "Authorization", "User-Agent", "Sec", "X-Sec-A", "Proxy"])
def test_not_forbidden_names(name: str) -> None:
    """Names that only look alike are script's."""
    assert not is_forbidden_request_header(name, "TRACE")


@pytest.mark.parametrize(
    ("pairs", "names"),
    [
        ([], ()),
        ([("X-B", "1"), ("x-a", "2"), ("X-a", "3"), ("Accept", "*/*")], ("x-a", "x-b")),
        ([("Accept", "a" * 128)] * 8, ()),
        ([("Accept", "a" * 128)] * 8 + [("Accept-Language", "a")], ("accept", "accept-language")),
        ([("Accept", "a" * 128)] * 8 + [("X-A", "a" * 2000)], ("x-a",)),
        ([("Accept", "a" * 128)] * 8 + [("Accept-Language", "")], ()),
        ([("Accept", "a"), ("Accept", '"')], ("accept",)),
        ([("Content-Type", "application/json")], ("content-type",)),
    ],
)  # fmt: skip
def test_unsafe_names(pairs: list[tuple[str, str]], names: tuple[str, ...]) -> None:
    """Unsafe names are lower case, unique, sorted; beyond 1024 bytes the safelisted ones join them."""
    assert unsafe_request_header_names(Headers(pairs)) == names
