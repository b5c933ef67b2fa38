"""Cookies of a case below its prefix, and told from those of others."""

from __future__ import annotations

from collections import Counter

import pytest

from corsim.cases import Case, load_cases
from corsim.conformance.cookies import keeps_cookies, mapped, own
from corsim.conformance.loopback import Mapping, World
from corsim.conformance.replayable import abilities_needed, reason_not_replayed

MAPPING = Mapping(World((8000,), secure_ports=(8443,)), "/abc-1", keeps_schemes=True)
ABOUT = [case for case in load_cases() if keeps_cookies(case)]


def case(path: str) -> Case:
    """One of the cases."""
    return next(case for case in ABOUT if case.path == path)


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        ("a=1", "a=1"),
        ("a=1; Path=/; Secure", "a=1; Path=/abc-1; Secure"),
        ("a=1; path = /deep", "a=1; path = /abc-1/deep"),
        ("a=1; Path=deep", "a=1; Path=deep"),
        ("a=1; Domain=.shop.example", "a=1; Domain=.shop.localhost"),
        ("a=1; Domain=example; Path=/", "a=1; Domain=localhost; Path=/abc-1"),
        ("__Host-a=1; Secure; Path=/", "__Host-a=1; Secure; Path=/"),
    ],
)
def test_a_line_is_mapped(line: str, sent: str) -> None:
    """Hosts lose no name and get no port; paths get the prefix, but for `__Host-`."""
    assert mapped(line, MAPPING) == sent


def test_only_the_cases_own_are_looked_at() -> None:
    """Cookies of others are left out, and a header of none is no header."""
    about = case("cookies/the-longest-path-goes-first")
    pairs = (("Host", "h"), ("Cookie", "__Host-kept=1; b=2; corsim=planted; a=1"))
    assert own(about, pairs) == (("Host", "h"), ("Cookie", "b=2; a=1"))
    assert own(about, (("cookie", "x=1"),)) == ()
    nameless = case("cookies/a-nameless-cookie-is-its-value")
    assert own(nameless, (("Cookie", "just"),)) == (("Cookie", "just"),)


def test_they_are_replayed_over_https_in_windows() -> None:
    """Cases about cookies need https and windows, and no leave for foreign cookies."""
    assert len(ABOUT) > 70
    for about in ABOUT:
        if reason_not_replayed(about) is None:
            assert {"https", "windows"} <= set(abilities_needed(about))
            assert "cookies" not in abilities_needed(about)


def test_a_host_prefixed_name_is_one_cases_alone() -> None:
    """What can't be fenced in by a path is told apart by its name."""
    names: Counter[str] = Counter()
    for about in ABOUT:
        answers = [row.response for row in about.servers if row.response]
        lines = {line for answer in answers for line in answer.headers.get_all("Set-Cookie")}
        given = {line.partition("=")[0].lower() for line in lines}
        names.update(name for name in given if name.startswith("__host-"))
    assert set(names.values()) == {1}
