"""The authority of one run: its certificate, the server behind it, and who is made to trust it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from corsim.cases import load_cases
from corsim.conformance.certificates import Certificate, hosts_of, issue_certificate
from corsim.conformance.server import Answer, RawRequest, Server
from corsim.conformance.trust import Trust

HOSTS = ("api.localhost", "xn--bcher-kva.localhost", "localhost")


@pytest.fixture(scope="module")
def certificate() -> Certificate:
    return issue_certificate(HOSTS)


async def asked(server: Server, client: ssl.SSLContext, host: str) -> tuple[bytes, bytes]:
    """What a server answers over TLS, and the certificate that it shows."""
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", server.ports[0], ssl=client, server_hostname=host
    )
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    answer = (await reader.read()).rpartition(b"\r\n\r\n")[2]
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    return answer, shown


def test_the_server_over_tls(certificate: Certificate) -> None:
    """Who trusts the authority is served, by each name; who does not hangs up, and harms nobody."""

    async def handle(_: RawRequest) -> Answer:
        return Answer(200, (), b"hi")

    async def talking() -> None:
        server = Server(handle)
        await server.start(count=1, context=certificate.context)
        trusting = ssl.create_default_context(cadata=certificate.authority.decode("ascii"))
        try:
            with pytest.raises(ssl.SSLCertVerificationError, match="verify failed"):
                await asked(server, ssl.create_default_context(), HOSTS[0])
            for host in HOSTS:
                answer, shown = await asked(server, trusting, host)
                assert answer == b"hi"
            with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
                await asked(server, trusting, "elsewhere.localhost")
        finally:
            await server.stop()
        assert certificate.fingerprint.replace(":", "") == hashlib.sha256(shown).hexdigest().upper()
        key = x509.load_der_x509_certificate(shown).public_key()
        key_bytes = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        assert base64.b64decode(certificate.key_digest) == hashlib.sha256(key_bytes).digest()

    asyncio.run(talking())


def test_it_lives_for_weeks(certificate: Certificate) -> None:
    """Devices that take no certificate of more than 825 days take this one, today and tomorrow."""
    leaf = x509.load_pem_x509_certificate(certificate.leaf)
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc < timedelta(days=825)
    assert leaf.not_valid_before_utc < datetime.now(UTC)
    assert leaf.not_valid_after_utc > datetime.now(UTC) + timedelta(days=1)


def test_hosts() -> None:
    """Every host that a case names is in the certificate, below the domain of the run."""
    hosts = set(hosts_of(load_cases(), "test.example.com"))
    assert hosts >= {"app.test.example.com", "b.shop.test.example.com", "xn--bcher-kva.test.example.com"}
    assert "test.example.com" in hosts  # what a case calls localhost
    assert all(host.endswith("test.example.com") for host in hosts)


@pytest.mark.parametrize(
    ("engine", "words"),
    [
        ("chromium", "--ignore-certificate-errors-spki-list={0.key_digest}"),
        ("firefox", ""),
        ("webkit", "--ignore-tls-errors"),
    ],
)
def test_trust(engine: str, words: str, certificate: Certificate, tmp_path: Path) -> None:
    """Each engine is told in its own way, on its command line or in its profile."""
    arguments = Trust(certificate, (4443, 4444)).arguments(engine, str(tmp_path))
    assert " ".join(arguments) == words.format(certificate)
    files = [file.name for file in tmp_path.iterdir()]
    assert files == (["cert_override.txt"] if engine == "firefox" else [])


def test_trust_of_firefox(certificate: Certificate, tmp_path: Path) -> None:
    """Firefox takes one line a host and port, with the certificate's fingerprint."""
    Trust(certificate, (4443, 4444)).arguments("firefox", str(tmp_path))
    lines = (tmp_path / "cert_override.txt").read_text().splitlines()
    assert len(lines) == 2 * len(HOSTS)
    assert any(line.startswith("api.localhost:4444:\t") for line in lines)
    assert all(certificate.fingerprint in line for line in lines)
