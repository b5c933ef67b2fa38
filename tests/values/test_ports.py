"""corsim.values.ports."""

from __future__ import annotations

import pytest

from corsim.values.ports import BAD_PORTS, is_bad_port
from corsim.values.url import parse_url


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("http://a.example:25/", True), ("https://a.example:6000/", True), ("http://a.example:0/", True),
        ("http://a.example:10080/", True), ("http://a.example:80/", False), ("https://a.example/", False),
        ("http://a.example:8080/", False), ("ftp://a.example:25/", False), ("http://a.example:443/", False),
    ],
)  # fmt: skip
def test_bad_ports(text: str, bad: bool) -> None:
    """Ports of other services are bad for http and https; a default port never is."""
    url = parse_url(text)
    assert url is not None
    assert is_bad_port(url) is bad


def test_the_list_has_no_web_ports() -> None:
    """80, 443, 8080 and 8443 are open."""
    assert not BAD_PORTS & {80, 443, 8080, 8443}
