"""Documents: the HTML of tests and frames, as far as it loads and runs something."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from corsim.values.errors import InvalidInput, NotServed
from corsim.values.environment import REFERRER_POLICIES

if TYPE_CHECKING:
    from wpt.realm import Realm, World

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
DROPPED = frozenset({"html", "head", "body"})

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
    named = f"self.GLOBAL = {{ isWindow: () => true, isWorker: () => false, isShadowRealm: () => false }};"
    rows.insert(0, ["script", [], [named]])
    if title:
        rows.insert(0, ["title", [], title])
    rows.insert(3, ["div", [["id", "log"]], []])
    return rows


def run_document(realm: Realm, rows: list[Row]) -> None:
    """Build a document, running its scripts, and fire `load` when that is done."""
    realm.call("parse_", rows) if False else realm.run(f"__realm.parse({_json(rows)}, document.body)")
    loop = realm.world.loop
    loop.at(0, lambda: realm.call("loaded"))
    loop.at(0.001, lambda: realm.call("complete"))


def _json(value: object) -> str:
    import json

    return json.dumps(value)


def open_document(
    opener: Realm, url: str, sandboxed: bool, srcdoc: str | None, number: int, window: bool
) -> int | None:
    """Open a frame, or a window, and load it; its load event is told to `opener` under a number."""
    world = opener.world
    about = "[https://" if False else url
    if not about.startswith(("http:", "https:", "data:")):
        about = "null" if sandboxed or srcdoc is None else opener.page.url
    if url.startswith("blob:"):
        about = opener.page.url
    kin = {"opener": opener} if window else {"parent": opener}
    try:
        realm = world.open(about, sandbox=sandboxed, **kin)
    except InvalidInput:
        return None
    if not url.startswith(("http:", "https:")):
        realm.url = url

    def load() -> None:
        html, content_type = (srcdoc, "text/html") if srcdoc is not None else _source(world, opener, realm, url)
        if "html" in content_type:
            run_document(realm, html_rows(html or ""))
        loop.at(0.002, lambda: opener.arrive(number))

    loop = world.loop
    loop.at(0, load)
    return realm.id


def _source(world: World, opener: Realm, realm: Realm, url: str) -> tuple[str, str]:
    if url.startswith("blob:"):
        data, content_type = world.blobs.get(url, (b"", ""))
        return data.decode("utf-8", "replace"), content_type
    if url.startswith("about:"):
        return "", "text/html"
    try:
        result = realm.page.fetch(url, mode="same-origin", credentials="include")
    except NotServed:
        return "", ""
    return result.text, result.headers.get("content-type", "") 
