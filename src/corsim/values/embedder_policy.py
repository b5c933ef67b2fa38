"""Embedder policies: https://html.spec.whatwg.org/multipage/browsers.html#coep."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from corsim.values.headers import Headers

EmbedderPolicy: TypeAlias = Literal["unsafe-none", "require-corp", "credentialless"]

# An item of a structured field, https://httpwg.org/specs/rfc9651.html#parse-item, if it is a token.
_TOKEN = r"[A-Za-z*][A-Za-z0-9:/!#$%&'*+.^_`|~-]*"
_BARE_ITEM = rf'(?:-?[0-9]+(?:\.[0-9]+)?|"(?:[ !#-\[\]-~]|\\["\\])*"|{_TOKEN}|:[A-Za-z0-9+/=]*:|\?[01])'
_ITEM = re.compile(rf" *(?P<token>{_TOKEN})(?:; *[a-z*][a-z0-9_.*-]*(?:={_BARE_ITEM})?)* *")


def parse_embedder_policy(headers: Headers) -> EmbedderPolicy:
    """Read `Cross-Origin-Embedder-Policy`; what is malformed, or is not known, is no policy.

    >>> parse_embedder_policy(Headers({"Cross-Origin-Embedder-Policy": 'require-corp; report-to="here"'}))
    'require-corp'
    """
    value = headers.index.get("cross-origin-embedder-policy", "")
    match = _ITEM.fullmatch(value)
    if match is None or match["token"] not in ("require-corp", "credentialless"):
        return "unsafe-none"
    return "require-corp" if match["token"] == "require-corp" else "credentialless"
