"""Documents: the HTML of tests and frames, as far as it loads and runs something."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import attrs

from corsim import Result
from corsim.values.errors import NotServed

if TYPE_CHECKING:
    from wpt.realm import Realm, World

VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
DROPPED = frozenset({"html", "head", "body"})

Pairs = tuple[tuple[str, str], ...]
Row = Any  # text, or [tag, [[name, value], ...], [row, ...]]


class _Rows(HTMLParser):
    """Reads HTML into nested rows, without a DOM's finer points."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Row] = []
        self._open: list[list[Row]] = [self.rows]
        self._tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in DROPPED:
            return
        children: list[Row] = []
        self._open[-1].append([tag, [[name, value or ""] for name, value in attrs], children])
        if tag not in VOID:
            self._open.append(children)
            self._tags.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._tags:
            while self._tags.pop() != tag:
                self._open.pop()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].append(data)


def html_rows(html: str) -> list[Row]:
    """Parse HTML into rows that the shims make elements of."""
    parser = _Rows()
    parser.feed(html)
    parser.close()
    return parser.rows


def script_rows(url: str, source: str) -> list[Row]:
    """Make the document of a `.any.js` or `.window.js`: the harness, its META scripts, and the test."""
    metas = [line[8:].strip() for line in source.splitlines() if line.startswith("// META:")]
    extra = [meta.removeprefix("script=") for meta in metas if meta.startswith("script=")]
    title = [meta.removeprefix("title=") for meta in metas if meta.startswith("title=")]
    sources = ["/resources/testharness.js", "/resources/testharnessreport.js", *extra, url]
    rows: list[Row] = [["script", [["src", src]], []] for src in sources]
    named = "self.GLOBAL = { isWindow: () => true, isWorker: () => false, isShadowRealm: () => false };"
    rows.insert(0, ["script", [], [named]])
    if "timeout=long" in metas:
        rows.insert(0, ["meta", [["name", "timeout"], ["content", "long"]], []])
    if title:
        rows.insert(0, ["title", [], title])
    rows.append(["div", [["id", "log"]], []])
    return rows


def run_document(realm: Realm, rows: list[Row]) -> None:
    """Build a document, running its scripts, and fire `load` when that is done."""
    realm.run(f"__realm.parse({json.dumps(rows)}, document.body)")
    loop = realm.world.loop
    loop.at(0, lambda: realm.call("loaded"))
    loop.at(0.001, lambda: realm.call("complete"))


def open_document(
    opener: Realm, url: str, sandboxed: bool, srcdoc: str | None, number: int, window: bool
) -> int | None:
    """Open a frame, or a window, and load it; its load event is told to `opener` under a number."""
    world = opener.world
    got = _source(world, opener, url) if srcdoc is None else Source(srcdoc, "text/html", url)
    url = got.url
    place = url if url.startswith(("http:", "https:", "data:")) else opener.page.url
    realm = world.open(
        place, sandbox=sandboxed, parent=None if window else opener, opener=opener if window else None,
        headers=got.headers if place == url else opener.page.environment.headers.pairs,
    )  # fmt: skip
    if place != url:
        realm.url = url

    def load() -> None:
        if "html" in got.type:
            run_document(realm, html_rows(got.html))
        world.loop.at(0.002, lambda: opener.arrive(number))

    world.loop.at(0, load)
    return realm.id


@attrs.frozen
class Source:
    """A document's HTML and type, the URL that it really has, and the headers that it came with."""

    html: str
    type: str
    url: str
    headers: Pairs = ()


def _source(world: World, opener: Realm, url: str) -> Source:
    """Load a document."""
    if url.startswith("blob:"):
        data, content_type = world.blobs.get(url, (b"", ""))
        return Source(data.decode("utf-8", "replace"), content_type, url)
    if not url.startswith(("http:", "https:", "data:")):
        return Source("", "text/html", url)
    # AD-HOC: the library has no navigations of frames; a page of the same origin asks instead.
    asker = world.browser.open(url) if url.startswith("http") else opener.page
    try:
        result = asker.fetch(url, credentials="include")
    except NotServed:
        return Source("", "", url)
    return delivered(result, url)


def delivered(result: Result, url: str) -> Source:
    """Take a document from what came for it."""
    headers = result.headers
    place = result.url or url
    pairs = headers.pairs if place.startswith("http") else ()
    return Source(result.text, headers.get("content-type", ""), place, pairs)
