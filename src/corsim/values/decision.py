"""Decisions: what the algorithm found at a step, and the closed list of reasons to refuse.

Decisions that merely pass are made once, as constants beside the code that returns
them; only a refusal makes an object, since it carries the token at fault.
"""

from __future__ import annotations

from enum import StrEnum

import attrs

from corsim.values.spec import Step


class Reason(StrEnum):
    """Why a request was refused or a response withheld; the list is closed."""

    # What script asked for can't be asked for: the promise rejects, nothing is sent.
    INVALID_URL = "invalid-url"
    URL_WITH_CREDENTIALS = "url-with-credentials"
    INVALID_OPTION = "invalid-option"
    INVALID_REFERRER = "invalid-referrer"
    INVALID_METHOD = "invalid-method"
    FORBIDDEN_METHOD = "forbidden-method"
    NO_CORS_METHOD = "no-cors-method"
    ONLY_IF_CACHED_MODE = "only-if-cached-mode"
    INVALID_HEADER = "invalid-header"
    BODY_NOT_ALLOWED = "body-not-allowed"
    INVALID_PROTOCOL = "invalid-protocol"
    STREAMED_BODY = "streamed-body"

    # The request may not be made from this page.
    BAD_PORT = "bad-port"
    MIXED_CONTENT = "mixed-content"
    CONTENT_SECURITY_POLICY = "content-security-policy"
    LOCAL_NETWORK_DENIED = "local-network-denied"
    LOCAL_NETWORK_INSECURE = "local-network-insecure"
    ADDRESS_SPACE_MISMATCH = "address-space-mismatch"
    PRIVATE_NETWORK_NOT_ALLOWED = "private-network-not-allowed"
    SAME_ORIGIN_MODE = "same-origin-mode"
    NO_CORS_REDIRECT_MODE = "no-cors-redirect-mode"
    SCHEME_NOT_HTTP = "scheme-not-http"
    UNSUPPORTED_SCHEME = "unsupported-scheme"
    BLOB_NOT_FOUND = "blob-not-found"
    INVALID_DATA_URL = "invalid-data-url"

    # The server could not be understood.
    CONNECTION_FAILED = "connection-failed"
    NOT_IN_CACHE = "not-in-cache"
    KEEPALIVE_QUOTA = "keepalive-quota"

    # The CORS check, of a preflight's or an actual response.
    ALLOW_ORIGIN_MISSING = "allow-origin-missing"
    ALLOW_ORIGIN_MISMATCH = "allow-origin-mismatch"
    ALLOW_ORIGIN_MULTIPLE = "allow-origin-multiple"
    ALLOW_ORIGIN_WILDCARD = "allow-origin-wildcard"
    ALLOW_CREDENTIALS_NOT_TRUE = "allow-credentials-not-true"

    # The preflight.
    PREFLIGHT_STATUS = "preflight-status"
    PREFLIGHT_REDIRECT = "preflight-redirect"
    ALLOW_METHODS_MALFORMED = "allow-methods-malformed"
    ALLOW_HEADERS_MALFORMED = "allow-headers-malformed"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    HEADER_NOT_ALLOWED = "header-not-allowed"

    # Redirects.
    REDIRECT_MODE_ERROR = "redirect-mode-error"
    REDIRECT_LOCATION_INVALID = "redirect-location-invalid"
    REDIRECT_SCHEME = "redirect-scheme"
    TOO_MANY_REDIRECTS = "too-many-redirects"
    REDIRECT_WITH_CREDENTIALS = "redirect-with-credentials"

    # A WebSocket's handshake, which is nothing of CORS.
    HANDSHAKE_STATUS = "handshake-status"
    HANDSHAKE_HEADER = "handshake-header"
    HANDSHAKE_PROTOCOL = "handshake-protocol"

    # A response that a page may not even hold unread.
    RESOURCE_POLICY = "resource-policy"
    EMBEDDER_POLICY = "embedder-policy"
    OPAQUE_RESPONSE = "opaque-response"

    # A response that is not of the type that it is for.
    MIME_TYPE = "mime-type"
    NOSNIFF = "nosniff"
    INTEGRITY = "integrity"


@attrs.frozen(repr=False)
class Decision:
    """A branch that the standard took: at which step, which way, and why if it refused.

    `subject` is the offending token: the header name, the method, the value received.
    """

    step: Step
    outcome: str
    reason: Reason | None = None
    subject: str = ""

    def __str__(self) -> str:
        if self.reason is None:
            return f"{self.step}: {self.outcome}"
        return f"{self.step}: {self.outcome} [{self.reason}{f' {self.subject!r}' if self.subject else ''}]"

    def __repr__(self) -> str:
        return f"<Decision {self}>"
