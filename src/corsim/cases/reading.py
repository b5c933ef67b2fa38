"""Readers: each takes one value of a TOML file, and returns it checked or refuses it.

A refusal names the file and the key. Readers are small and put together like the JSON
Schema beside the cases; the tests hold the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypeVar

import attrs

from corsim.api.bodies import Blob, BodyInit, Form, Params, Stream
from corsim.values.errors import InvalidCase
from corsim.values.headers import Pair

T = TypeVar("T")


@attrs.frozen
class At:
    """A place in a file, for refusals."""

    file: str
    key: str = ""

    def __truediv__(self, key: object) -> At:
        return At(self.file, f"{self.key}.{key}" if self.key else str(key))

    def refuse(self, complaint: str) -> InvalidCase:
        """Make the exception that refuses what stands here."""
        return InvalidCase(f"{self.file}: {self.key or 'the file'} {complaint}")


Reader: TypeAlias = Callable[[Any, At], T]


def text(value: object, at: At) -> str:
    """Read a str."""
    if not isinstance(value, str):
        raise at.refuse(f"must be a string, not {value!r}")
    return value


def sentence(value: object, at: At) -> str:
    """Read a str that says something."""
    if not text(value, at).strip():
        raise at.refuse("must not be empty")
    return str(value)


def boolean(value: object, at: At) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise at.refuse(f"must be true or false, not {value!r}")
    return value


def integer(value: object, at: At) -> int:
    """Read a whole number, 0 or more."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise at.refuse(f"must be a whole number, 0 or more, not {value!r}")
    return value


def position(value: object, at: At) -> int:
    """Read a position, counted from 1."""
    number = integer(value, at)
    if number == 0:
        raise at.refuse("counts from 1, so it can't be 0")
    return number


def status(value: object, at: At) -> int:
    """Read the status of a response."""
    number = integer(value, at)
    if not 200 <= number <= 999 and number != 101:
        raise at.refuse(f"must be a status from 200 to 999, or 101, not {value!r}")
    return number


def word(*words: str) -> Reader[str]:
    """Read one of a few words."""

    def read(value: object, at: At) -> str:
        if text(value, at) not in words:
            raise at.refuse(f"must be one of {', '.join(map(repr, words))}, not {value!r}")
        return str(value)

    return read


def matching(pattern: str, what: str) -> Reader[str]:
    """Read a str of a certain form; `what` says which."""
    compiled = re.compile(pattern)

    def read(value: object, at: At) -> str:
        if not compiled.fullmatch(text(value, at)):
            raise at.refuse(f"must be {what}, not {value!r}")
        return str(value)

    return read


def many(reader: Reader[T], at_least: int = 0) -> Reader[tuple[T, ...]]:
    """Read a list, every item of it by `reader`."""

    def read(value: object, at: At) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise at.refuse(f"must be a list, not {value!r}")
        if len(value) < at_least:
            raise at.refuse("must not be empty")
        return tuple(reader(item, at / number) for number, item in enumerate(value, 1))

    return read


def one_or_many(reader: Reader[T]) -> Reader[tuple[T, ...]]:
    """Read a value, or a list of at least one."""
    several = many(reader, at_least=1)
    return lambda value, at: several(value, at) if isinstance(value, list) else (reader(value, at),)


def closed(
    value: object, at: At, readers: Mapping[str, Reader[Any]], required: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Read a table that has no keys but those of `readers`, and all that are `required`."""
    if not isinstance(value, dict):
        raise at.refuse(f"must be a table, not {value!r}")
    for key in value:
        if key not in readers:
            raise (at / key).refuse(f"is no key that is known here: {', '.join(readers)} are")
    for key in required:
        if key not in value:
            raise (at / key).refuse("is missing")
    return {key: readers[key](item, at / key) for key, item in value.items()}


def numbered(reader: Reader[T]) -> Reader[tuple[tuple[int, T], ...]]:
    """Read a table whose keys are positions, such as `[expect.request.1]`."""

    def read(value: object, at: At) -> tuple[tuple[int, T], ...]:
        if not isinstance(value, dict):
            raise at.refuse(f"must be a table, not {value!r}")
        for key in value:
            if not re.fullmatch("[1-9][0-9]*", key):
                raise (at / key).refuse("must be a number, counted from 1")
        return tuple((int(key), reader(item, at / key)) for key, item in value.items())

    return read


def long_text(value: object, at: At) -> str:
    """Read a str, or `{ repeat = "a", times = 129 }` where it would be too long to write."""
    if isinstance(value, dict):
        keys: dict[str, Reader[Any]] = {"repeat": text, "times": integer}
        repeat = closed(value, at, keys, required=("repeat", "times"))
        return str(repeat["repeat"] * repeat["times"])
    return text(value, at)


def header(value: object, at: At) -> Pair:
    """Read a header: `Name: value`, or a pair where the exact bytes matter."""
    if isinstance(value, list):
        if len(value) != 2:
            raise at.refuse(f"must be a pair of name and value, not {value!r}")
        return text(value[0], at / 1), long_text(value[1], at / 2)
    name, colon, content = text(value, at).partition(": ")
    if not colon:
        raise at.refuse(f"must be 'Name: value' or a pair, not {value!r}")
    return name, content


def latin(value: object, at: At) -> str:
    """Read a str whose characters stand for bytes."""
    if any(char > "\xff" for char in text(value, at)):
        raise at.refuse(f"holds one byte a character (latin-1), not {value!r}")
    return str(value)


def body(value: object, at: At) -> BodyInit | Stream:
    """Read a body: a str, or one of `stream`, `bytes`, `blob`, `form`, `params` in a table."""
    if not isinstance(value, dict) or "repeat" in value:
        return long_text(value, at)
    readers: dict[str, Reader[Any]] = {
        "stream": latin, "bytes": latin, "blob": latin, "type": text,
        "form": many(entry), "params": many(entry),
    }  # fmt: skip
    fields = closed(value, at, readers)
    kind = fields.pop("type", None)
    if len(fields) != 1 or (kind is not None and "blob" not in fields):
        raise at.refuse(f"must be one of stream, bytes, blob (with a type), form and params, not {value!r}")
    [(name, content)] = fields.items()
    if name == "stream":
        return Stream(content.encode("latin-1"))
    if name == "blob":
        return Blob(content.encode("latin-1"), kind or "")
    if name == "bytes":
        return bytes(content, "latin-1")
    return Form(content) if name == "form" else Params(content)


def entry(value: object, at: At) -> Pair:
    """Read an entry of a form: a name and a value."""
    pair = many(text)(value, at)
    if len(pair) != 2:
        raise at.refuse(f"must be a pair of name and value, not {value!r}")
    return pair[0], pair[1]


def seconds(value: object, at: At) -> float:
    """Read a time such as `601s`."""
    return float(matching(r"[0-9]+(\.[0-9]+)?s", "seconds such as '601s'")(value, at)[:-1])
