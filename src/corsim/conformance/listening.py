"""Where the server listens for a run: plain ports, ports over TLS, and ports that nobody is to ask."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from corsim.cases import Case
from corsim.conformance.certificates import (
    EXTRA,
    Certificate,
    certificates_available,
    hosts_of,
    issue_certificate,
)
from corsim.conformance.loopback import World, is_trusted
from corsim.conformance.replayable import keeps_schemes, refused_ports
from corsim.conformance.server import Server
from corsim.conformance.trust import Trust

PLAIN, SECURE = 6, 3
"""How many ports of each kind: no case has more pairs of scheme and port."""


@attrs.frozen
class Ground:
    """What cases are replayed on: the world that they see, and the certificate of its secure ports."""

    world: World
    certificate: Certificate | None

    @property
    def trust(self) -> Trust | None:
        """What a browser that is launched has to trust."""
        return None if self.certificate is None else Trust(self.certificate, self.world.secure_ports)

    @property
    def authority(self) -> bytes:
        """The authority's certificate, for whoever opens the page on a device of their own."""
        return b"" if self.certificate is None else self.certificate.authority

    def reason_not_replayed(self, case: Case) -> str | None:
        """Say what is missing here for a case; None if nothing is."""
        if keeps_schemes(case) and self.certificate is None:
            return f"over https, and without `pip install {EXTRA}` there are no certificates"
        for _, port in refused_ports(case):
            if port not in self.world.refused_ports:
                return f"whether a browser asks port {port} can't be seen: to listen there was not allowed"
        return None


async def listen(
    server: Server, cases: Iterable[Case], bind: str = "127.0.0.1", first_port: int = 0,
    domain: str = "localhost",
) -> Ground:  # fmt: skip
    """Have the server listen wherever the cases need it; raises `OSError` where a port is taken."""
    cases = tuple(cases)
    plain = await server.start(bind, first_port, PLAIN)
    secure: tuple[int, ...] = ()
    certificate = None
    if certificates_available() and (any(map(keeps_schemes, cases)) or not is_trusted(domain)):
        certificate = issue_certificate({*hosts_of(cases, domain), "localhost"})
        after = first_port + PLAIN if first_port else 0
        secure = await server.start(bind, after, SECURE, certificate.context)
    refused = set()
    for case in cases:
        for scheme, port in refused_ports(case):
            over_tls = certificate is not None and keeps_schemes(case) and scheme == "https"
            if port not in refused and await _listens(server, bind, port, certificate if over_tls else None):
                refused.add(port)
    # Whoever is on this machine, or has its ports brought to his own, calls it so.
    here = "localhost" if bind == "127.0.0.1" and domain != "localhost" else ""
    return Ground(World(plain, domain, secure, frozenset(refused), here), certificate)


async def _listens(server: Server, bind: str, port: int, certificate: Certificate | None) -> bool:
    """Listen on one port of a fixed number; most are below 1024, which not everybody may use."""
    try:
        await server.start(bind, port, 1, None if certificate is None else certificate.context)
    except OSError:
        return False
    return True
