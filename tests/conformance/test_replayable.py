"""Which cases are replayed, and how the page is told."""

from __future__ import annotations

import asyncio

import pytest

from corsim.cases import load_cases
from corsim.conformance.lines import lines_of
from corsim.conformance.loopback import Mapping, World
from corsim.conformance.replayable import reason_not_replayed
from corsim.conformance.script import script_of
from corsim.conformance.server import RawRequest
from corsim.conformance.session import Session

from .given import CASE, case

CASES = {case.path: case for case in load_cases()}
REFERRER = "http_network_or_cache_fetch/the-referrer-at-home-is-the-url"
FRAMED = "cors_preflight_cache/another-top-level-site-is-another-entry"
OPAQUE = "cors_preflight_cache/opaque-top-level-pages-share-nothing"


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("main_fetch/a-bad-port-is-refused-to-its-own-page-too", "port"),
        ("http_fetch/an-expired-entry-does-not-cover", "30 s"),
    ],
)
def test_reasons(path: str, word: str) -> None:
    """A case that can't be replayed is left out with a reason that says why."""
    assert word in str(reason_not_replayed(CASES[path]))


def test_most_are_replayed() -> None:
    """Twenty-seven cases in twenty-eight are replayed, besides those about where servers are."""
    left_out = [
        path for path, found in CASES.items() if reason_not_replayed(found) and not found.local_network
    ]
    assert len(left_out) < len(CASES) / 28


def test_a_long_wait_is_not_replayed() -> None:
    """More than half a minute is not waited for, unless somebody has the time."""
    waits = case(**{'page = "https://app.example"': 'page = "https://app.example"\nafter = "31s"'})
    assert "30 s" in str(reason_not_replayed(waits))
    assert reason_not_replayed(waits, 31.0) is None
    pauses = case(**{"[[fetch]]": 'order = ["31s", 1]\n[[fetch]]'})
    assert "30 s" in str(reason_not_replayed(pauses))


def test_the_script() -> None:
    """The page learns its frame's address, where it is, and the call, in the names of this machine."""
    script = script_of(case(), Mapping(World((4001, 4002)), "/p-1"))
    assert script == {
        "id": "p-1",
        "lane": "plain",
        "time": 0.0,
        "plant": [],
        "pages": [
            {
                "src": "http://app.localhost:4001/__corsim__/page",
                "sandbox": False,
                "at": "http://app.localhost:4001/p-1/",
                "address": False,
                "window": "",
            }
        ],
        "steps": [
            {"page": 0, "api": "fetch", "after": 0.0, "url": "http://api.localhost:4001/p-1/me", "init": {}}
        ],
    }


@pytest.mark.parametrize(
    ("given", "lane"),
    [
        ({'body = "hi"\n[expect]': "status = 302\n[expect]"}, "redirects"),
        ({'page = "https://app.example"': 'page = "https://app.example"\nafter = "1s"'}, "waits"),
        ({"[[fetch]]": "order = [1]\n[[fetch]]"}, "together"),
        (
            {'page = "https://app.example"': 'page = "https://app.example"\nembedder = "https://b.example"'},
            "windows",
        ),
        ({'"X-A: 1"]': "'Clear-Site-Data: \"cache\"']"}, "alone"),
    ],
)
def test_lanes(given: dict[str, str], lane: str) -> None:
    """Cases that get in each other's way are kept apart."""
    assert script_of(case(CASE, **given), Mapping(World((4001, 4002)), "/p"))["lane"] == lane


def test_an_address_of_its_own() -> None:
    """A page has the case's address where its referrer is looked at, and only there."""
    looked = script_of(CASES[REFERRER], Mapping(World((4001, 4002)), "/p"))["pages"]
    assert [(page["address"], page["at"]) for page in looked] == [
        (True, "http://app.localhost:4001/p/dir/page?q#f")
    ]


def test_windows() -> None:
    """Where it matters which page is at the top, pages are windows, or frames in windows."""
    world = World((4001, 4002))
    [top, framed, *_] = script_of(CASES[FRAMED], Mapping(world, "/p"))["pages"]
    assert top["window"] == top["src"] == "http://app.localhost:4001/__corsim__/page"
    assert (framed["src"], framed["window"]) == (top["src"], "http://portal.localhost:4001/__corsim__/top")
    opaque = script_of(CASES[OPAQUE], Mapping(world, "/p"))["pages"]
    assert [page["window"] for page in opaque] == ["http://app.localhost:4001/__corsim__/page?sandbox"] * 2


def test_a_window_without_an_origin() -> None:
    """The server takes a top-level page's origin away, as a frame's sandbox does."""

    async def policies(target: str) -> list[str]:
        answer = await Session().handle(RawRequest("GET", target, ()))
        assert answer is not None
        return [value for name, value in answer.lines if name == "Content-Security-Policy"]

    assert asyncio.run(policies("/__corsim__/page")) == []
    assert asyncio.run(policies("/__corsim__/page?sandbox")) == ["sandbox allow-scripts"]


def test_elsewhere_names_are_what_they_seem() -> None:
    """Where names are not trusted, what depends on that is replayed; this machine keeps its name."""
    case = CASES["fetch_metadata/an-insecure-server-is-told-nothing"]
    assert reason_not_replayed(case) is not None
    assert reason_not_replayed(case, domain="test.example.net") is None
    mapping = Mapping(World((4001, 4002), "example.net", (), frozenset(), "localhost"), "/p", True)
    assert mapping.to_url("http://localhost/me") == "http://localhost:4001/p/me"
    assert mapping.to_url("http://api.example:8080/me") == "http://api.example.net:4002/p/me"
    for url in ("http://localhost/me", "http://api.example:8080/me"):
        assert mapping.fold(mapping.to_url(url)) == url


def test_lines_keep_white_space() -> None:
    """The browser gets a header's white space as the file has it."""
    name = "cors_check/white-space-around-the-wildcard-is-no-part-of-it"
    [lines] = lines_of(CASES[name])
    assert any(value != value.strip() for _, value in lines)
