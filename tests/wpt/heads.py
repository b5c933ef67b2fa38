"""`Headers` and bodies for the shims, by the library's guards and its way to extract a body."""

from __future__ import annotations

from email import policy
from email.parser import BytesParser
from typing import Any, cast

from corsim.api import guards
from corsim.api.bodies import extract_body
from corsim.values.decision import Decision
from corsim.values.headers import HTTP_WHITESPACE, is_header_value
from corsim.values.methods import is_token
from corsim.values.mime import extract_mime_type, parse_mime_type
from corsim.values.safelist import FORBIDDEN_RESPONSE_HEADERS, is_no_cors_safelisted_request_header
from wpt.crossing import Thrown, body_of, headers_of, text_of, thrown
from wpt.texts import Texts


class Heads(Texts):
    """Headers and bodies."""

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
        headers = headers_of(pairs)
        if not self._validated(guard, name, value):
            return pairs
        if guard in ("request", "request-no-cors"):
            return guards.append(headers, name, value, cast(Any, guard), self.world.browser.profile).pairs
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
        headers = headers_of(pairs).set(name, value)
        return (headers.without(frozenset({"range"})) if guard == "request-no-cors" else headers).pairs

    def headers_delete(self, pairs: Any, guard: str, name: str) -> Any:
        if not self._validated(guard, name, ""):
            return pairs
        if guard == "request-no-cors" and name.lower() not in (
            "accept", "accept-language", "content-language", "content-type", "range",
        ):  # fmt: skip
            return pairs
        return headers_of(pairs).without(frozenset({name.lower()})).pairs

    def headers_get(self, pairs: Any, name: str, lax: bool = False) -> str | None:
        if not is_token(name):
            if lax:
                return None
            raise Thrown("TypeError", f"no header's name: {name!r}")
        return headers_of(pairs).get(name)

    def headers_items(self, pairs: Any) -> list[tuple[str, str]]:
        rows = [row for row in headers_of(pairs).items() if row[0] != "set-cookie"]
        cookies = [("set-cookie", value) for name, value in pairs if name.lower() == "set-cookie"]
        return sorted([*rows, *cookies], key=lambda row: row[0])

    def content_type(self, pairs: Any) -> str:
        """Extract a body's type; of several the last that is one. It goes back as text."""
        return str(extract_mime_type(headers_of(pairs)) or "")

    def extract(self, told: dict[str, Any]) -> dict[str, Any]:
        data, content_type = extract_body(body_of(told))
        return {"data": text_of(data), "type": content_type}

    def mime_type(self, text: str) -> str:
        mime_type = parse_mime_type(text)
        return "" if mime_type is None else str(mime_type)

    def mime_type_or_binary(self, text: str) -> str:
        return self.mime_type(text) or "application/octet-stream"

    def final_type(self, pairs: Any, override: str | None) -> str:
        return override or self.content_type(pairs) or "text/xml"

    def parse_form(self, data: str, content_type: str) -> list[Any]:
        mime_type = parse_mime_type(content_type)
        essence = "" if mime_type is None else mime_type.essence
        if essence == "application/x-www-form-urlencoded":
            return self.parse_query(self.decode(data, "utf-8", False, True))
        if essence != "multipart/form-data" or mime_type is None or not mime_type.parameter("boundary"):
            raise Thrown("TypeError", f"no form: {content_type!r}")
        return _multipart(data.encode("latin-1"), content_type)


def _multipart(data: bytes, content_type: str) -> list[Any]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1")
    message = BytesParser(policy=policy.HTTP).parsebytes(head + data)
    if not message.is_multipart():
        raise Thrown("TypeError", "no form")
    rows: list[Any] = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        body = cast(bytes, part.get_payload(decode=True) or b"")
        if name is None:
            raise Thrown("TypeError", "a part without a name")
        filename = part.get_filename()
        if filename is None:
            rows.append([name, body.decode("utf-8", "replace")])
        else:
            rows.append([name, {"name": filename, "type": part.get_content_type(), "data": text_of(body)}])
    return rows
