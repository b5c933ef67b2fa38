"""corsim.values.origin."""

from __future__ import annotations

from corsim.values.origin import OpaqueOrigin, TupleOrigin, same_origin


def test_tuple_origins_are_their_parts() -> None:
    """Scheme, host and port make the origin, and its serialization."""
    one = TupleOrigin("https", "a.example", 8443)
    assert str(one) == one.serialized == "https://a.example:8443"
    assert same_origin(one, TupleOrigin("https", "a.example", 8443))
    assert not same_origin(one, TupleOrigin("https", "a.example", None))
    assert not same_origin(one, TupleOrigin("http", "a.example", 8443))
    assert not same_origin(one, TupleOrigin("https", "b.example", 8443))


def test_opaque_origins_are_themselves() -> None:
    """An opaque origin is the same as itself and as nothing else, though all serialize to `null`."""
    one, other = OpaqueOrigin(), OpaqueOrigin()
    assert same_origin(one, one)
    assert not same_origin(one, other)
    assert not same_origin(one, TupleOrigin("https", "a.example", None))
    assert str(one) == str(other) == "null"
