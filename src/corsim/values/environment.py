"""Environments: what a fetch knows of the page that asked for it."""

from __future__ import annotations

from functools import cached_property
from typing import Literal, TypeAlias, get_args

import attrs

from corsim.values.address_space import AddressSpace
from corsim.values.content_security_policy import Policy
from corsim.values.embedder_policy import EmbedderPolicy
from corsim.values.headers import Headers
from corsim.values.origin import OpaqueOrigin, Origin
from corsim.values.partition import Site, obtain_site
from corsim.values.url import Url

ReferrerPolicy: TypeAlias = Literal[
    "",
    "no-referrer",
    "no-referrer-when-downgrade",
    "same-origin",
    "origin",
    "strict-origin",
    "origin-when-cross-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
]
DEFAULT_POLICY: ReferrerPolicy = "strict-origin-when-cross-origin"
NO_HEADERS = Headers()
REFERRER_POLICIES: tuple[str, ...] = get_args(ReferrerPolicy)


@attrs.frozen(eq=False)
class Environment:
    """A document's or a worker's settings: https://html.spec.whatwg.org/#environment-settings-object.

    An environment is itself and no other, so it compares by identity. `headers` are those that the document
    was delivered with; `policies` and the `embedder_policy` are what browsers make of them.
    """

    origin: Origin
    creation_url: Url
    top_level_origin: Origin
    referrer_policy: ReferrerPolicy = DEFAULT_POLICY
    headers: Headers = NO_HEADERS
    policies: tuple[Policy, ...] = ()
    embedder_policy: EmbedderPolicy = "unsafe-none"
    referrer_source: Url | None = None  # what its requests name as their referrer, if that is not itself
    address_space: AddressSpace | None = None  # where it came from, if that is not where its server is

    @property
    def base_url(self) -> Url:
        """What relative URLs are resolved against."""
        return self.creation_url

    @property
    def is_opaque(self) -> bool:
        """Whether the origin is opaque, as in a sandboxed frame or a `data:` page."""
        return isinstance(self.origin, OpaqueOrigin)

    @cached_property
    def network_partition_key(self) -> Site:
        """The site of the top-level page: caches of different keys never mix."""
        return obtain_site(self.top_level_origin)
