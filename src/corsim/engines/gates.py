"""Facts about the gates next door to CORS."""

from __future__ import annotations

from typing import Literal, TypeAlias

import attrs

LocalNetwork: TypeAlias = Literal["open", "denied", "granted", "preflight"]


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

    upgrade_exempts: Literal["nothing", "loopback", "loopback-at-first"] = "nothing"
    """What upgrade-insecure-requests leaves as it is: nothing; what is on this machine; or that, unless a
    redirect has led there."""

    csp_addresses: Literal["never", "as-names"] = "never"
    """What an address such as 127.0.0.1 in a Content-Security-Policy matches: nothing, or itself."""

    csp_securer_ports: Literal["any", "default"] = "any"
    """At which ports http: in a Content-Security-Policy also stands for https: at the one that is named, or
    only where both are the default."""

    csp_queries: Literal["no-source", "cut-off"] = "no-source"
    """What a source with a query is in a Content-Security-Policy: none, or the one without it."""

    csp_paths: Literal["by-piece", "as-a-whole"] = "by-piece"
    """Whether a path in a Content-Security-Policy is decoded piece by piece, or ahead of that."""

    form_action_asked: Literal["at-each-hop", "once"] = "at-each-hop"
    """Whether a form's redirects, too, have to lead where `form-action` says."""

    unknown_resource_policy: Literal["none", "any"] = "none"
    """What an unknown Cross-Origin-Resource-Policy is to an embedder policy: none, or as good as any."""

    opaque_site: Literal["nobodys", "of-hosts-without"] = "nobodys"
    """What a document without an origin is of the same site with, to Cross-Origin-Resource-Policy: nothing;
    or every host that has no registrable domain, such as localhost."""

    embedder_policies: frozenset[str] = frozenset({"require-corp", "credentialless"})
    """Which values of Cross-Origin-Embedder-Policy are known; all others are none."""

    embedder_policy_on: Literal["secure-contexts", "secure-urls"] = "secure-contexts"
    """Which pages have an embedder policy: those that are secure up to the top, or by their own URL."""

    credentialless_home: Literal["tainted", "untainted"] = "tainted"
    """Which requests without CORS take credentials home from a page with the embedder policy credentialless:
    those that redirects have tainted, or those that they have not."""

    local_network: LocalNetwork = "open"
    """What public pages may ask on the local network: anything; what the user lets them, who has said no, or
    yes; or what the servers there let them, which are asked by a preflight, as Chrome once did."""

    opaque_responses: Literal["passed", "by-beginning", "by-parsing"] = "passed"
    """What of another origin's an element without CORS is kept from: nothing; or what it has no use for, as
    its type shows, or how it begins, or that it is no script."""

    # -- what is said of the page ---------------------------------------------------------

    foreign_referrer: Literal["by-policy", "by-default-policy", "origin"] = "by-policy"
    """What another site may be told of where a request comes from: what the policy allows; no more than what
    a page's default policy allows; or the origin, to frames that are foreign to the page at the top, too.
    What an unsafe policy would have allowed is not forgotten when a redirect leads home."""

    preflight_referrer: Literal["present", "first-asked"] = "present"
    """Which `Referer` the preflight of a redirected request has: that request's, or that of the first."""

    beacon_origin: Literal["of-the-document", "of-its-url"] = "of-the-document"
    """Whose `Origin` a beacon says before it is redirected: its document's, or that of its document's URL."""

    opaque_referrer: Literal["none", "by-elements", "url"] = "none"
    """What is told of a document without an origin of its own: nothing; of its elements' requests the origin
    of its URL; or its URL, as of any other."""

    downgrade: Literal["by-trust", "by-scheme"] = "by-trust"
    """What a downgrade is, before which some referrer policies fall silent: from what is potentially
    trustworthy to what is not, or from https."""
