"""Time, text and URLs for the shims: virtual time, Python's codecs, the URL parser of the library."""

from __future__ import annotations

import uuid
from codecs import lookup
from typing import Any
from urllib.parse import parse_qsl

import ada_url

from corsim import Params
from corsim.api.bodies import extract_body
from wpt.crossing import Side, Thrown, text_of

PARTS = (
    "href",
    "origin",
    "protocol",
    "username",
    "password",
    "host",
    "hostname",
    "port",
    "pathname",
    "search",
    "hash",
)


class Texts(Side):
    """Time, text and URLs."""

    def timer(self, number: int, ms: float) -> None:
        self.world.loop.at(ms / 1000, lambda: self.realm.arrive(number))

    def now(self) -> float:
        return self.world.loop.now

    def date(self) -> float:
        return self.world.browser.state.began + self.world.loop.now

    def log(self, line: str) -> None:
        self.world.log.append(line)

    def unable(self, what: str) -> None:
        self.world.unable.append(what)

    def report(self, row: dict[str, Any]) -> None:
        self.world.reports.append(row)

    def uuid(self) -> str:
        return str(uuid.uuid4())

    def encode(self, text: str) -> str:
        return text_of(text.encode("utf-8", "replace"))

    def codec(self, label: str) -> str:
        name = {"utf8": "utf-8", "ascii": "windows-1252", "latin1": "windows-1252"}.get(
            label.lower(), label.lower()
        )
        try:
            lookup(name)
        except LookupError:
            raise Thrown("RangeError", f"no encoding {label!r}") from None
        return name

    def decode(self, data: str, codec: str, fatal: bool, keeps_mark: bool) -> str:
        try:
            text = data.encode("latin-1").decode(codec, "strict" if fatal else "replace")
        except UnicodeDecodeError as error:
            raise Thrown("TypeError", str(error)) from None
        return text if keeps_mark else text.removeprefix("\ufeff")

    def parse_url(self, text: str, base: str | None) -> dict[str, str] | None:
        try:
            url = ada_url.URL(text, base) if base is not None else ada_url.URL(text)
        except ValueError:
            return None
        return {name: getattr(url, name) for name in PARTS}

    def set_url(self, href: str, part: str, value: str) -> dict[str, str]:
        url = ada_url.URL(href)
        try:
            setattr(url, part, value)
        except ValueError:
            if part == "href":
                raise Thrown("TypeError", "no URL") from None
        return {name: getattr(url, name) for name in PARTS}

    def parse_query(self, query: str) -> list[list[str]]:
        return [list(row) for row in parse_qsl(query, keep_blank_values=True)]

    def write_query(self, pairs: list[list[str]]) -> str:
        return text_of(extract_body(Params([tuple(pair) for pair in pairs]))[0])

    def base_url(self) -> str:
        return self.page.environment.base_url.href

    def document_url(self) -> str:
        return self.realm.url

    def set_hash(self, fragment: str) -> None:
        self.realm.url = self.set_url(self.realm.url, "hash", fragment)["href"]

    def document_referrer(self) -> str:
        return self.realm.parent.url if self.realm.parent else ""
