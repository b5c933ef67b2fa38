"""`fetch()` and `XMLHttpRequest` for the shims: the library's, answered on the virtual clock."""

from __future__ import annotations

from typing import Any

from corsim import Blob, Result
from corsim.api import fetch_method, xhr
from corsim.result import response_encoding
from corsim.values.decision import Decision
from corsim.values.errors import InvalidInput, NotServed
from corsim.values.response import NetworkError
from corsim.values.url import Url, parse_url
from wpt.crossing import body_of, headers_of, text_of, thrown
from wpt.heads import Heads

ROUND_TRIP = 0.02  # virtual seconds, so that who asks again and again sees time go by
_OPTIONS = {
    "method": "method", "mode": "mode", "credentials": "credentials", "redirect": "redirect",
    "cache": "cache",
    "referrer": "referrer", "referrerPolicy": "referrer_policy", "integrity": "integrity",
    "keepalive": "keepalive",
}  # fmt: skip

_SHOWN = {"client": "about:client", "no-referrer": ""}


class Asking(Heads):
    """Requests, and what script sees of the answers."""

    cancelled: set[int]

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
            self.page.environment,
            url,
            headers=pairs,
            body=body,
            profile=self.world.browser.profile,
            **options,
        )
        if isinstance(made, Decision):
            raise thrown(made)
        named = any(name.lower() == "accept" for name, _ in pairs)
        headers = made.headers if named else made.headers.without(frozenset({"accept"}))
        return {
            **row, "url": made.url_list[0].href,
            "method": made.method, "mode": made.mode, "redirect": made.redirect,
            "credentials": made.credentials, "cache": made.cache, "referrerPolicy": made.referrer_policy,
            "referrer": row.get("referrer", "about:client"), "headers": headers.pairs,
            "shown": made.referrer.href if isinstance(made.referrer, Url) else _SHOWN[made.referrer],
        }  # fmt: skip

    def fetch(self, number: int, row: dict[str, Any], pairs: Any, told: Any) -> None:
        options = {_OPTIONS[name]: row[name] for name in _OPTIONS if name in row and name != "method"}
        headers = [tuple(pair) for pair in pairs]

        def go() -> Result:
            body = None if told is None else body_of(told)
            if told is not None and told["kind"] == "stream":
                options["duplex"] = "half"
            return self.page.fetch(row["url"], method=row["method"], headers=headers, body=body, **options)

        self._later(number, go, row["url"], method=row["method"])

    def _later(self, number: int, go: Any, url: str, shape: Any = None, method: str = "GET") -> None:
        def task() -> None:
            if number in self.cancelled or self.realm.closed:
                return
            wpt = self.world.wpt
            wpt.late = wpt.began_late = ROUND_TRIP
            row = self._answer(go, url, shape or self._seen, method)
            in_parts = shape is None and "error" not in row
            row["rest"] = wpt.late - wpt.began_late if in_parts else 0
            self.world.loop.at(
                wpt.began_late if in_parts else wpt.late, lambda: self.realm.arrive(number, row)
            )

        self.world.loop.at(0, task)

    def _answer(self, go: Any, url: str, shape: Any, method: str = "GET") -> dict[str, Any]:
        if url.startswith("blob:"):
            return self._blob(url) if method == "GET" else {"error": "a blob is only got"}
        try:
            row: dict[str, Any] = shape(go())
            return row
        except (NotServed, InvalidInput) as error:
            return {"error": f"nothing there: {error}"}

    def _blob(self, url: str) -> dict[str, Any]:
        data, content_type = self.world.blobs.get(url.partition("#")[0], (None, ""))
        if data is None or not url.startswith(f"blob:{self.page.origin}/"):
            return {"error": "no such blob"}
        headers = [("Content-Length", str(len(data))), ("Content-Type", content_type)]
        lines = "".join(f"{name.lower()}: {value}\r\n" for name, value in headers)
        return {
            "type": "basic", "status": 200, "statusText": "OK", "url": url, "redirected": False,
            "headers": headers,
            "body": text_of(data), "all": lines, "length": len(data), "loaded": True,
        }  # fmt: skip

    def _seen(self, result: Result) -> dict[str, Any]:
        """What script sees of a result."""
        if result.blocked is not None:
            self.world.log.append(f"{result!r}")
            return {"error": str(result.blocked)}
        has_body = (
            result.readable
            and not isinstance(result.response, NetworkError)
            and not result.response.body_is_null
        )
        length = result.headers.get("content-length", "")
        return {
            "type": result.type, "status": result.status, "statusText": result.status_text, "url": result.url,
            "redirected": result.redirected, "headers": result.headers.pairs,
            "body": text_of(result.body) if has_body else None,
            "all": result.get_all_response_headers() if result.api == "xhr" else "",
            "length": int(length) if length.isdigit() else 0, "loaded": result.loaded,
        }  # fmt: skip

    def cancel(self, number: int) -> None:
        self.cancelled.add(number)

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
        return self.realm.base_url

    def xhr_set_header(self, pairs: Any, name: str, value: str) -> Any:
        changed = xhr.set_request_header(headers_of(pairs), (name, value), self.world.browser.profile)
        if isinstance(changed, Decision):
            raise thrown(changed)
        return changed.pairs

    def xhr(self, number: int, *arguments: Any) -> None:
        self._later(number, lambda: self._xhr(*arguments), arguments[0]["url"], method=arguments[0]["method"])

    def xhr_sync(self, *arguments: Any) -> dict[str, Any]:
        return self._answer(
            lambda: self._xhr(*arguments), arguments[0]["url"], self._seen, arguments[0]["method"]
        )

    def _xhr(
        self, opened: dict[str, str], pairs: Any, told: Any, credentials: bool, listened: bool
    ) -> Result:
        return self.page.xhr(
            opened["url"], method=opened["method"], headers=[tuple(pair) for pair in pairs],
            body=None if told is None else body_of(told), with_credentials=credentials,
            upload_listener=listened,
        )  # fmt: skip

    def xhr_text(self, body: str, pairs: Any, override: str | None, kind: str) -> str:
        """Decode as `responseText` does: XML may say its encoding itself."""
        headers = headers_of(pairs)
        if override is not None and "charset" in override:
            headers = headers.set("Content-Type", override)
        data = body.encode("latin-1")
        return data.decode(response_encoding(headers, data), "replace").removeprefix("\ufeff")
