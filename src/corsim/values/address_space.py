"""IP address spaces: https://wicg.github.io/local-network-access/#ip-address-space-section."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Literal, TypeAlias, get_args

from corsim.values.errors import InvalidInput

AddressSpace: TypeAlias = Literal["public", "local", "loopback"]
ADDRESS_SPACES: tuple[AddressSpace, ...] = get_args(AddressSpace)


# Those that are met on a network; the rest of the draft's table is of this machine, or for documentation.
_LOCAL_BLOCKS = tuple(map(ip_network, (
    "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "fc00::/7", "fe80::/10", "fec0::/10",
)))  # fmt: skip


@lru_cache(maxsize=1024)
def is_local_name(host: str) -> bool:
    """Say whether a host's name alone shows that it is on the user's network.

    >>> is_local_name("printer.local"), is_local_name("192.168.1.1"), is_local_name("router.example")
    (True, True, False)
    """
    if host.endswith(".local"):
        return True
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    return any(address in block for block in _LOCAL_BLOCKS)


def check_address_space(value: object) -> AddressSpace:
    """Check the name of an address space; raises `InvalidInput`, which names them."""
    for space in ADDRESS_SPACES:
        if value == space:
            return space
    known = ", ".join(map(repr, ADDRESS_SPACES))
    raise InvalidInput(f"address_space can't be {value!r}: take {known}")
