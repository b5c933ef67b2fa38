"""A certificate authority that lives for one run, and the certificate that it issues.

Its key never leaves the process. A browser is made to trust it in the profile that it
gets for the run, or by whoever installs it on their own device.
"""

from __future__ import annotations

import base64
import hashlib
import ssl
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec

import attrs

from corsim.cases import Case
from corsim.conformance.replayable import urls_of
from corsim.values.url import parse_url

EXTRA = "corsim[conformance]"
"""What to install for https: the libraries that make certificates are not needed for anything else."""

_LIFETIME = timedelta(days=30)


def certificates_available() -> bool:
    """Say whether certificates can be made: whether the extra is installed."""
    return find_spec("trustme") is not None


@attrs.frozen
class Certificate:
    """A certificate for some hosts, as the server needs it, and as browsers name it."""

    hosts: tuple[str, ...]
    context: ssl.SSLContext
    leaf: bytes
    """The certificate itself, as PEM."""
    authority: bytes
    """The authority's own certificate, as PEM: what a device is to trust."""
    fingerprint: str
    """SHA-256 of the certificate, in hexadecimal pairs."""
    key_digest: str
    """SHA-256 of its public key, in base64."""


def issue_certificate(hosts: Iterable[str]) -> Certificate:
    """Make an authority, and have it issue one certificate for all hosts."""
    import trustme
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    names = tuple(sorted(set(hosts)))
    now = datetime.now(UTC)
    authority = trustme.CA(organization_name="corsim conformance")
    # Apple's systems take no certificate that is valid for years.
    issued = authority.issue_cert(*names, not_before=now - timedelta(days=1), not_after=now + _LIFETIME)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    pem = issued.cert_chain_pems[0].bytes()
    key = x509.load_pem_x509_certificate(pem).public_key()
    key_bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Certificate(
        hosts=names,
        context=context,
        leaf=pem,
        authority=authority.cert_pem.bytes(),
        fingerprint=hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem.decode())).digest().hex(":").upper(),
        key_digest=base64.b64encode(hashlib.sha256(key_bytes).digest()).decode(),
    )


def hosts_of(cases: Iterable[Case], domain: str) -> Iterator[str]:
    """List the hosts that cases name, as they are called below a domain; the runner's own is among them.

    >>> from corsim.cases import load_cases
    >>> set(hosts_of(load_cases(), "localhost")) >= {"app.localhost", "api.localhost", "localhost"}
    True
    """
    yield f"app.{domain}"
    for case in cases:
        for text in urls_of(case):
            url = parse_url(text)
            if url is not None and url.host is not None:
                if url.host == "localhost":
                    yield domain
                elif url.host.endswith(".example"):
                    yield url.host.removesuffix("example") + domain
