"""corsim.values.environment."""

from __future__ import annotations

from corsim import Browser


def test_a_page_knows_its_top_level() -> None:
    """The network partition key is the site of the page around, or else of the page."""
    browser = Browser()
    alone = browser.open("https://app.example.com/x").environment
    framed = browser.open("https://app.example.com", embedder="https://www.other.example").environment
    assert alone.network_partition_key == ("https", "example.com")
    assert framed.network_partition_key == ("https", "other.example")
    assert alone.base_url.href == "https://app.example.com/x"


def test_an_opaque_page_shares_nothing() -> None:
    """The key of a top-level page with an opaque origin is that origin: no other page has it."""
    browser = Browser()
    one, other = browser.open("null").environment, browser.open("null").environment
    assert one.is_opaque
    assert one.network_partition_key != other.network_partition_key


def test_environments_are_themselves() -> None:
    """Two pages of one URL are two environments."""
    browser = Browser()
    one, other = browser.open("https://a.example"), browser.open("https://a.example")
    assert one.environment != other.environment
