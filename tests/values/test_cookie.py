"""Reading a Set-Cookie, and matching paths and domains."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corsim.engines import ENGINES, profile
from corsim.values.cookie import (
    AGE_LIMIT,
    Cookie,
    CookieLine,
    CookieReason,
    Ignored,
    default_path,
    domain_matches,
    parse_set_cookie,
    path_matches,
)

PATHS = st.from_regex(r"(/[ab]{0,2}){1,3}", fullmatch=True)
DATE = 1_792_567_680.0  # Wed, 21 Oct 2026 07:28:00 GMT


def parsed(line: str) -> CookieLine:
    """What a line says, which must be readable."""
    said = parse_set_cookie(line, DATE)
    assert isinstance(said, CookieLine)
    return said


def test_attributes_are_read_in_any_case() -> None:
    """Names of attributes, and the words of SameSite, know no case; spaces around them count for nothing."""
    said = parsed("a=b ; PATH=/x; secure ;HTTPOnly; sAmEsItE = sTrIcT; Domain=.Shop.Example; partitioned")
    assert said == CookieLine("a", "b", "shop.example", "/x", True, True, "strict", True)


@pytest.mark.parametrize(
    ("line", "age"),
    [
        ("a=1", None),
        ("a=1; Max-Age=60", 60),
        ("a=1; Max-Age=-60", -60),
        ("a=1; Max-Age=60; Max-Age=x", 60),
        ("a=1; Expires=Wed, 21 Oct 2026 07:29:00 GMT", 60),
        ("a=1; Expires=Wed, 21-Oct-26 07:29:00 GMT; Max-Age=5", 5),
        ("a=1; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:00 GMT", 5),
        ("a=1; Max-Age=99999999999", AGE_LIMIT),
        ("a=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT", AGE_LIMIT),
        ("a=1; Expires=Thu, 31 Feb 2030 00:00:00 GMT", None),
    ],
)
def test_ages(line: str, age: float | None) -> None:
    """Max-Age goes before Expires, both end at the limit, and what can't be read counts for nothing."""
    assert parsed(line).age == age


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", CookieReason.EMPTY),
        (" = ; Path=/", CookieReason.EMPTY),
        ("a=\x00", CookieReason.CONTROL_CHARACTER),
        ("a=1; Path=/\x7f", CookieReason.CONTROL_CHARACTER),
        ("a=" + "b" * 4096, CookieReason.TOO_LONG),
    ],
)
def test_ignored_lines(line: str, reason: CookieReason) -> None:
    """What sets nothing says why."""
    assert parse_set_cookie(line, DATE) is reason


def test_the_longest_cookie() -> None:
    """4096 bytes of name and value are not too many."""
    assert len(parsed("a=" + "b" * 4095).value) == 4095


@given(st.text(st.characters(max_codepoint=255)), st.sampled_from(ENGINES))
def test_any_line_is_read_or_refused(line: str, engine: str) -> None:
    """Whatever a server sends is a cookie or a reason, in every engine; its text is of the line."""
    reading = profile(engine).cookie_reading
    said = parse_set_cookie(line, DATE, reading)
    if reading.cookie_bytes == "repaired":
        line = line.encode("latin-1").decode("utf-8", "replace").encode().decode("latin-1")
    if isinstance(said, CookieLine):
        assert said.name in line
        assert said.value in line
        assert said.path == "" or said.path.startswith("/")
    else:
        assert said in CookieReason


def test_pair() -> None:
    """A nameless cookie is sent as its value."""
    assert [Cookie("a", "1", "h").pair, Cookie("", "1", "h").pair, Cookie("a", "", "h").pair] == [
        "a=1",
        "1",
        "a=",
    ]


def test_words() -> None:
    """An ignored line is known by the name that it would have set."""
    assert str(Ignored(" a = 1; Path=/", CookieReason.PREFIX)) == "a: prefix"


@pytest.mark.parametrize(("path", "directory"), [("/", "/"), ("/a", "/"), ("/a/", "/a"), ("/a/b", "/a")])
def test_default_path(path: str, directory: str) -> None:
    """The path of a cookie that names none is the directory of the URL."""
    assert default_path(path) == directory


@given(PATHS, PATHS)
def test_paths_match_by_whole_names(path: str, cookie_path: str) -> None:
    """A path matches itself and what is below, name by name."""
    stem = cookie_path.rstrip("/")
    below = path.startswith(f"{stem}/") and (path.startswith(cookie_path) or not cookie_path.endswith("/"))
    assert path_matches(path, cookie_path) == (path == cookie_path or below)


@pytest.mark.parametrize(
    ("host", "domain", "matches"),
    [
        ("shop.example", "shop.example", True),
        ("a.shop.example", "shop.example", True),
        ("ashop.example", "shop.example", False),
        ("shop.example", "a.shop.example", False),
        ("127.0.0.1", "0.0.1", False),
        ("[::1]", "[::1]", True),
    ],
)
def test_domains(host: str, domain: str, matches: bool) -> None:
    """A host matches itself and the domains above it; an address matches itself alone."""
    assert domain_matches(host, domain) is matches
