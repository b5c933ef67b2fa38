"""Where servers and pages are, and who may ask whom."""

from __future__ import annotations

import pytest

from corsim import Browser, EngineProfile, InvalidInput, Response
from corsim.values.address_space import is_local_name

ALLOW = {"Access-Control-Allow-Origin": "*"}
APP, ROUTER = "https://app.example.com", "https://router.example.com"


def served(browser: Browser, address_space: str | None = "local") -> Browser:
    """Serve the router."""
    browser.serve(ROUTER, lambda request: Response(200, ALLOW), address_space=address_space)  # type: ignore[arg-type]
    return browser


@pytest.mark.parametrize(
    ("engine", "local_network", "ok"),
    [("spec", None, True), ("firefox", None, True), ("webkit", None, True), ("chromium", None, False),
     ("chromium", "granted", True), ("chromium", "open", True), ("firefox", "denied", False)],
)  # fmt: skip
def test_who_asks_a_local_server(engine: str, local_network: str | None, ok: bool) -> None:
    """Chromium alone keeps public pages from local servers, unless its user says otherwise."""
    browser = served(Browser(engine, local_network=local_network))  # type: ignore[arg-type]
    assert browser.open(APP).fetch(ROUTER).ok is ok


def test_a_page_is_where_its_server_is() -> None:
    """A page of the same network asks without leave; so does one that is said to be there."""
    browser = served(Browser("chromium"))
    browser.serve(APP, lambda request: Response(200), address_space="local")
    assert browser.open(APP).fetch(ROUTER).ok
    assert not browser.open(APP, address_space="public").fetch(ROUTER).ok
    assert browser.open("https://other.example", address_space="loopback").fetch(ROUTER).ok


def test_a_server_may_be_placed_after_the_page_was_opened() -> None:
    """Where a server is counts when it is asked."""
    browser = Browser("chromium")
    page = browser.open(APP)
    assert not served(browser).open(APP).fetch(ROUTER).ok
    assert not page.fetch(ROUTER).ok


def test_a_fork_knows_the_places() -> None:
    """A fork has its servers where they are; what is replayed ends as it did."""
    browser = served(Browser("chromium"))
    assert not browser.fork().open(APP).fetch(ROUTER).ok
    fetch = browser.open(APP).start(ROUTER)
    assert fetch.run().blocked == fetch.fork().result.blocked


def test_every_door_is_kept_shut() -> None:
    """Elements and XMLHttpRequest are kept from a local server as fetch() is."""
    page = served(Browser("chromium")).open(APP)
    results = [page.xhr(ROUTER), page.image(ROUTER), page.script(ROUTER), page.beacon(ROUTER, "a")]
    assert {str(result.blocked and result.blocked.reason) for result in results} == {"local-network-denied"}
    assert not any(result.exchanges for result in results)


def test_a_profile_can_be_switched() -> None:
    """The fact is one of the profile, as all others are."""
    browser = served(Browser(EngineProfile(local_network="denied")))
    assert not browser.open(APP).fetch(ROUTER).ok


@pytest.mark.parametrize("word", ["private", "", 1])
def test_words_that_are_none_are_refused(word: object) -> None:
    """A wrong word is named, with the right ones."""
    with pytest.raises(InvalidInput, match=r"address_space can't be .*'public', 'local', 'loopback'"):
        served(Browser(), word)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="address_space can't be"):
        Browser().open(APP, address_space=word)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match=r"local_network can't be .*'open', 'denied', 'granted'"):
        Browser(local_network=word)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "local"),
    [("printer.local", True), ("10.1.2.3", True), ("172.31.0.1", True), ("172.32.0.1", False),
     ("192.168.0.1", True), ("169.254.1.1", True), ("[fd00::1]", True), ("[2001:4860::1]", False),
     ("127.0.0.1", False), ("local", False), ("router.example", False)],
)  # fmt: skip
def test_names_that_show_where_they_are(host: str, local: bool) -> None:
    """Private addresses, and names that end in .local, are on the user's network."""
    assert is_local_name(host) is local
