"""Where the hosts of a case are while it is replayed: names below one domain, on this machine.

A case speaks of `https://api.example`; in a browser that is `http://api.localhost:PORT`,
or `https://api.localhost:PORT` where the case depends on its schemes. Hosts stay hosts, sites
stay sites, and each pair of scheme and port gets a port, so any two URLs are same-origin,
same-site or neither just as the case has them. Every path gets a prefix of the replay's own,
so that no cache ever mixes two replays.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import attrs

from corsim.values.origin import DEFAULT_PORTS

# A bare host counts only where it ends in .example; `localhost` is an ordinary word elsewhere.
_PLACE = re.compile(
    r"(?:(?P<scheme>https?|wss?):)?"
    r"(?P<slashes>//)?(?P<userinfo>[^/?#@\s\"',]*@)?"
    r"(?P<host>[^/?#@:\s\"',]+\.example|(?<=//)localhost|(?<=@)localhost|(?<=//)127\.0\.0\.1)(?![\w.-])"
    r"(?P<port>:[0-9]+)?",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:[\w-]+\.)*example(?![\w.-])|localhost", re.IGNORECASE)
ADDRESS = "127.0.0.1"  # of this machine, which is a name like any other to some engines' policies
_ROOTED = re.compile(r"\s*/(?![/\\])")


def is_trusted(domain: str) -> bool:
    """Say whether browsers trust all names below a domain because they lead to this machine."""
    return domain == "localhost" or domain.endswith(".localhost")


class NoPortLeft(Exception):
    """A case has more pairs of scheme and port than the server has ports."""


@attrs.frozen
class World:
    """What the server listens on: the domain whose names lead to it, and its ports.

    `secure_ports` speak TLS; there are none where certificates can't be made. `refused_ports`
    are those that no browser is to connect to: the server is there to tell if one does.
    """

    ports: tuple[int, ...]
    domain: str = "localhost"
    secure_ports: tuple[int, ...] = ()
    refused_ports: frozenset[int] = frozenset()
    this_machine: str = ""
    """What `localhost` of a case is called, where that is not the domain."""

    @property
    def is_trusted(self) -> bool:
        """Whether browsers trust all its names, whatever the scheme."""
        return is_trusted(self.domain)

    def url(self, path: str = "/") -> str:
        """Write the URL of a page of the runner's own.

        It is of the host that most pages of cases have, so that as frames they are at home:
        WebKit trims the referrers of frames that are not.
        """
        return f"http://app.{self.domain}:{self.ports[0]}{path}"

    def secure_url(self, path: str, host: str = "app") -> str:
        """Write a URL over https."""
        return f"https://{host}.{self.domain}:{self.secure_ports[0]}{path}"

    def scheme_of(self, host: str) -> str:
        """Say over which scheme a request came, by its Host header."""
        return "https" if host.rpartition(":")[2] in map(str, self.secure_ports) else "http"


@attrs.define
class Mapping:
    """The names of one replay: `to_...` from the case to this machine, `fold` back.

    Everything is over http unless it `keeps_schemes`.
    """

    world: World
    prefix: str
    keeps_schemes: bool = False
    _ports: dict[tuple[str, int], int] = attrs.field(factory=dict)

    def to_url(self, text: str) -> str:
        """Map a URL that is fetched or led to, be it absolute or not; the path gets the prefix."""
        if _ROOTED.match(text):
            return text.replace("/", f"{self.prefix}/", 1)
        return _PLACE.sub(lambda match: self._place(match) + self.prefix, text, count=1)

    def to_value(self, text: str) -> str:
        """Map every origin and host in a header's value."""
        return _PLACE.sub(self._place, text)

    def to_host(self, text: str) -> str:
        """Map a bare host, which has no port."""
        return _HOST.sub(lambda match: self._host(match[0]), text, count=1)

    def to_port(self, scheme: str, port: int) -> int:
        """Map a port by itself."""
        return self._port(scheme, port)

    def fold(self, text: str) -> str:
        """Turn the names of this machine back into those of the case."""
        domain, names = re.escape(self.world.domain), {port: key for key, port in self._ports.items()}
        scheme = r"(?:(?P<scheme>https?://)(?P<userinfo>[^/?#@\s\"',]*@)?)?"
        here = "|".join(map(re.escape, (ADDRESS, self.world.this_machine or self.world.domain)))
        pattern = rf"{scheme}(?P<host>(?:[\w.*-]+\.)?{domain}|{here}):(?P<port>[0-9]+)"
        place = re.compile(f"{pattern}(?:{re.escape(self.prefix)}(?=[/?#]|$))?", re.IGNORECASE)
        return place.sub(self._folder(names), text).replace(f"{self.prefix}/", "/")

    def _folder(self, names: dict[int, tuple[str, int]]) -> Callable[[re.Match[str]], str]:
        def back(match: re.Match[str]) -> str:
            name = names.get(int(match["port"]))
            if name is None:
                return match[0]
            scheme, port = name
            if match["scheme"] and match["scheme"].lower() != f"{self._actual(scheme)}://":
                return match[0]
            is_here = match["host"] == self.world.this_machine
            is_address = match["host"] == ADDRESS
            stem = "" if is_here else match["host"][: -len(self.world.domain)]
            suffix = "EXAMPLE" if match["host"].endswith(self.world.domain.upper()) else "example"
            host = match["host"] if is_address else f"{stem}{suffix}" if stem else "localhost"
            # A default port that was written in full was given a zero.
            hidden = port == DEFAULT_PORTS[scheme] and not match["port"].startswith("0")
            shown = "" if hidden else f":{port}"
            start = f"{scheme}://{match['userinfo'] or ''}" if match["scheme"] else ""
            return f"{start}{host}{shown}"

        return back

    def _place(self, match: re.Match[str]) -> str:
        written = (match["scheme"] or "https").lower()
        scheme = written.replace("ws", "http")
        port = int(match["port"][1:]) if match["port"] else DEFAULT_PORTS[scheme]
        if port > 65535:
            return match[0]
        shown = str(self._port(scheme, port))
        if match["port"] and port == DEFAULT_PORTS[scheme]:
            # The same port, spelled so that only a URL parser finds it equal.
            shown = f"0{shown}"
        actual = self._actual(scheme)
        actual = actual if scheme == written else actual.replace("http", "ws")
        start = "" if match["scheme"] is None else f"{actual}:"
        start = start if (match["scheme"] or "").islower() else start.upper()
        return f"{start}{match['slashes'] or ''}{match['userinfo'] or ''}{self._host(match['host'])}:{shown}"

    def _host(self, host: str) -> str:
        if host == ADDRESS:
            return host
        if host.lower() == "localhost":
            return self.world.this_machine or self.world.domain
        name = host[: -len("example")]
        # Header values can only hold what a URL parser makes of a host, URLs both.
        domain = self.world.domain
        return f"{name}{domain.upper() if host.endswith('EXAMPLE') else domain}"

    def _actual(self, scheme: str) -> str:
        return scheme if self.keeps_schemes else "http"

    def _port(self, scheme: str, port: int) -> int:
        key = (scheme, port)
        if key not in self._ports:
            self._ports[key] = port if port in self.world.refused_ports else self._free(scheme)
        return self._ports[key]

    def _free(self, scheme: str) -> int:
        ports = self.world.secure_ports if self._actual(scheme) == "https" else self.world.ports
        port = next((port for port in ports if port not in self._ports.values()), None)
        if port is None:
            raise NoPortLeft(f"more than {len(ports)} ports of {self._actual(scheme)}")
        return port
