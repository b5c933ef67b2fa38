"""Which cases are replayed, and how the page is told."""

from __future__ import annotations

import pytest

from corsim.cases import load_cases
from corsim.conformance.lines import lines_of
from corsim.conformance.loopback import Mapping, World
from corsim.conformance.replayable import reason_not_replayed
from corsim.conformance.script import script_of

from .given import CASE, case

CASES = {case.path: case for case in load_cases()}


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("cors_preflight_cache/a-fetch-under-way-profits-from-another", "interleaved"),
        ("main_fetch/a-bad-port-is-refused-to-its-own-page-too", "port"),
        ("cors_preflight_cache/frames-of-one-site-share-entries", "at the top"),
    ],
)
def test_reasons(path: str, word: str) -> None:
    """A case that can't be replayed is left out with a reason that says why."""
    assert word in str(reason_not_replayed(CASES[path]))


def test_most_are_replayed() -> None:
    """Nine cases in ten are replayed: leaving out must stay the exception."""
    left_out = [path for path, found in CASES.items() if reason_not_replayed(found)]
    assert len(left_out) < len(CASES) / 10


def test_a_long_wait_is_not_replayed() -> None:
    """More than half a minute is not waited for."""
    waits = {'page = "https://app.example"': 'page = "https://app.example"\nafter = "31s"'}
    assert "30 s" in str(reason_not_replayed(case(**waits)))


def test_the_script() -> None:
    """The page learns its frame's address, where it is, and the call, in the names of this machine."""
    script = script_of(case(), Mapping(World((4001, 4002)), "/p-1"))
    assert script == {
        "id": "p-1",
        "lane": "plain",
        "plant": [],
        "pages": [
            {
                "src": "http://app.localhost:4001/__corsim__/page",
                "sandbox": False,
                "at": "http://app.localhost:4001/p-1/",
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
        ({'"X-A: 1"]': "'Clear-Site-Data: \"cache\"']"}, "alone"),
    ],
)
def test_lanes(given: dict[str, str], lane: str) -> None:
    """Cases that get in each other's way are kept apart."""
    assert script_of(case(CASE, **given), Mapping(World((4001, 4002)), "/p"))["lane"] == lane


def test_lines_keep_white_space() -> None:
    """The browser gets a header's white space as the file has it."""
    name = "cors_check/white-space-around-the-wildcard-is-no-part-of-it"
    [lines] = lines_of(CASES[name])
    assert any(value != value.strip() for _, value in lines)
