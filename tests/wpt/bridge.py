"""What the shims ask for, by the library: each method is one `bridge(name, ...)` of the JavaScript."""

from __future__ import annotations

import json
import uuid
from codecs import lookup
from email import policy
from email.parser import BytesParser
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import ada_url
from corsim import Blob, Form, Params, Result
from corsim.api import fetch_method, guards, xhr
from corsim.api.bodies import extract_body
from corsim.result import response_encoding
from corsim.values.decision import Decision
from corsim.values.errors import InvalidInput, NotServed
from corsim.values.headers import HTTP_WHITESPACE, Headers, is_header_value
from corsim.values.mime import parse_mime_type
from corsim.values.methods import is_token
from corsim.values.safelist import FORBIDDEN_RESPONSE_HEADERS, is_no_cors_safelisted_request_header
from corsim.values.url import parse_url

from wpt.documents import html_rows, open_document
from wpt.server import USER_AGENT

if TYPE_CHECKING:
    from wpt.realm import Realm

PARTS = ("href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash")


class Thrown(Exception):
    """An exception that script gets: the name of a DOMException, or of an Error."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def thrown(decision: Decision) -> Thrown:
    """Make the exception that the library says script gets."""
    return Thrown(decision.outcome, str(decision))


def text_of(data: bytes) -> str:
    return data.decode("latin-1")


class Bridge:
    """One realm's way to the library."""

    def __init__(self, realm: Realm) -> None:
        self.realm, self.world, self.page = realm, realm.world, realm.page
        self._cancelled: set[int] = set()

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

    # -- time and text -------------------------------------------------------------------

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
        name = {"utf8": "utf-8", "ascii": "windows-1252", "latin1": "windows-1252"}.get(label.lower(), label.lower())
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

    # -- URLs ----------------------------------------------------------------------------

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

    # -- headers, by the library's guards --------------------------------------------------

    def _validated(self, guard: str, name: str, value: str) -> bool:
        if not is_token(name) or not is_header_value(value):
            raise Thrown("TypeError", f"no header: {name!r}: {value!r}")
        if guard == "immutable":
            raise Thrown("TypeError", "these headers are immutable")
        if guard in ("request", "request-no-cors"):
            valid = guards.validate(name, value, self.world.browser.profile)
            if isinstance(valid, Decision):
                raise thrown(valid)
            return valid
        return not (guard == "response" and name.lower() in FORBIDDEN_RESPONSE_HEADERS)

    def headers_append(self, pairs: Any, guard: str, name: str, value: str) -> Any:
        value = value.strip(HTTP_WHITESPACE)
        headers = _headers(pairs)
        if not self._validated(guard, name, value):
            return pairs
        if guard in ("request", "request-no-cors"):
            return guards.append(headers, name, value, guard, self.world.browser.profile).pairs
        return headers.appended((name, value)).pairs

    def headers_fill(self, pairs: Any, guard: str) -> Any:
        filled: Any = []
        for name, value in pairs:
            filled = self.headers_append(filled, guard, name, value)
        return filled

    def headers_set(self, pairs: Any, guard: str, name: str, value: str) -> Any:
        value = value.strip(HTTP_WHITESPACE)
        if not self._validated(guard, name, value):
            return pairs
        if guard == "request-no-cors" and not is_no_cors_safelisted_request_header(name, value):
            return pairs
        headers = _headers(pairs).set(name, value)
        return (headers.without(frozenset({"range"})) if guard == "request-no-cors" else headers).pairs

    def headers_delete(self, pairs: Any, guard: str, name: str) -> Any:
        if not self._validated(guard, name, ""):
            return pairs
        if guard == "request-no-cors" and name.lower() not in (
            "accept", "accept-language", "content-language", "content-type", "range",
        ):  # fmt: skip
            return pairs
        return _headers(pairs).without(frozenset({name.lower()})).pairs

    def headers_get(self, pairs: Any, name: str, lax: bool = False) -> str | None:
        if not is_token(name):
            if lax:
                return None
            raise Thrown("TypeError", f"no header's name: {name!r}")
        return _headers(pairs).get(name)

    def headers_items(self, pairs: Any) -> list[tuple[str, str]]:
        rows = [row for row in _headers(pairs).items() if row[0] != "set-cookie"]
        cookies = [("set-cookie", value) for name, value in pairs if name.lower() == "set-cookie"]
        return sorted([*rows, *cookies], key=lambda row: row[0])

    def content_type(self, pairs: Any) -> str:
        return _headers(pairs).get("content-type", "")

    # -- bodies ----------------------------------------------------------------------------

    def extract(self, told: dict[str, Any]) -> dict[str, Any]:
        data, content_type = extract_body(body_of(told))
        return {"data": text_of(data), "type": content_type}

    def mime_type(self, text: str) -> str:
        mime_type = parse_mime_type(text)
        return "" if mime_type is None else str(mime_type)

    def mime_type_or_binary(self, text: str) -> str:
        return self.mime_type(text) or "application/octet-stream"

    def final_type(self, pairs: Any, override: str | None) -> str:
        return override or self.mime_type(_headers(pairs).get("content-type", "")) or "text/xml"

    def parse_form(self, data: str, content_type: str) -> list[Any]:
        mime_type = parse_mime_type(content_type)
        essence = "" if mime_type is None else mime_type.essence
        if essence == "application/x-www-form-urlencoded":
            return self.parse_query(self.decode(data, "utf-8", False, True))
        if essence != "multipart/form-data" or mime_type is None or not mime_type.parameter("boundary"):
            raise Thrown("TypeError", f"no form: {content_type!r}")
        return _multipart(data.encode("latin-1"), content_type)

    # -- requests --------------------------------------------------------------------------

    def new_request(
        self, url: str, given: dict[str, Any], pairs: Any, content_type: str | None, has_body: bool
    ) -> dict[str, Any]:
        """Construct a request by the library, and say what script can read of it."""
        row = {name: given[name] for name in given if name in _OPTIONS}
        options = {_OPTIONS[name]: value for name, value in row.items()}
        body = Blob(b"", content_type or "") if has_body else None
        pairs = [tuple(pair) for pair in pairs]
        if has_body and content_type and not any(name.lower() == "content-type" for name, _ in pairs):
            guard = "request-no-cors" if row.get("mode") == "no-cors" else "request"
            pairs = [*self.headers_fill(pairs, guard), ("Content-Type", content_type)]
            body = Blob(b"")
        made = fetch_method.new_request(
            self.page.environment, url, headers=pairs, body=body, profile=self.world.browser.profile, **options
        )
        if isinstance(made, Decision):
            raise thrown(made)
        named = any(name.lower() == "accept" for name, _ in pairs)
        headers = made.headers if named else made.headers.without(frozenset({"accept"}))
        shown = {"client": "about:client", "no-referrer": ""}.get(made.referrer) if isinstance(made.referrer, str) else None
        return {
            **row, "url": made.url_list[0].href, "method": made.method, "mode": made.mode, "redirect": made.redirect,
            "credentials": made.credentials, "cache": made.cache, "referrerPolicy": made.referrer_policy,
            "referrer": row.get("referrer", "about:client"), "headers": headers.pairs,
            "shown": made.referrer.href if shown is None else shown,
        }  # fmt: skip

    def fetch(self, number: int, row: dict[str, Any], pairs: Any, told: Any) -> None:
        options = {_OPTIONS[name]: row[name] for name in _OPTIONS if name in row and name != "method"}
        headers = [tuple(pair) for pair in pairs]
        body = None if told is None else body_of(told)

        def go() -> Result:
            return self.page.fetch(row["url"], method=row["method"], headers=headers, body=body, **options)

        self._later(number, go, row["url"], method=row["method"])

    def _later(self, number: int, go: Any, url: str, shape: Any = None, method: str = "GET") -> None:
        def task() -> None:
            if number in self._cancelled or self.realm.closed:
                return
            self.world.wpt.late = 0.0
            row = self._answer(go, url, shape or self._seen, method)
            self.world.loop.at(self.world.wpt.late, lambda: self.realm.arrive(number, row))

        self.world.loop.at(0, task)

    def _answer(self, go: Any, url: str, shape: Any, method: str = "GET") -> dict[str, Any]:
        if url.startswith("blob:"):
            return self._blob(url) if method == "GET" else {"error": "a blob is only got"}
        try:
            return shape(go())
        except (NotServed, InvalidInput) as error:
            return {"error": f"nothing there: {error}"}

    def _blob(self, url: str) -> dict[str, Any]:
        data, content_type = self.world.blobs.get(url.partition("#")[0], (None, ""))
        if data is None:
            return {"error": "no such blob"}
        headers = [("Content-Length", str(len(data))), ("Content-Type", content_type)]
        lines = "".join(f"{name.lower()}: {value}\r\n" for name, value in headers)
        return {
            "type": "basic", "status": 200, "statusText": "OK", "url": url, "redirected": False, "headers": headers,
            "body": text_of(data), "all": lines, "length": len(data), "loaded": True,
        }  # fmt: skip

    def _seen(self, result: Result) -> dict[str, Any]:
        """What script sees of a result."""
        if result.blocked is not None:
            return {"error": str(result.blocked)}
        has_body = result.readable and not result.response.body_is_null
        length = result.headers.get("content-length", "")
        return {
            "type": result.type, "status": result.status, "statusText": result.status_text, "url": result.url,
            "redirected": result.redirected, "headers": result.headers.pairs,
            "body": text_of(result.body) if has_body else None,
            "all": result.get_all_response_headers() if result.api == "xhr" else "",
            "length": int(length) if length.isdigit() else 0, "loaded": result.loaded,
        }  # fmt: skip

    def cancel(self, number: int) -> None:
        self._cancelled.add(number)

    # -- XMLHttpRequest ----------------------------------------------------------------------

    def xhr_open(self, method: str, url: str) -> dict[str, str]:
        base = self.document_base()
        parsed = parse_url(url, parse_url(base))
        opened = xhr.open_xhr(
            self.page.environment, method, parsed.href if parsed else url, self.world.browser.profile
        )
        if isinstance(opened, Decision):
            raise thrown(opened)
        return {"method": opened[0], "url": opened[1].href}

    def document_base(self) -> str:
        return str(self.realm.context.eval("document.baseURI"))

    def xhr_set_header(self, pairs: Any, name: str, value: str) -> Any:
        changed = xhr.set_request_header(_headers(pairs), (name, value), self.world.browser.profile)
        if isinstance(changed, Decision):
            raise thrown(changed)
        return changed.pairs

    def xhr(self, number: int, *arguments: Any) -> None:
        self._later(number, lambda: self._xhr(*arguments), arguments[0]["url"], method=arguments[0]["method"])

    def xhr_sync(self, *arguments: Any) -> dict[str, Any]:
        return self._answer(
            lambda: self._xhr(*arguments), arguments[0]["url"], self._seen, arguments[0]["method"]
        )

    def _xhr(self, opened: dict[str, str], pairs: Any, told: Any, credentials: bool, listened: bool) -> Result:
        return self.page.xhr(
            opened["url"], method=opened["method"], headers=[tuple(pair) for pair in pairs],
            body=None if told is None else body_of(told), with_credentials=credentials, upload_listener=listened,
        )  # fmt: skip

    def xhr_text(self, body: str, pairs: Any, override: str | None, kind: str) -> str:
        """Decode as `responseText` does: XML may say its encoding itself."""
        headers = _headers(pairs)
        if override is not None and "charset" in override:
            headers = headers.set("Content-Type", override)
        data = body.encode("latin-1")
        return data.decode(response_encoding(headers, data), "replace").removeprefix("\ufeff")

    # -- elements ------------------------------------------------------------------------------

    def element(self, number: int, kind: str, url: str, crossorigin: str | None, *options: str) -> None:
        call = getattr(self.page, kind)
        keywords: dict[str, str] = {}
        if kind == "script" and options[0] == "module":
            keywords["type"] = "module"
        if kind == "media":
            keywords["element"] = options[0]
        absolute = self.parse_url(url, self.document_base())
        url = absolute["href"] if absolute else url

        def shape(result: Result) -> dict[str, Any]:
            row: dict[str, Any] = {"loaded": result.loaded, "url": url}
            if kind == "script" and result.loaded:
                row["script"] = result.response.internal.body.decode("utf-8", "replace")
            return row

        self._later(number, lambda: call(url, crossorigin, **keywords), url, lambda result: shape(result))

    def event_source(self, number: int, url: str, credentials: bool) -> None:
        self._later(number, lambda: self.page.event_source(url, with_credentials=credentials), url)

    def beacon(self, url: str, told: Any) -> bool:
        self.page.beacon(url, None if told is None else body_of(told))
        return True

    def form(self, url: str, method: str, fields: Any) -> None:
        self.page.form(url, method, [tuple(field) for field in fields])

    def load_script(self, src: str, crossorigin: str | None) -> bool:
        """Load a script that the parser meets, and run it."""
        url = self.parse_url(src, self.document_base())
        if url is None:
            return False
        if url["pathname"] == "/resources/testharnessreport.js":
            self.realm.run(REPORT)
            return True
        result = self.page.script(url["href"], crossorigin)
        if result.loaded:
            self.run_script(result.response.internal.body.decode("utf-8", "replace"), url["href"])
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

    # -- other documents ---------------------------------------------------------------------------

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
        return open_document(self.realm, absolute["href"] if absolute else "about:blank", sandboxed, srcdoc, number, window)

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


_OPTIONS = {
    "method": "method", "mode": "mode", "credentials": "credentials", "redirect": "redirect", "cache": "cache",
    "referrer": "referrer", "referrerPolicy": "referrer_policy",
}  # fmt: skip

REPORT = """
setup({ output: false });
add_completion_callback((tests, status) => __realm.bridge("report", {
  status: status.status, message: String(status.message ?? ""),
  tests: tests.map((test) => ({ name: test.name, status: test.status, message: String(test.message ?? "") })),
}));
"""


def _xml_row(element: ElementTree.Element) -> list[Any]:
    children: list[Any] = [element.text or ""]
    for child in element:
        children += [_xml_row(child), child.tail or ""]
    name = element.tag.rpartition("}")[2]
    return [name, [list(row) for row in element.attrib.items()], children]


def _headers(pairs: Any) -> Headers:
    return Headers.of(tuple((name, value) for name, value in pairs))


def body_of(told: dict[str, Any]) -> Any:
    """Make the library's body of what a shim told."""
    kind, data = told["kind"], told["data"]
    if kind == "blob":
        return Blob(data.encode("latin-1"), told["type"])
    if kind == "bytes":
        return data.encode("latin-1")
    if kind == "params":
        return Params([tuple(row) for row in data])
    if kind == "form":
        return Form([tuple(row) for row in data])
    return data


def _multipart(data: bytes, content_type: str) -> list[Any]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1")
    message = BytesParser(policy=policy.HTTP).parsebytes(head + data)
    if not message.is_multipart():
        raise Thrown("TypeError", "no form")
    rows: list[Any] = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        body = part.get_payload(decode=True) or b""
        if name is None:
            raise Thrown("TypeError", "a part without a name")
        filename = part.get_filename()
        if filename is None:
            rows.append([name, body.decode("utf-8", "replace")])
        else:
            rows.append([name, {"name": filename, "type": part.get_content_type(), "data": text_of(body)}])
    return rows
