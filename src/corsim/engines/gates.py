"""Facts about the gates next door to CORS."""

from __future__ import annotations

from typing import Literal

import attrs


@attrs.frozen(eq=False, slots=False)
class GateFacts:
    """What an engine does at the other gates; the defaults are those standards to the letter."""

    # -- the gates next door -------------------------------------------------------------

    preflight_site: Literal["of-the-chain", "of-the-url"] = "of-the-chain"
    """Whether the `Sec-Fetch-Site` of a preflight knows of the redirects behind it."""

    redirected_site: Literal["farthest", "never-same-site-here"] = "farthest"
    """Whether a redirected request may say `same-site` on this machine, or is from another site as soon as it
    left home."""

    moved_metadata: Literal["sent", "dropped"] = "sent"
    """Whether a cors request has fetch metadata when a redirect has just led it to another origin."""

    preflight_metadata: Literal["where-trusted", "mode-everywhere"] = "where-trusted"
    """Whether the preflights of servers that are not trusted say their `Sec-Fetch-Mode`."""

    storage_access: Literal["unsaid", "said", "said-until-astray"] = "unsaid"
    """Whether a request with credentials that is a third party's says how cookies are treated there, in
    `Sec-Fetch-Storage-Access`, and, where access to them could be asked for, who asks; or whether
    preflights do so, too, and no request that redirects have led from one foreign origin to another."""

    mixed_content_on: Literal["trustworthy-pages", "https-pages"] = "trustworthy-pages"
    """Which pages ask nothing over http: those of potentially trustworthy origins, or those over https."""

    mixed_redirects: Literal["blocked", "asked-about"] = "blocked"
    """Whether a request that a redirect leads into mixed content still sends a preflight that it needs."""

    mixed_content_exempts: Literal["loopback", "nothing"] = "loopback"
    """What pages over https may ask over http: what is on this machine, or of that only images and media."""

    # -- what is said of the page ---------------------------------------------------------

    foreign_referrer: Literal["by-policy", "by-default-policy", "origin"] = "by-policy"
    """What another site may be told of where a request comes from: what the policy allows; no more than what
    a page's default policy allows; or the origin, to frames that are foreign to the page at the top, too.
    What an unsafe policy would have allowed is not forgotten when a redirect leads home."""

    preflight_referrer: Literal["present", "first-asked"] = "present"
    """Which `Referer` the preflight of a redirected request has: that request's, or that of the first."""

    opaque_referrer: Literal["none", "by-elements", "url"] = "none"
    """What is told of a document without an origin of its own: nothing; of its elements' requests the origin
    of its URL; or its URL, as of any other."""

    downgrade: Literal["by-trust", "by-scheme"] = "by-trust"
    """What a downgrade is, before which some referrer policies fall silent: from what is potentially
    trustworthy to what is not, or from https."""
