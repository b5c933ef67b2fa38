"""How a browser that is launched comes to trust the certificate of the run: in its own profile only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import attrs

from corsim.conformance.certificates import Certificate


@attrs.frozen
class Trust:
    """A certificate, and the ports at which it is met."""

    certificate: Certificate
    ports: tuple[int, ...]

    def arguments(self, engine: str, profile: str) -> tuple[str, ...]:
        """Make a profile trust the certificate; what remains to be said goes on the command line."""
        return _STEPS[engine](self, Path(profile))


def _chromium(trust: Trust, _: Path) -> tuple[str, ...]:
    return (f"--ignore-certificate-errors-spki-list={trust.certificate.key_digest}",)


def _firefox(trust: Trust, profile: Path) -> tuple[str, ...]:
    """Write what Firefox writes when somebody accepts a certificate's risk, one line a host and port."""
    kind = "OID.2.16.840.1.101.3.4.2.1"  # SHA-256
    lines = [
        f"{host}:{port}:\t{kind}\t{trust.certificate.fingerprint}\t\n"
        for host in trust.certificate.hosts
        for port in trust.ports
    ]
    (profile / "cert_override.txt").write_text("".join(lines), "ascii")
    return ()


def _webkit(_: Trust, __: Path) -> tuple[str, ...]:
    return ("--ignore-tls-errors",)


_STEPS: Mapping[str, Callable[[Trust, Path], tuple[str, ...]]] = {
    "chromium": _chromium, "firefox": _firefox, "webkit": _webkit
}  # fmt: skip
