"""Drawing: seeds, numbers, and that what comes out is worth running."""

from __future__ import annotations

from collections import Counter
from random import Random

from corsim.cases import Case
from corsim.conformance.cookies import keeps_cookies
from corsim.conformance.fuzzing.campaign import Campaign
from corsim.conformance.fuzzing.drawing import draw_document
from corsim.conformance.fuzzing.signatures import features
from corsim.conformance.fuzzing.simulated import document_of, simulated_case
from corsim.conformance.fuzzing.surroundings import draw_surroundings
from corsim.conformance.lines import lines_of
from corsim.conformance.replayable import reason_not_replayed
from corsim.engines import profile

from .given import FIREFOX

CASES = [Campaign(FIREFOX, seed=7).case(number) for number in range(1, 601)]


def test_a_number_is_always_the_same_case() -> None:
    """A seed and a number make the same case, whatever came before; another seed makes another."""
    again = Campaign(FIREFOX, seed=7).case(40)
    assert document_of(again) == document_of(CASES[39])
    assert again.expect == CASES[39].expect
    assert document_of(Campaign(FIREFOX, seed=8).case(40)) != document_of(CASES[39])


def test_cases_can_be_replayed() -> None:
    """Whatever is drawn is a case, and a page and a server can replay it."""
    assert [reason_not_replayed(case) for case in CASES] == [None] * len(CASES)


def test_cases_come_far() -> None:
    """No outcome is rare: most requests get past the first check, many have a preflight or a redirect."""
    results = Counter(expect.result for case in CASES for expect in case.expect)
    assert min(results[kind] for kind in ("cors", "basic", "network error", "opaque", "opaqueredirect")) > 0
    assert results["network error"] < sum(results.values()) / 2
    sent = [len(expect.sent) for case in CASES for expect in case.expect]
    assert sum(count > 1 for count in sent) > len(sent) / 5
    assert sum(count > 2 for count in sent) > len(sent) / 50


def test_every_dimension_is_drawn() -> None:
    """In a few hundred cases every option of script and every header of CORS occurs."""
    seen = {feature.partition(" ")[0] for case in CASES for feature in features(document_of(case))}
    assert seen >= {
        "api",
        "method",
        "mode",
        "credentials",
        "redirect",
        "cache",
        "referrer",
        "referrer_policy",
    }
    assert seen >= {"body", "sandbox", "upload_listener", "after", "several", "opaque", "sets", "answers"}
    named = {feature for case in CASES for feature in features(document_of(case))}
    words = ("origin", "credentials", "methods", "headers")
    assert named >= {f"answers access-control-allow-{word}" for word in words}
    assert named >= {"answers access-control-max-age", "answers access-control-expose-headers"}


def test_lines_are_sent_as_drawn() -> None:
    """White space around a value is the browser's to trim, so the server sends it."""
    lines = [line for case in CASES for answer in lines_of(case) for line in answer]
    assert any(value != value.strip() for _, value in lines)


def test_surroundings() -> None:
    """Pages and servers of all kinds are drawn, and what the first answer sets shows in a later request."""
    around = [simulated_case("fuzz/1", draw_surroundings(Random(n)), profile("firefox")) for n in range(300)]
    pages = {given.page.url.partition(":")[0] for case in around for given in case.fetches}
    apis = {given.api for case in around for given in case.fetches}
    assert pages == {"http", "https", "data"}
    assert apis >= {"fetch", "xhr", "image", "script", "stylesheet", "font", "event_source", "beacon"}
    assert any(given.page.sandbox for case in around for given in case.fetches)
    said = {line.partition(":")[0] for case in around for line in _has(case)}
    assert said >= {"cookie", "referer", "origin", "sec-fetch-site", "sec-fetch-storage-access"}
    assert all(keeps_cookies(case) for case in around if any(expect.sent for expect in case.expect))


def _has(case: Case) -> list[str]:
    return [line for expect in case.expect for _, request in expect.request for line in request.has]


def test_waits_tell_ages_apart() -> None:
    """A wait is never near an age, so that a slow machine makes no difference."""
    for case in CASES:
        waits = [given.after for given in case.fetches if given.after]
        assert len(waits) <= 1
        for wait in waits:
            assert all(abs(wait - age) >= 1 for age in (0, 1, 5, 10))


def test_documents_are_drawn_afresh() -> None:
    """No table is changed by what is drawn from it."""
    before = draw_document(Random(1))
    for number in range(50):
        draw_document(Random(number))
    assert draw_document(Random(1)) == before
