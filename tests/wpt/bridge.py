"""What the shims ask for, by the library: each public method is one `bridge(name, ...)` of the JavaScript."""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING, Any, cast
from xml.etree import ElementTree

from corsim import Page, Result
from corsim.values.errors import InvalidInput
from wpt.asking import Asking
from wpt.crossing import Thrown, body_of, internal_of, script_text
from wpt.documents import html_rows, open_document
from wpt.server import USER_AGENT
from wpt.workers import start_worker

if TYPE_CHECKING:
    from wpt.realm import Realm


REPORT = """
setup({ output: false });
add_completion_callback((tests, status) => __realm.bridge("report", {
  status: status.status, message: String(status.message ?? ""),
  tests: tests.map((test) => ({ name: test.name, status: test.status, message: String(test.message ?? "") })),
}));
"""


class Bridge(Asking):
    """One realm's way to the library."""

    def __init__(self, realm: Realm) -> None:
        self.realm, self.world, self.page = realm, realm.world, cast(Page, realm.page)
        self.cancelled: set[int] = set()

    def call(self, name: str, arguments: str) -> str:
        """Call a method by name, with JSON both ways; nothing is raised into the engine."""
        try:
            value = getattr(self, name)(*json.loads(arguments))
            return json.dumps({"value": value})
        except Thrown as error:
            return json.dumps({"thrown": error.name, "message": str(error)})
        except InvalidInput as error:
            return json.dumps({"thrown": "TypeError", "message": str(error)})
        except Exception as error:  # noqa: BLE001 — the driver's own fault, which the report shows
            self.world.log.append(f"bridge {name}: {error!r}")
            return json.dumps({"thrown": "TypeError", "message": f"driver: {error!r}"})

    def element(
        self, number: int, kind: str, url: str, crossorigin: str | None, integrity: str, *options: str
    ) -> None:
        call = getattr(self.page, kind)
        keywords: dict[str, str] = {"integrity": integrity} if kind in ("script", "stylesheet") else {}
        if kind == "script" and options[0] == "module":
            keywords["type"] = "module"
        if kind == "media":
            keywords["element"] = options[0]
        absolute = self.parse_url(url, self.document_base())
        url = absolute["href"] if absolute else url

        def shape(result: Result) -> dict[str, Any]:
            row: dict[str, Any] = {"loaded": result.loaded, "url": url}
            if kind == "script" and result.loaded:
                row["script"] = script_text(result)
            if kind == "image" and result.loaded:
                row["size"] = size_of(internal_of(result).body)
            return row

        self._later(number, lambda: call(url, crossorigin, **keywords), url, lambda result: shape(result))

    def event_source(self, number: int, url: str, credentials: bool) -> None:
        def shape(result: Result) -> dict[str, Any]:
            events = [[event.type, event.data, event.last_event_id] for event in result.events]
            return {"loaded": result.loaded, "events": events}

        self._later(
            number, lambda: self.page.event_source(url, with_credentials=credentials), url, lambda r: shape(r)
        )

    def worker(self, number: int, url: str) -> int:
        return start_worker(self.realm, url, number)

    def post_to_worker(self, number: int, data: Any) -> None:
        self.world.realms[number].hear(data)

    def close_self(self) -> None:
        self.realm.closed = True

    def post_to_page(self, data: Any) -> None:
        row, parent = {"worker": self.realm.id, "data": data}, self.realm.parent
        if parent is not None:
            self.world.loop.at(0, lambda: parent.call("fromWorker", row))

    def import_script(self, src: str) -> None:
        """Import a script into a worker, as one of a page at the worker's own URL."""
        # AD-HOC: the library has no importScripts(), which asks as a classic script does.
        url = self.parse_url(src, self.document_base())
        result = self.world.browser.open(self.page.url).script(url["href"]) if url else None
        if result is None or not result.loaded:
            raise Thrown("NetworkError", f"can't import {src!r}")
        self.realm.run(script_text(result))

    def beacon(self, url: str, told: Any) -> bool:
        self.page.beacon(url, None if told is None else body_of(told))
        return True

    def form(self, url: str, method: str, fields: Any) -> None:
        self.page.form(url, cast(Any, method), [tuple(field) for field in fields])

    def load_script(self, src: str, crossorigin: str | None, integrity: str) -> bool:
        """Load a script that the parser meets, and run it."""
        url = self.parse_url(src, self.document_base())
        if url is None:
            return False
        if url["pathname"] == "/resources/testharnessreport.js":
            self.realm.run(REPORT)
            return True
        result = self.page.script(url["href"], cast(Any, crossorigin), integrity=integrity)
        if result.loaded:
            self.run_script(script_text(result), url["href"])
        return result.loaded

    def run_script(self, script: str, url: str) -> None:
        self.realm.run(script)

    def cookie(self) -> str:
        return self.page.cookie

    def set_cookie(self, line: str) -> None:
        self.page.set_cookie(line)

    def new_blob_url(self, data: str, content_type: str) -> str:
        url = f"blob:{self.page.origin}/{uuid.uuid4()}"
        self.world.blobs[url] = data.encode("latin-1"), content_type
        return url

    def revoke_blob_url(self, url: str) -> None:
        self.world.blobs.pop(url, None)

    def parse_html(self, html: str) -> Any:
        return html_rows(html)

    def parse_xml(self, text: str) -> Any:
        """Parse XML into rows as HTML is; None for what is not well-formed."""
        try:
            return _xml_row(ElementTree.fromstring(text.encode("utf-8", "replace")))
        except (ElementTree.ParseError, ValueError, LookupError):
            return None

    def surroundings(self) -> dict[str, Any]:
        parent, opener = self.realm.parent, self.realm.opener
        return {
            "parent": parent and parent.id, "opener": opener and opener.id, "origin": self.page.origin,
            "secure": self.realm.url.startswith("https:"), "agent": USER_AGENT,
        }  # fmt: skip

    def top(self) -> int:
        return self.realm.top.id

    def open_frame(
        self, number: int, url: str, sandbox: str | None, srcdoc: str | None, name: str, window: bool = False
    ) -> int | None:
        absolute = self.parse_url(url, self.document_base())
        sandboxed = sandbox is not None and "allow-same-origin" not in sandbox
        return open_document(
            self.realm, absolute["href"] if absolute else "about:blank", sandboxed, srcdoc, number, window
        )

    def submit_frame(self, number: int, url: str, method: str, fields: Any) -> int | None:
        """Submit a form into a frame, which then shows what came."""
        result = self.page.form(url, cast(Any, method.lower()), [tuple(field) for field in fields])
        html = "" if result.blocked else internal_of(result).body.decode("utf-8", "replace")
        return open_document(self.realm, url, False, html, number, False)

    def navigate(self, url: str) -> None:
        self.unable("navigation")

    def close(self, number: int) -> None:
        realm = self.world.realms.get(number)
        if realm is not None:
            realm.closed = True

    def post(self, number: int, data: Any, target: str) -> None:
        realm = self.world.realms.get(number)
        row = {"data": data, "origin": self.page.origin, "source": self.realm.id}
        if realm is not None and target in ("*", "/", realm.page.origin):
            self.world.loop.at(0, lambda: realm.call("message", row))


def size_of(data: bytes) -> tuple[int, int]:
    """Find the width and the height of a PNG, a GIF or an SVG; others are of a size that nobody asks for."""
    if data.startswith(b"\x89PNG"):
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if data.startswith(b"GIF8"):
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    size = re.search(rb"<svg[^>]* width=['\"](\d+)['\"][^>]* height=['\"](\d+)['\"]", data)
    if size is not None:
        return int(size[1]), int(size[2])
    return 1, 1


def _xml_row(element: ElementTree.Element) -> list[Any]:
    children: list[Any] = [element.text or ""]
    for child in element:
        children += [_xml_row(child), child.tail or ""]
    name = element.tag.rpartition("}")[2]
    return [name, [list(row) for row in element.attrib.items()], children]
