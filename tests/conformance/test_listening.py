"""Where the server listens, what a browser can do, and which cases that leaves out."""

from __future__ import annotations

import asyncio
import json
import socket

import attrs
import pytest

from corsim.cases import Case, load_cases
from corsim.conformance import certificates
from corsim.conformance.judging import Judge, Judgement
from corsim.conformance.listening import PLAIN, SECURE, Ground, listen
from corsim.conformance.replayable import abilities_needed
from corsim.conformance.reporting import judgement_as_json
from corsim.conformance.server import Server

from .given import CASE, FakeBrowser, case

CASES = {case.path: case for case in load_cases()}
MIXED = case(CASE.replace('page = "https:', 'page = "http:').replace("Origin: https:", "Origin: http:"))
INSECURE = case(CASE.replace("https://api.example", "http://localhost"))
COOKIES = case(
    CASE.replace('api.example/me"\n[[s', 'api.example/me"\ncredentials = "include"\n[[s')
    + "credentials = true\n"
)
REFUSED = case(
    CASE.partition("[[server]]")[0].replace("api.example/", "api.example:6667/")
    + '[expect]\nsent = []\nresult = "network error"\n'
)
BROKEN = case(
    CASE.partition("[[server]]")[0]
    + '[[server]]\non = "GET https://api.example/me"\nfails = true\n'
    + '[expect]\nsent = ["GET https://api.example/me"]\nresult = "network error"\n'
)


def ground_of(*cases: Case) -> Ground:
    async def listening() -> Ground:
        server = Server(lambda _: asyncio.sleep(0))
        try:
            return await listen(server, cases)
        finally:
            await server.stop()

    return asyncio.run(listening())


def judged(given: Case, able: str) -> Judgement:
    browser = FakeBrowser(able=able)
    judgement = asyncio.run(Judge(opened=browser.open).judge([given]))
    browser.close()
    return judgement


def test_certificates_are_made_only_where_needed() -> None:
    """Cases without a mind for schemes are all over http."""
    assert ground_of(case()).certificate is None
    ground = ground_of(case(), MIXED)
    assert (len(ground.world.ports), len(ground.world.secure_ports)) == (PLAIN, SECURE)
    assert ground.trust is not None
    assert ground.authority.startswith(b"-----BEGIN CERTIFICATE-----")


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no certificates can be made, cases over https are left out, and the extra is named."""
    monkeypatch.setattr(certificates, "find_spec", lambda _: None)
    ground = ground_of(case(), MIXED)
    assert ground.reason_not_replayed(case()) is None
    assert "pip install corsim[conformance]" in str(ground.reason_not_replayed(MIXED))


@pytest.fixture
def port_is_free() -> None:
    """Skip a test about port 6667 while somebody else listens there, such as another run of this."""
    try:
        socket.create_server(("127.0.0.1", 6667)).close()
    except OSError:
        pytest.skip("port 6667 is taken")


@pytest.mark.usefixtures("port_is_free")
def test_a_port_that_browsers_refuse_is_watched() -> None:
    """The server is there, so that it shows if a browser asks after all."""
    ground = ground_of(REFUSED)
    assert ground.world.refused_ports == {6667}
    assert ground.reason_not_replayed(REFUSED) is None
    [verdict] = judged(REFUSED, "").verdicts
    assert verdict.mismatches[0].what == "sent"


@pytest.mark.usefixtures("port_is_free")
def test_a_port_that_is_taken() -> None:
    """A port that can't be watched leaves its case out."""
    with socket.create_server(("127.0.0.1", 6667)):
        assert "port 6667" in str(ground_of(REFUSED).reason_not_replayed(REFUSED))


@pytest.mark.parametrize(
    ("given", "able", "kind", "reason"),
    [
        (MIXED, "https", "agrees", ""),
        (MIXED, "", "not replayed", "does not trust"),
        (INSECURE, "https,insecure", "agrees", ""),
        (INSECURE, "https", "not replayed", "mixed content"),
        (COOKIES, "https,cookies", "agrees", ""),
        (COOKIES, "https,insecure", "not replayed", "cookies"),
        (BROKEN, "", "agrees", ""),
    ],
)
def test_abilities(given: Case, able: str, kind: str, reason: str) -> None:
    """A case is replayed over https, with cookies and all, where the browser is able to do so."""
    [verdict] = judged(given, able).verdicts
    assert (verdict.kind, verdict.mismatches) == (kind, ())
    assert reason in verdict.reason


def test_what_is_left_out_holds_up_nothing() -> None:
    """The cases behind one that the browser is not able to do are replayed, at the first try."""
    browser = FakeBrowser()
    judgement = asyncio.run(Judge(opened=browser.open).judge([MIXED, attrs.evolve(case(), path="x/y")]))
    browser.close()
    assert [row.kind for row in judgement.verdicts] == ["not replayed", "agrees"]
    assert browser.runs == 1


def test_the_schemes_that_were_seen() -> None:
    """The report has what was asked over https under https."""
    report = json.loads(json.dumps(judgement_as_json(judged(MIXED, "https"), "2001-02-03")))
    [fetch] = report["cases"][0]["fetches"]
    assert fetch["url"] == fetch["requests"][0]["url"] == "https://api.example/me"
    assert ["Origin", "http://app.example"] in fetch["requests"][0]["headers"]


def test_a_cookie_that_does_not_go_along() -> None:
    """Credentials that were expected, and did not come, are a disagreement."""
    omitted = case(CASE + "credentials = true\n")
    [verdict] = judged(omitted, "https,cookies").verdicts
    assert [(row.what, row.expected, row.got) for row in verdict.mismatches] == [("credentials", True, False)]


@pytest.mark.parametrize(
    ("path", "abilities"),
    [
        ("cors_check/the-port-of-the-page-counts", ("https",)),
        ("main_fetch/another-scheme-is-another-origin", ("https",)),
        ("http_network_or_cache_fetch/localhost-is-no-downgrade", ("https", "insecure")),
        ("http_network_or_cache_fetch/credentials-go-home-by-default", ("https", "cookies")),
        ("main_fetch/a-bad-port-is-refused-after-a-redirect", ()),
        ("cors_preflight_cache/frames-of-one-site-share-entries", ("windows",)),
        ("main_fetch/a-plain-get-is-not-preflighted", ()),
    ],
)
def test_what_cases_need(path: str, abilities: tuple[str, ...]) -> None:
    """A case is replayed as cheaply as it can be: over http, unless something depends on more."""
    assert abilities_needed(CASES[path]) == abilities
