"""corsim.values.partition."""

from __future__ import annotations

import pytest

from corsim.values.origin import OpaqueOrigin, TupleOrigin
from corsim.values.partition import obtain_site, registrable_domain, same_site, schemelessly_same_site


def https(host: str) -> TupleOrigin:
    return TupleOrigin("https", host, None)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.example.co.uk", "example.co.uk"), ("example.com", "example.com"), ("co.uk", None),
        ("com", None),
        ("127.0.0.1", None), ("[::1]", None), ("localhost", None), ("a.github.io", "a.github.io"),
        ("github.io", None), ("a.example.com.", None), ("", None), (".", None),
    ],
)  # fmt: skip
def test_registrable_domains(host: str, domain: str | None) -> None:
    """A registrable domain is one label more than a public suffix; addresses have none."""
    found = registrable_domain(host)
    assert found == domain or (host.endswith(".") and found in (None, "example.com", "example.com."))


def test_sites() -> None:
    """A site is scheme and registrable domain, or scheme and host, or the opaque origin."""
    opaque = OpaqueOrigin()
    assert obtain_site(https("a.example.com")) == ("https", "example.com")
    assert obtain_site(https("127.0.0.1")) == ("https", "127.0.0.1")
    assert obtain_site(opaque) is opaque


def test_same_site() -> None:
    """Same site needs the scheme; schemelessly it does not; addresses are only themselves."""
    one, other, insecure = (
        https("a.example.com"),
        https("b.example.com"),
        TupleOrigin("http", "a.example.com", None),
    )
    assert same_site(one, other)
    assert not same_site(one, insecure)
    assert schemelessly_same_site(one, insecure)
    assert not schemelessly_same_site(https("127.0.0.1"), https("128.0.0.1"))
    assert schemelessly_same_site(https("127.0.0.1"), TupleOrigin("http", "127.0.0.1", 8000))
    assert not same_site(one, OpaqueOrigin())
    assert not schemelessly_same_site(OpaqueOrigin(), OpaqueOrigin())
