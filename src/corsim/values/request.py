"""Requests: https://fetch.spec.whatwg.org/#requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeAlias, TypeVar

import attrs

from corsim.values.address_space import AddressSpace
from corsim.values.environment import Environment, ReferrerPolicy
from corsim.values.headers import Headers
from corsim.values.origin import Origin, same_origin
from corsim.values.partition import same_site
from corsim.values.url import Url

T = TypeVar("T")
P = TypeVar("P")

Mode: TypeAlias = Literal["cors", "no-cors", "same-origin"]
Destination: TypeAlias = Literal[
    "", "audio", "document", "font", "image", "script", "style", "video", "worker"
]
InitiatorType: TypeAlias = Literal[
    "fetch",
    "xmlhttprequest",
    "preflight",
    "audio",
    "beacon",
    "css",
    "img",
    "link",
    "other",
    "script",
    "video",
]
CredentialsMode: TypeAlias = Literal["omit", "same-origin", "include"]
RedirectMode: TypeAlias = Literal["follow", "error", "manual"]
CacheMode: TypeAlias = Literal["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"]
Tainting: TypeAlias = Literal["basic", "cors", "opaque"]
Referrer: TypeAlias = Url | Literal["client", "no-referrer"]


@attrs.frozen
class Call:
    """What script called to make a request, so that it can be called again, or otherwise.

    `make` takes the environment, the `arguments` by name, and the engine's profile.
    """

    make: Callable[..., Any]
    client: Environment
    arguments: dict[str, Any]

    def again(self, profile: object, **changes: Any) -> Any:
        """Call with some arguments changed, in an engine: a `Request`, or a `Decision` that refuses it."""
        return self.make(self.client, **{**self.arguments, **changes}, profile=profile)


# Not slotted: `but` copies the dict, at a fifth of what `attrs.evolve` takes.
@attrs.frozen(slots=False, repr=False, eq=False)
class Request:
    """A request, as the standard has it and as a server gets it.

    A function server reads `method`, `url`, `headers` and `body`. The others are what
    the algorithm steers by; each is the standard's, under the standard's name.
    """

    method: str
    url_list: tuple[Url, ...]
    headers: Headers
    client: Environment
    origin: Origin
    body: bytes | None = None
    mode: Mode | Literal["navigate", "websocket"] = "cors"
    credentials: CredentialsMode = "same-origin"
    redirect: RedirectMode = "follow"
    cache: CacheMode = "default"
    referrer: Referrer = "client"
    referrer_policy: ReferrerPolicy = ""
    unsafe_request: bool = False  # script chose method and headers, so they are judged
    use_cors_preflight: bool = False
    use_url_credentials: bool = False
    target_address_space: AddressSpace | Literal[""] = ""  # where script says that the server is
    asks_private_network: bool = False  # whether the server has to let in public pages
    integrity: str = ""  # the digests that whoever asks will take
    destination: Destination = ""
    initiator_type: InitiatorType = "fetch"
    is_streamed: bool = False  # the body is a stream, which can be read only once
    keepalive: bool = False
    response_tainting: Tainting = "basic"
    redirect_count: int = 0
    hops: tuple[Request, ...] = ()  # the earlier requests, as each stood when it was redirected
    given_referrer: Referrer | None = None  # what it was before it was trimmed for the wire alone
    author_headers: Headers | None = None  # what script itself gave, where that is less than `headers`
    ignored_headers: tuple[str, ...] = ()  # names that script gave and the browser kept for itself
    call: Call | None = None  # what script called to make it
    memo: dict[str, Any] = attrs.field(factory=dict, init=False)  # see `worked_out_once`

    @property
    def url(self) -> Url:
        """The current URL: the last of the list."""
        return self.url_list[-1]

    @property
    def as_made(self) -> Request:
        """The request as script made it, before any redirect."""
        return self.hops[0] if self.hops else self

    @property
    def is_preflight(self) -> bool:
        """Whether this is a CORS-preflight request."""
        return self.initiator_type == "preflight"

    def but(self, **changes: Any) -> Request:
        """Copy with some fields changed, unchecked: for the algorithm, which knows its values."""
        copy = object.__new__(Request)
        copy.__dict__.update(self.__dict__, memo={}, **changes)
        return copy

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.url}>"


def worked_out_once(function: Callable[[Request], T]) -> Callable[[Request], T]:
    """Keep what a pure function says of a request with the request, for as long as it lives.

    A page that asks for the same again gets the same immutable request again, and with it
    all that is already known of it.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    def remembered(request: Request) -> T:
        try:
            value: T = request.memo[name]
        except KeyError:
            value = request.memo[name] = function(request)
        return value

    remembered.__doc__ = function.__doc__
    return remembered


def worked_out_for(function: Callable[[Request, P], T]) -> Callable[[Request, P], T]:
    """Do as `worked_out_once` for a function that asks an engine profile too, of which a page has one."""
    name = f"{function.__module__}.{function.__qualname__}"

    def remembered(request: Request, profile: P) -> T:
        known = request.memo.get(name)
        if known is not None and known[0] is profile:
            value: T = known[1]
        else:
            value = function(request, profile)
            request.memo[name] = profile, value
        return value

    remembered.__doc__ = function.__doc__
    return remembered


RedirectTaint: TypeAlias = Literal["same-origin", "same-site", "cross-site"]


def redirect_taint(request: Request) -> RedirectTaint:
    """Compute how far redirects have led astray: a hop between two foreign places taints.

    So far nobody asks for more than whether there is a taint, which `is_redirect_tainted`
    answers without looking up sites.

    https://fetch.spec.whatwg.org/#concept-request-tainted-origin
    """
    # 1. to 3. At first nothing has gone astray.
    taint: RedirectTaint = "same-origin"
    own = request.origin
    # 4. Each URL beside the one before it.
    for last, url in zip(request.url_list, request.url_list[1:], strict=False):
        if same_origin(url.origin, last.origin) or same_origin(own, last.origin):
            continue
        # 4.2. From one foreign site to another: worse it can't get.
        if not same_site(url.origin, last.origin) and not same_site(own, last.origin):
            return "cross-site"
        # 4.3. From one foreign origin to another.
        taint = "same-site"
    # 5. Once tainted, always tainted.
    return taint


@worked_out_once
def serialize_request_origin(request: Request) -> str:
    """Serialize a request origin: the page's, or `null` once redirects have tainted it.

    https://fetch.spec.whatwg.org/#serializing-a-request-origin
    """
    if len(request.url_list) > 1 and is_redirect_tainted(request):
        return "null"
    return request.origin.serialized


def is_redirect_tainted(request: Request) -> bool:
    """Say whether the redirect-taint is not "same-origin", without asking for sites."""
    own = request.origin
    return any(
        not same_origin(url.origin, last.origin) and not same_origin(own, last.origin)
        for last, url in zip(request.url_list, request.url_list[1:], strict=False)
    )
