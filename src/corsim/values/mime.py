"""MIME types: https://mimesniff.spec.whatwg.org/#understanding-mime-types.

No kept package parses them as browsers do, so this module does.
"""

from __future__ import annotations

import re

import attrs

from corsim.values.headers import HTTP_WHITESPACE, Headers, byte_lowercase, get_decode_and_split
from corsim.values.methods import is_token

JAVASCRIPT: frozenset[str] = frozenset(
    {f"text/javascript1.{version}" for version in range(6)}
    | {f"{kind}/{prefix}{name}" for kind in ("application", "text") for prefix in ("", "x-")
       for name in ("ecmascript", "javascript")}
    | {"text/jscript", "text/livescript"}
)  # fmt: skip
"""The essences of JavaScript: https://mimesniff.spec.whatwg.org/#javascript-mime-type-essence-match."""

_QUOTED_STRING_TOKEN = re.compile(r"[\t\x20-\x7e\x80-\xff]*\Z")


@attrs.frozen
class MimeType:
    """A MIME type record; `parameters` in order, names in lower case."""

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def essence(self) -> str:
        """Type and subtype, without parameters."""
        return f"{self.type}/{self.subtype}"

    def parameter(self, name: str) -> str | None:
        """Look up a parameter's value by its lower-case name."""
        return dict(self.parameters).get(name)

    def with_parameter(self, name: str, value: str) -> MimeType:
        """Replace the value of a parameter that is there."""
        changed = tuple((key, value if key == name else old) for key, old in self.parameters)
        return attrs.evolve(self, parameters=changed)

    def __str__(self) -> str:
        return self.essence + "".join(f";{name}={_quoted(value)}" for name, value in self.parameters)


def _quoted(value: str) -> str:
    if value and is_token(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def parse_mime_type(text: str) -> MimeType | None:
    """Parse a MIME type; None is the standard's failure.

    >>> str(parse_mime_type(' Text/Plain ; charset="utf-8" x;a=b'))
    'text/plain;charset=utf-8;a=b'
    >>> parse_mime_type("text/plain,text/html") is None
    True
    """
    essence, _, rest = text.strip(HTTP_WHITESPACE).partition(";")
    kind, slash, subtype = essence.partition("/")
    subtype = subtype.rstrip(HTTP_WHITESPACE)
    if not slash or not is_token(kind) or not is_token(subtype):
        return None
    return MimeType(byte_lowercase(kind), byte_lowercase(subtype), _parse_parameters(rest))


def extract_mime_type(headers: Headers) -> MimeType | None:
    """Extract a MIME type: the last that is one, of all that `Content-Type` says; None is failure.

    https://fetch.spec.whatwg.org/#concept-header-extract-mime-type

    >>> str(extract_mime_type(Headers({"Content-Type": "text/html;charset=gbk, a/b, text/html"})))
    'text/html'
    """
    # 1. to 3. Nothing is found yet.
    charset: str | None = None
    found: MimeType | None = None
    # 4. and 5. Without the header there is none.
    value = headers.index.get("content-type")
    if value is None:
        return None
    # 6. Each that can be parsed takes the place of the one before.
    for text in get_decode_and_split(value):
        one = parse_mime_type(text)
        if one is None or one.essence == "*/*":
            continue
        # 6.4. and 6.5. Its charset lasts for as long as the type is the same.
        if found is None or one.essence != found.essence:
            charset = one.parameter("charset")
        elif one.parameter("charset") is None and charset is not None:
            one = attrs.evolve(one, parameters=(*one.parameters, ("charset", charset)))
        found = one
    # 7. and 8. None of them may have been one.
    return found


def _parse_parameters(text: str) -> tuple[tuple[str, str], ...]:
    """Parse what follows the first `;`, keeping the first of equal names."""
    parameters: dict[str, str] = {}
    position = 0
    while position < len(text):
        while position < len(text) and text[position] in HTTP_WHITESPACE:
            position += 1
        start = position
        while position < len(text) and text[position] not in ";=":
            position += 1
        name = byte_lowercase(text[start:position])
        if position >= len(text):
            break
        position += 1
        if text[position - 1] == ";":
            continue
        if position >= len(text):
            break
        if text[position] == '"':
            value, position = _collect_quoted_string(text, position)
            end = text.find(";", position)
            position = len(text) if end < 0 else end
        else:
            end = text.find(";", position)
            end = len(text) if end < 0 else end
            value, position = text[position:end].rstrip(HTTP_WHITESPACE), end
            if not value:
                position += 1
                continue
        position += 1
        if is_token(name) and _QUOTED_STRING_TOKEN.match(value) and name not in parameters:
            parameters[name] = value
    return tuple(parameters.items())


def _collect_quoted_string(text: str, position: int) -> tuple[str, int]:
    """Collect an HTTP quoted string's value from its opening quote on."""
    value = []
    position += 1
    while position < len(text) and text[position] != '"':
        if text[position] == "\\":
            position += 1
            if position >= len(text):
                value.append("\\")
                break
        value.append(text[position])
        position += 1
    return "".join(value), position + 1
