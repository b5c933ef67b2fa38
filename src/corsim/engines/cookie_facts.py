"""What engines do with cookies: the facts of a profile that are about them."""

from __future__ import annotations

from functools import cached_property
from typing import Literal, TypeAlias

import attrs

from corsim.values.cookie import CookieReading

ThirdPartyCookies: TypeAlias = Literal["allowed", "partitioned", "not-stored", "blocked"]


@attrs.frozen(eq=False)
class CookieFacts:
    """One engine's facts about cookies; the defaults are RFC 6265bis, with `Partitioned`."""

    # -- cookies -------------------------------------------------------------------------

    third_party_cookies: ThirdPartyCookies = "allowed"
    """What becomes of cookies of another site than the page at the top: they are allowed; partitioned, that
    is kept apart for each page's site; sent if there are any, but not stored, where frames are third parties
    only to others than the site at the top; or blocked. Those that are
    `Partitioned` go along all the same, where that is honoured."""

    same_site_default: Literal["lax", "none"] = "lax"
    """What a cookie is that says nothing of SameSite."""

    same_site_reading: Literal["schemeful", "schemeless"] = "schemeful"
    """Whether http and https of one name are two sites to cookies, or one."""

    same_site_redirects: Literal["counted", "counted-to-send", "forgotten"] = "counted"
    """Whether a redirect over another site makes a request one of another site, even where it leads home: to
    the cookies it takes along and those it is given, or to the former alone."""

    sandboxed_site: Literal["none", "url"] = "none"
    """Of which site a document without an origin is to cookies: of none, or of that of its URL, which if it
    has none is that of the page at the top."""

    none_without_secure: Literal["ignored", "kept"] = "ignored"
    """What becomes of a cookie that says SameSite=None, and not Secure."""

    secure_cookies_by: Literal["scheme", "trust"] = "scheme"
    """Where Secure cookies are set and sent: over https, or wherever is potentially trustworthy."""

    partitioned_attribute: Literal["honoured", "ignored"] = "honoured"
    """Whether a cookie that says Partitioned is kept for the site of the page at the top alone."""

    cookie_prefixes: Literal["kept-to", "ignored"] = "kept-to"
    """Whether `__Host-` and `__Secure-` before a name promise anything."""

    cookie_bytes: Literal["no-controls", "no-controls-no-tabs", "cut", "repaired"] = "no-controls"
    """What is made of odd bytes in a Set-Cookie: control characters spoil it; tabs inside do so, too; the
    line ends at the first that is no printable ASCII; or, beside control characters, bytes that are not
    UTF-8 are replaced."""

    cookie_limits: Literal["kept-to", "ignored"] = "kept-to"
    """Whether a cookie of more than 4096 bytes, and an attribute of more than 1024, count for nothing."""

    nameless_cookies: Literal["by-value", "by-name"] = "by-value"
    """What a cookie without `=` is: a value without a name; or a name, and then a value needs one."""

    cookie_age: Literal["max-age-first", "last-said"] = "max-age-first"
    """Which of `Max-Age` and `Expires` counts."""

    cookie_order: Literal["by-age", "by-age-of-value", "by-domain"] = "by-age"
    """How cookies of equally long paths are ordered: by age; by the age of their present value; or by the
    length of their domain, those for one host alone behind those that are for hosts below, too."""

    @cached_property
    def cookie_reading(self) -> CookieReading:
        """The facts about a Set-Cookie, as its parser takes them."""
        return CookieReading(self.cookie_bytes, self.cookie_limits, self.nameless_cookies, self.cookie_age)
