"""The headers of a page, in the names of this machine."""

from __future__ import annotations

import asyncio

import pytest

from corsim.cases import PageGiven
from corsim.conformance.loopback import Mapping, World
from corsim.conformance.page_headers import mapped_page_headers
from corsim.conformance.script import script_of
from corsim.conformance.server import RawRequest
from corsim.conformance.session import Session

from .given import case

CSP = "Content-Security-Policy"


def mapped(value: str, page: str = "https://app.example", name: str = CSP) -> str:
    """Map one header of a page."""
    mapping = Mapping(World((4001, 4002), secure_ports=(5001, 5002)), "/p", keeps_schemes=True)
    [(_, found)] = mapped_page_headers(PageGiven(page, headers=((name, value),)), mapping)
    return found


@pytest.mark.parametrize(
    ("policy", "sent"),
    [
        ("connect-src 'self' https://api.example *", "connect-src 'self' https://api.localhost:5001 *"),
        ("connect-src *.shop.example/a/", "connect-src *.shop.localhost:5001/p/a/"),
        ("connect-src http://a.example:8000", "connect-src http://a.localhost:4001"),
        ("img-src http://a.example", "img-src http://a.localhost:4001 http://a.localhost:5001"),
        ("img-src https://a.example:*", "img-src https://a.localhost:*"),
        ("default-src data:, connect-src https:", "default-src data: 'nonce-corsim',connect-src https:"),
        ("script-src 'self'; default-src 'none'", "script-src 'self' 'nonce-corsim'; default-src 'none'"),
        ("sandbox allow-scripts", "sandbox allow-scripts"),
    ],
)
def test_policies(policy: str, sent: str) -> None:
    """Hosts go where they are here, with their port; the runner's own scripts are let in everywhere."""
    assert mapped(policy) == sent


def test_others_stay() -> None:
    """What is no policy of sources is sent as it is."""
    assert mapped("require-corp", name="Cross-Origin-Embedder-Policy") == "require-corp"


def test_the_page_is_delivered_with_them() -> None:
    """The frame's address says what the server sends along with it, and its script has the nonce."""
    line = 'page = "https://app.example"'
    given = case(**{line: f'{line}\npage_headers = ["{CSP}: default-src *"]'})
    [page] = script_of(given, Mapping(World((4001,), secure_ports=(5001,)), "/p", keeps_schemes=True))[
        "pages"
    ]
    target = page["src"].removeprefix("https://app.localhost:5001")
    answer = asyncio.run(Session().handle(RawRequest("GET", target, ())))
    assert answer is not None
    assert (CSP, "default-src * 'nonce-corsim'") in answer.lines
    assert answer.body.count(b'nonce="corsim"') == 2
