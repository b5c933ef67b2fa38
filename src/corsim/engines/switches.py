"""What a user can set otherwise than an engine has it by default."""

from __future__ import annotations

from functools import lru_cache
from typing import get_args

import attrs

from corsim.engines import EngineProfile
from corsim.engines.cookie_facts import ThirdPartyCookies
from corsim.engines.gates import LocalNetwork
from corsim.values.errors import InvalidInput


@lru_cache(maxsize=64)
def with_third_party_cookies(engine: EngineProfile, policy: ThirdPartyCookies) -> EngineProfile:
    """Make the profile of an engine that was told what to do with third-party cookies.

    Raises `InvalidInput` for what is no policy.
    """
    if policy not in get_args(ThirdPartyCookies):
        known = ", ".join(get_args(ThirdPartyCookies))
        raise InvalidInput(f"{policy!r} is no policy for third-party cookies: take one of {known}")
    same = engine.third_party_cookies == policy
    return engine if same else attrs.evolve(engine, third_party_cookies=policy)


@lru_cache(maxsize=64)
def with_local_network(engine: EngineProfile, access: LocalNetwork) -> EngineProfile:
    """Make the profile of an engine that was told what public pages may ask of the local network.

    Raises `InvalidInput` for another word.
    """
    if access not in get_args(LocalNetwork):
        known = ", ".join(map(repr, get_args(LocalNetwork)))
        raise InvalidInput(f"local_network can't be {access!r}: take {known}")
    return engine if engine.local_network == access else attrs.evolve(engine, local_network=access)
