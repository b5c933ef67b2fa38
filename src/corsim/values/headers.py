"""Header lists: https://fetch.spec.whatwg.org/#concept-header-list.

Bytes are kept as the str of their isomorphic decoding (latin-1), one character a byte:
nothing is lost, and the algorithms can be read.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

import attrs

from corsim.values.errors import InvalidInput, check_str, wrong_type
from corsim.values.methods import is_token

HTTP_WHITESPACE = "\t\n\r "
HTTP_TAB_OR_SPACE = "\t "

Text: TypeAlias = str | bytes
Pair: TypeAlias = tuple[str, str]
HeadersInit: TypeAlias = "Headers | Mapping[str, Text] | Mapping[str, str] | Iterable[tuple[Text, Text]]"


@attrs.frozen
class Malformed:
    """The standard's failure of a header list value, with the element that broke it.

    `after_wildcard` says that a `*` stands before it.
    """

    element: str
    after_wildcard: bool = False


def byte_lowercase(text: str) -> str:
    """Lower ASCII letters only, as the standard's byte-lowercase does."""
    if text.isascii():
        return text.lower()
    return "".join(char.lower() if char.isascii() else char for char in text)


@lru_cache(maxsize=4096)
def _known_as(name: str) -> str:
    """The name under which a header is found: none for what is no token, such as `Name `."""
    return byte_lowercase(name) if is_token(name) else ""


def isomorphic_decode(value: object, what: str) -> str:
    """Take str or bytes as the str of their bytes; `what` names the value in a refusal."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if not isinstance(value, str):
        raise wrong_type(what, "str or bytes", value)
    return value


def pairs_of(init: HeadersInit) -> tuple[Pair, ...]:
    """Flatten a mapping or an iterable of pairs, in order, without judging what they hold."""
    if isinstance(init, Headers):
        return init.pairs
    rows: object = init.items() if isinstance(init, Mapping) else init
    if isinstance(rows, (str, bytes)) or not isinstance(rows, Iterable):
        raise wrong_type("headers", "a mapping or (name, value) pairs", init)
    return tuple(_pair(row) for row in rows)


def _pair(row: object) -> Pair:
    if not isinstance(row, (tuple, list)) or len(row) != 2:
        raise wrong_type("a header", "a (name, value) pair", row)
    return isomorphic_decode(row[0], "a header name"), isomorphic_decode(row[1], "a header value")


def is_header_value(value: str) -> bool:
    """Say whether a normalised value may be a header's: one byte a character, no NUL, CR, LF."""
    if not value.isascii() and any(char > "\xff" for char in value):
        return False
    return not ("\0" in value or "\n" in value or "\r" in value)


@attrs.frozen(init=False, repr=False, eq=False)
class Headers(Mapping[str, str]):
    """A header list: ordered, with duplicates and the case in which names were written.

    Takes a mapping or (name, value) pairs of str (latin-1) or bytes. Read as a mapping
    it is the view that scripts have: names lower case, unique and sorted, values of
    one name joined by `, `. `raw` is the list as it is, in bytes. A line whose name is
    no token, such as `Name : value`, is malformed in HTTP: it is in `raw` and nowhere else.

    Raises `InvalidInput` for a value that no header can have, `TypeError` for other types.

    >>> headers = Headers([("X-B", "1"), ("x-a", "2"), ("X-B", "3")])
    >>> dict(headers)
    {'x-a': '2', 'x-b': '1, 3'}
    >>> headers.raw
    ((b'X-B', b'1'), (b'x-a', b'2'), (b'X-B', b'3'))
    """

    pairs: tuple[Pair, ...]
    _index: dict[str, str] | None = attrs.field(alias="_index")

    def __init__(self, init: HeadersInit = ()) -> None:
        _set(self, "pairs", tuple(_checked(name, value) for name, value in pairs_of(init)))
        _set(self, "_index", None)

    @classmethod
    def of(cls, pairs: tuple[Pair, ...]) -> Headers:
        """Make a list of pairs that are known to be headers."""
        headers = cls.__new__(cls)
        _set(headers, "pairs", pairs)
        _set(headers, "_index", None)
        return headers

    @property
    def raw(self) -> tuple[tuple[bytes, bytes], ...]:
        """The list in bytes, in order, with duplicates and case kept."""
        return tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in self.pairs)

    @property
    def index(self) -> dict[str, str]:
        """Each name's values joined by `, `, by lower-case name, in order of appearance."""
        index = self._index
        if index is None:
            index = {}
            for name, value in self.pairs:
                lower = _known_as(name)
                if lower in index:
                    index[lower] = f"{index[lower]}, {value}"
                elif lower:
                    index[lower] = value
            _set(self, "_index", index)
        return index

    def get_all(self, name: str) -> list[str]:
        """List the values of `name`, one for each time it stands in the list."""
        check_str("name", name)
        lower = byte_lowercase(name)
        return [value for other, value in self.pairs if _known_as(other) == lower]

    def appended(self, *pairs: Pair) -> Headers:
        """Add headers at the end; a name that is there already keeps its first spelling."""
        if not pairs:
            return self
        return Headers.of(self.pairs + tuple((self._spelling(name), value) for name, value in pairs))

    def set(self, name: str, value: str) -> Headers:
        """Put `value` in the place of the first header so named, and remove the others."""
        if name not in self:
            return self.appended((name, value))
        lower, done, pairs = byte_lowercase(name), False, []
        for pair in self.pairs:
            if byte_lowercase(pair[0]) != lower:
                pairs.append(pair)
            elif not done:
                pairs.append((pair[0], value))
                done = True
        return Headers.of(tuple(pairs))

    def combined(self, name: str, value: str) -> Headers:
        """Join `value` to what `name` already holds, as XMLHttpRequest does."""
        return self.set(name, f"{self[name]}, {value}") if name in self else self.appended((name, value))

    def without(self, names: Container[str]) -> Headers:
        """Remove every header with one of the lower-case `names`."""
        kept = tuple([pair for pair in self.pairs if _known_as(pair[0]) not in names])
        return self if len(kept) == len(self.pairs) else Headers.of(kept)

    def only(self, names: Container[str]) -> Headers:
        """Remove every header but those with one of the lower-case `names`."""
        kept = tuple([pair for pair in self.pairs if _known_as(pair[0]) in names])
        return self if len(kept) == len(self.pairs) else Headers.of(kept)

    def _spelling(self, name: str) -> str:
        if self.pairs and name in self:
            lower = byte_lowercase(name)
            return next(other for other, _ in self.pairs if byte_lowercase(other) == lower)
        return name

    def __getitem__(self, name: str) -> str:
        if name not in self:
            raise KeyError(name)
        return self.index[byte_lowercase(name)]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and byte_lowercase(name) in self.index

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.index))

    def __len__(self) -> int:
        return len(self.index)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Headers):
            return self.pairs == other.pairs
        return dict(self) == other if isinstance(other, Mapping) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.pairs)

    def __repr__(self) -> str:
        return f"Headers({list(self.pairs)!r})"


_set = object.__setattr__  # the way past `frozen`, for the constructor and the index


def _checked(name: str, value: str) -> Pair:
    if not name or any(char > "\xff" or char in ":\0\r\n" for char in name):
        raise InvalidInput(f"{name!r} is no header name: a name is a token such as 'Content-Type'")
    value = value.strip(HTTP_WHITESPACE)
    if not is_header_value(value):
        raise InvalidInput(
            f"{value!r} is no value for {name!r}: a value is bytes (latin-1) without NUL, CR and LF"
        )
    return name, value


def extract_tokens(headers: Headers, name: str) -> tuple[str, ...] | Malformed | None:
    """Extract header list values of a `#token` header; `name` in lower case.

    Each line is a list by itself, empty elements are skipped, and one element that
    is no token spoils it all: https://fetch.spec.whatwg.org/#extract-header-list-values.

    >>> extract_tokens(Headers({"Access-Control-Allow-Methods": "PUT, ,DELETE"}),
    ...                "access-control-allow-methods")
    ('PUT', 'DELETE')
    """
    value = headers.index.get(name)
    return None if value is None else _tokens(value)


@lru_cache(maxsize=4096)
def _tokens(value: str) -> tuple[str, ...] | Malformed:
    """Split a list of tokens; joined lines make the same list as the lines one by one."""
    elements = (element.strip(HTTP_TAB_OR_SPACE) for element in value.split(","))
    values = tuple(element for element in elements if element)
    for number, element in enumerate(values):
        if not is_token(element):
            return Malformed(element, "*" in values[:number])
    return values


def extract_delta_seconds(headers: Headers, name: str) -> int | Malformed | None:
    """Extract the one `delta-seconds` value of a header; `name` in lower case."""
    value = headers.index.get(name)
    return None if value is None else _delta_seconds(value)


@lru_cache(maxsize=1024)
def _delta_seconds(value: str) -> int | Malformed:
    if not (value.isascii() and value.isdigit()):  # which two lines, joined, never are
        return Malformed(value)
    digits = value.lstrip("0")
    return int(digits or "0") if len(digits) < 20 else 10**19  # as good as for ever


def get_decode_and_split(value: str) -> list[str]:
    """Split a value at its commas, except in quoted strings: get, decode, and split.

    >>> get_decode_and_split('a, "b, c",')
    ['a', '"b, c"', '']
    """
    values, start, quoted, escaped = [], 0, False, False
    for position, char in enumerate(value):
        if escaped:
            escaped = False
        elif quoted and char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif char == "," and not quoted:
            values.append(value[start:position].strip(HTTP_TAB_OR_SPACE))
            start = position + 1
    return [*values, value[start:].strip(HTTP_TAB_OR_SPACE)]
