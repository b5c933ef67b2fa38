"""Subresource Integrity: https://w3c.github.io/webappsec-subresource-integrity/#verification-algorithms."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode

ALGORITHMS = ("sha256", "sha384", "sha512")  # the later, the stronger
_ASCII_SPACE = re.compile(r"[\t\n\f\r ]+")


def bytes_match(body: bytes, metadata_list: str) -> bool:
    """Say whether bytes match a list such as `sha384-...`; one of no algorithm that is known says nothing.

    https://w3c.github.io/webappsec-subresource-integrity/#does-response-match-metadatalist
    """
    # 1. and 2. What can't be read asks for nothing.
    metadata = parse_metadata(metadata_list)
    if not metadata:
        return True
    # 3. Only the strongest count.
    strongest = max(ALGORITHMS.index(algorithm) for algorithm, _ in metadata)
    # 4. and 5. One that is right is enough.
    return (ALGORITHMS[strongest], digest(ALGORITHMS[strongest], body)) in metadata


def digest(algorithm: str, body: bytes) -> str:
    """Apply an algorithm to bytes: the digest in base64."""
    return b64encode(hashlib.new(algorithm, body).digest()).decode("ascii")


def parse_metadata(text: str) -> tuple[tuple[str, str], ...]:
    """Parse what `integrity` says, as pairs of an algorithm and a digest in base64.

    https://w3c.github.io/webappsec-subresource-integrity/#parse-metadata

    >>> parse_metadata("sha256-abc= md5-x sha512-def?option")
    (('sha256', 'abc='), ('sha512', 'def'))
    """
    items = (item.partition("?")[0].split("-") for item in _ASCII_SPACE.split(text) if item)
    return tuple((item[0], item[1] if len(item) > 1 else "") for item in items if item[0] in ALGORITHMS)
