"""Facts about the gates next door to CORS."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

LocalNetwork: TypeAlias = Literal["open", "denied", "granted"]


@attrs.frozen(eq=False, slots=False)
class GateFacts:
    """What an engine does at the other gates; the defaults are those standards to the letter."""

    # -- the gates next door -------------------------------------------------------------

    preflight_site: Literal["of-the-chain", "of-the-url"] = "of-the-chain"
    """Whether the `Sec-Fetch-Site` of a preflight knows of the redirects behind it."""

    redirected_site: Literal["farthest", "never-same-site"] = "farthest"
    """Whether a redirected request may say `same-site`, or is from another site as soon as it left home."""

    moved_metadata: Literal["sent", "dropped"] = "sent"
    """Whether a cors request has fetch metadata when a redirect has just led it to another origin."""

    mixed_content_on: Literal["trustworthy-pages", "https-pages"] = "trustworthy-pages"
    """Which pages ask nothing over http: those of potentially trustworthy origins, or those over https."""

    mixed_content_exempts: Literal["loopback", "nothing"] = "loopback"
    """What pages over https may ask over http: what is on this machine, or nothing."""

    local_network: LocalNetwork = "open"
    """What public pages may ask on the local network: anything; or what the user lets them, who has said no,
    or yes."""

    opaque_responses: Literal["passed", "by-beginning", "by-parsing"] = "passed"
    """What of another origin's an element without CORS is kept from: nothing; or what it has no use for, as
    its type shows, or how it begins, or that it is no script."""
