"""Where the hosts of a case are while it is replayed."""

from __future__ import annotations

import pytest

from corsim.cases import load_cases
from corsim.conformance.loopback import Mapping, NoPortLeft, World
from corsim.conformance.replayable import keeps_schemes, reason_not_replayed
from corsim.values.url import parse_url


def mapping() -> Mapping:
    made = Mapping(World((4001, 4002, 4003)), "/p-1")
    made.to_url("https://app.example")
    return made


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("https://api.example/me?q", "http://api.localhost:4001/p-1/me?q"),
        ("https://app.example", "http://app.localhost:4001/p-1"),
        ("http://api.example/", "http://api.localhost:4002/p-1/"),
        ("https://api.example:8443/", "http://api.localhost:4002/p-1/"),
        ("https://user:pw@b.shop.example/", "http://user:pw@b.shop.localhost:4001/p-1/"),
        ("http://localhost:8000/x", "http://localhost:4002/p-1/x"),
        ("//c.example/end", "//c.localhost:4001/p-1/end"),
        ("/end", "/p-1/end"),
        ("", ""),
        ("../api", "../api"),
        ("data:text/plain,x", "data:text/plain,x"),
        ("https://api.example:65536/", "https://api.example:65536/p-1/"),
    ],
)
def test_urls(text: str, there: str) -> None:
    """Hosts stay hosts, each scheme and port gets a port, and the path gets the prefix."""
    assert mapping().to_url(text) == there


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("https://app.example", "http://app.localhost:4001"),
        ("https://app.example/", "http://app.localhost:4001/"),
        ("https://APP.example", "http://APP.localhost:4001"),
        ("HTTPS://app.example", "HTTP://app.localhost:4001"),
        ("app.example", "app.localhost:4001"),
        ("https://*.example", "http://*.localhost:4001"),
        (
            "https://other.example, https://app.example",
            "http://other.localhost:4001, http://app.localhost:4001",
        ),
        ("http://app.example", "http://app.localhost:4002"),
        ("a localhost of any kind, /x", "a localhost of any kind, /x"),
    ],
)
def test_values(text: str, there: str) -> None:
    """Origins in a value are mapped wherever they stand, and what is wrong with them stays wrong."""
    assert mapping().to_value(text) == there


SECURE = World((4001, 4002), "localhost", (4443, 4444), frozenset({25}))


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("https://api.example/me", "https://api.localhost:4443/p-1/me"),
        ("http://api.example/me", "http://api.localhost:4001/p-1/me"),
        ("HTTPS://api.example:8443/", "HTTPS://api.localhost:4444/p-1/"),
        ("http://api.example:25/", "http://api.localhost:25/p-1/"),
        ("//c.example/end", "//c.localhost:4443/p-1/end"),
    ],
)
def test_schemes_that_are_kept(text: str, there: str) -> None:
    """Where a case depends on them schemes stay, and so does a port that nobody may ask."""
    made = Mapping(SECURE, "/p-1", keeps_schemes=True)
    made.to_url("https://app.example")
    assert made.to_url(text) == there
    assert made.fold(there).lower() == text.lower()


def test_a_scheme_that_a_port_does_not_speak_is_not_folded() -> None:
    """What a browser makes up shows: only the scheme of the port turns back into the case's."""
    made = Mapping(SECURE, "/p-1", keeps_schemes=True)
    made.to_url("https://app.example")
    assert made.fold("http://app.localhost:4443/") == "http://app.localhost:4443/"


def test_a_default_port_stays_a_matter_of_spelling() -> None:
    """`https://app.example:443` is the page's origin to a URL parser, and another one as text."""
    spelled, plain = mapping().to_value("https://app.example:443"), mapping().to_value("https://app.example")
    assert spelled != plain
    assert parse_url(spelled) == parse_url(plain)


@pytest.mark.parametrize(
    "text",
    [
        "https://api.example/me?q",
        "https://app.example/",
        "http://localhost:8000/x",
        "https://b.shop.example:8443/a/b",
        "https://user:pw@api.example/me",
        "https://u:p@api.example/me",
        "https://app.example:443/",
        "https://APP.EXAMPLE",
    ],
)
def test_there_and_back(text: str) -> None:
    """What was mapped folds back into what it was, with the prefix and without."""
    made = mapping()
    assert made.fold(made.to_value(text)) == text
    assert made.fold(made.to_url(text)) == text


def test_other_ports_are_left_alone() -> None:
    """A port that no case has is nobody's, and is not folded."""
    assert mapping().fold("http://app.localhost:9") == "http://app.localhost:9"


def test_ports_run_out() -> None:
    """A case with more origins than ports is refused, and none that is replayed is."""
    made = Mapping(World((4001,)), "/p")
    made.to_url("https://app.example")
    with pytest.raises(NoPortLeft, match="more than 1 ports"):
        made.to_url("http://app.example")


def test_every_replayed_case_folds_back() -> None:
    """Every URL of every case that is replayed comes back from the mapping as it was."""
    for case in load_cases():
        if reason_not_replayed(case) is None:
            world = World(tuple(range(5001, 5007)), "localhost", tuple(range(5007, 5010)))
            made = Mapping(world, "/p-1", keeps_schemes(case))
            for server in case.servers:
                assert made.fold(made.to_url(server.url)) == server.url
