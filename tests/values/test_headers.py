"""corsim.values.headers."""

from __future__ import annotations

from typing import Any

import pytest

from corsim import Headers, InvalidInput
from corsim.values.headers import (
    Malformed,
    byte_lowercase,
    extract_delta_seconds,
    extract_tokens,
    get_decode_and_split,
)


class TestHeaders:
    """The one type of header lists."""

    @pytest.mark.parametrize(
        "init",
        [
            {"X-A": "1"}, [("X-A", "1")], (("X-A", b"1"),), {b"X-A": b"1"}, [["X-A", "1"]],
            Headers({"X-A": "1"}), iter([("X-A", "1")]), {"X-A": " 1\t\r\n"},
        ],
    )  # fmt: skip
    def test_takes_many_shapes(self, init: Any) -> None:
        """A mapping, pairs, str, bytes and another Headers make the same list; white space around goes."""
        assert Headers(init).raw == ((b"X-A", b"1"),)

    def test_keeps_order_case_and_duplicates(self) -> None:
        """`raw` is the list as given."""
        pairs = [("X-B", "1"), ("x-a", "2"), ("X-B", "3")]
        assert list(Headers(pairs).pairs) == pairs

    def test_as_a_mapping_is_scripts_view(self) -> None:
        """Iterating gives lower-case names, sorted, with combined values."""
        headers = Headers([("X-B", "1"), ("x-a", "2"), ("X-B", "3")])
        assert list(headers.items()) == [("x-a", "2"), ("x-b", "1, 3")]
        assert len(headers) == 2

    def test_looks_up_in_any_case(self) -> None:
        """Names are compared without regard to ASCII case."""
        headers = Headers({"Content-Type": "text/plain"})
        assert headers["CONTENT-type"] == headers.get("content-type") == "text/plain"
        assert "content-TYPE" in headers
        assert headers.get_all("CONTENT-TYPE") == ["text/plain"]

    def test_latin_1_is_bytes(self) -> None:
        """A str is its latin-1 bytes, and bytes come back as they went in."""
        assert Headers({"X-A": "caf\xe9"}).raw == ((b"X-A", b"caf\xe9"),)
        assert Headers([(b"X-A", b"\xff")])["x-a"] == "\xff"

    @pytest.mark.parametrize("name", ["X-A ", "X A", "X-\xe9"])
    def test_a_malformed_name_is_sent_but_not_seen(self, name: str) -> None:
        """A server may send a name that is no token; nobody finds a header by it."""
        headers = Headers([(name, "1"), ("X-A", "2")])
        assert headers.raw[0] == (name.encode("latin-1"), b"1")
        assert dict(headers) == {"x-a": "2"}

    def test_lower_case_is_ascii_only(self) -> None:
        """An É stays as it is: bytes have no upper case beyond ASCII."""
        assert byte_lowercase("X-\xc9\u20ac") == "x-\xc9\u20ac"

    def test_equality(self) -> None:
        """Lists are equal when all is; a mapping is compared with script's view."""
        one = Headers([("X-A", "1"), ("X-A", "2")])
        assert one == Headers([("X-A", "1"), ("X-A", "2")])
        assert one != Headers({"x-a": "1, 2"})
        assert one == {"x-a": "1, 2"}
        assert one != 5
        assert hash(one) == hash(Headers(one))

    @pytest.mark.parametrize("name", ["", "X:", "X\n", "\u20ac", "\x00"])
    def test_refuses_names(self, name: str) -> None:
        """A name that no server could send is refused, and shown."""
        with pytest.raises(InvalidInput, match="is no header name"):
            Headers({name: "1"})

    @pytest.mark.parametrize("value", ["a\nb", "a\rb", "\x00", "\u20ac", "\ud800"])
    def test_refuses_values(self, value: str) -> None:
        """NUL, CR, LF within and what is no byte are refused, and shown."""
        with pytest.raises(InvalidInput, match="is no value for 'X-A'"):
            Headers({"X-A": value})

    @pytest.mark.parametrize(
        "init", [5, "X-A: 1", b"X", None, [("X-A",)], [("X-A", 1)], ["ab"], {"X-A": None}]
    )
    def test_refuses_other_types(self, init: Any) -> None:
        """What is no list of pairs of text is a TypeError that shows what it got."""
        with pytest.raises(TypeError, match="header"):
            Headers(init)

    @pytest.mark.parametrize("name", ["\u20ac", 5, None, b"x-a"])
    def test_what_is_no_name_is_not_there(self, name: Any) -> None:
        """Looking for what can't be a name finds nothing, as in any mapping."""
        headers = Headers({"X-A": "1"})
        assert name not in headers
        assert headers.get(name) is None
        with pytest.raises(KeyError):
            headers[name]


@pytest.mark.parametrize(
    ("lines", "tokens"),
    [
        ([], None), ([""], ()), ([","], ()), (["PUT"], ("PUT",)), ([" PUT\t,,\tDELETE "], ("PUT", "DELETE")),
        (["PUT", "DELETE"], ("PUT", "DELETE")), (["*"], ("*",)), (["a b"], Malformed("a b")),
        (["PUT, ['X']"], Malformed("['X']")), (["PUT", '"a"'], Malformed('"a"')),
        (["\xe9"], Malformed("\xe9")),
        (["PUT\x0b"], Malformed("PUT\x0b")), (["PUT\xa0,A"], Malformed("PUT\xa0")),
    ],
)  # fmt: skip
def test_lists_of_tokens(lines: list[str], tokens: object) -> None:
    """Lines are joined, empty elements skipped; one element that is no token spoils the list."""
    assert extract_tokens(Headers([("X-L", line) for line in lines]), "x-l") == tokens


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ([], None), (["600"], 600), (["0"], 0), (["00600"], 600), (["9" * 18], int("9" * 18)),
        ([""], Malformed("")), (["-1"], Malformed("-1")), (["1.5"], Malformed("1.5")),
        (["+1"], Malformed("+1")),
        (["600s"], Malformed("600s")), (["\xb2"], Malformed("\xb2")), (["1", "1"], Malformed("1, 1")),
        (["1, 1"], Malformed("1, 1")),
    ],
)  # fmt: skip
def test_seconds(lines: list[str], seconds: object) -> None:
    """One line of ASCII digits is a number of seconds, and nothing else is."""
    assert extract_delta_seconds(Headers([("X-S", line) for line in lines]), "x-s") == seconds


def test_a_very_long_number_is_for_ever() -> None:
    """A number of thirty digits is read as one that never runs out, not refused."""
    seconds = extract_delta_seconds(Headers({"X-S": "9" * 30}), "x-s")
    assert isinstance(seconds, int)
    assert seconds >= 10**18


@pytest.mark.parametrize(
    ("value", "values"),
    [
        ("", [""]), ("a,b", ["a", "b"]), (" a ,\tb", ["a", "b"]), ('"a,b",c', ['"a,b"', "c"]),
        ("a,", ["a", ""]),
        ('"a\\",b",c', ['"a\\",b"', "c"]), ('"a', ['"a']), ('a"b,c"d,e', ['a"b,c"d', "e"]),
    ],
)  # fmt: skip
def test_get_decode_and_split(value: str, values: list[str]) -> None:
    """Commas split, but not in quoted strings, in which a backslash escapes."""
    assert get_decode_and_split(value) == values
