"""HTTP-network-or-cache fetch: https://fetch.spec.whatwg.org/#http-network-or-cache-fetch.

The one place where a fetch waits for a server.
"""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import unquote_to_bytes

from corsim.engines import SPEC, EngineProfile
from corsim.fetching import header_lines
from corsim.fetching.cookies import Held, Sent, append_cookie_header, credentials_look, store_set_cookies
from corsim.fetching.embedder_policy import embedder_policy_allows_credentials
from corsim.fetching.fetch_metadata import fetch_metadata_headers
from corsim.fetching.flow import (
    Change,
    ConnectionFailure,
    Exchange,
    FetchParams,
    Flow,
    Look,
    network_error,
)
from corsim.fetching.http_cache import (
    SPEAKS_OF_CACHING,
    cache_mode,
    consult,
    http_cache_look,
    with_cache_told,
)
from corsim.fetching.local_network_access import local_network_access_check
from corsim.fetching.origin_header import request_origin_header
from corsim.values.decision import Decision, Reason
from corsim.values.headers import Pair
from corsim.values.request import Request, worked_out_for
from corsim.values.response import NetworkError, Response
from corsim.values.spec import HTTP_NETWORK_FETCH, HTTP_NETWORK_OR_CACHE_FETCH
from corsim.values.url import Url

KEEPALIVE_BYTES = 64 * 1024
ASK_AGAIN = frozenset({401, 421})
ANYTHING = Look("anything", None)  # whether there is any cookie, login or stored response
AUTHENTICATES = Decision(HTTP_NETWORK_OR_CACHE_FETCH["15.4"], "asked again with the URL's userinfo")
REMEMBERED = Decision(HTTP_NETWORK_OR_CACHE_FETCH["18"], "the userinfo is remembered for the origin")
NEW_CONNECTION = Decision(HTTP_NETWORK_OR_CACHE_FETCH["17"], "misdirected: asked again on a new connection")


def http_network_or_cache_fetch(
    params: FetchParams, is_authentication_fetch: bool = False, is_new_connection_fetch: bool = False
) -> Flow[Response | NetworkError]:
    """Send the request as it stands, and return what comes back.

    https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
    """
    # 1. to 7. Nothing has come yet.
    request, profile = params.request, params.profile
    # 8.1. and 8.2. What is sent is a copy: the request itself stays as script and redirects made it.
    # 8.3. Credentials go along when asked for; by default to the page's own origin only.
    includes_credentials = request.credentials == "include" or (
        request.credentials == "same-origin" and request.response_tainting == "basic"
    )
    # 8.4. But not where the page does without.
    if includes_credentials and request.client.embedder_policy == "credentialless":
        includes_credentials = embedder_policy_allows_credentials(request, profile)
    # 8.10. Nor may what outlives a page be large. AD-HOC: nothing else of the page's is under way.
    if request.body is not None and (unsent := _unsent(request)) is not None:
        yield unsent
        return NetworkError(unsent)
    wire = wire_request(request, profile)
    # AD-HOC: one question before all others, so that a browser that remembers nothing is quick.
    look, held, kept = http_cache_look(request, profile), None, None
    if (includes_credentials or look is not None or profile.local_network != "open") and (yield ANYTHING):
        # AD-HOC: another standard may keep a page from where the server is.
        refusal = yield from local_network_access_check(request, profile)
        if refusal is not None:
            return refusal
        held = (yield credentials_look(request)) if includes_credentials else None
        kept = (yield look) if look is not None else None
    # 8.21. Cookies and logins.
    sent: Sent = (), ()
    if includes_credentials and (held is not None or is_authentication_fetch):
        wire, sent = yield from with_credentials(request, wire, held, is_authentication_fetch, profile)
    # 8.24. to 8.26. What the HTTP cache has may answer, or be asked about.
    found, asked = None, wire
    if kept is not None:
        found, hit, asked = yield from consult(request, wire, kept, profile)
        if hit is not None:
            return hit
    # 9. and 10. OUT OF SCOPE: aborting.
    # 11.1. A request that wants nothing else gets nothing.
    if request.cache == "only-if-cached" and profile.only_if_cached == "error":
        step = HTTP_NETWORK_OR_CACHE_FETCH["11.1"]
        return (yield from network_error(step, Reason.NOT_IN_CACHE))
    # 11.2. HTTP-network fetch: the fetch waits here.
    exchange = Exchange(asked, includes_credentials, None, None, *sent)
    answer: Response | ConnectionFailure = yield exchange
    response = _received(request, answer, profile)
    if isinstance(response, str):
        step = HTTP_NETWORK_FETCH["8.1"]
        return (yield from network_error(step, Reason.CONNECTION_FAILED, response))
    # Whatever comes of it, what it sets is set.
    if "set-cookie" in response.headers.index and not request.is_preflight:
        lines = response.headers.get_all("set-cookie")
        yield from store_set_cookies(exchange, request, lines, profile)
    if profile is not SPEC:
        response = header_lines.read(request, response, profile)
    # 11.3. to 11.5. What the HTTP cache makes of it, if one of them has anything to say.
    if look is not None and (kept is not None or not SPEAKS_OF_CACHING.isdisjoint(response.headers.index)):
        response = yield from with_cache_told(request, wire, response, found, kept, profile)
    # 12. AD-HOC: a response's URL list is its request's, so that is where we read it.
    # 13. and 14. OUT OF SCOPE: service workers and embedder policies, which ask for these flags.
    # 15. to 17. Some statuses are for the browser first.
    if response.status in ASK_AGAIN or response.status in profile.fatal_statuses:
        return (yield from asked_again(params, response, is_authentication_fetch, is_new_connection_fetch))
    # 18. An authentication entry is made where this was asked again.
    # 19. The response, whatever its status.
    return response


def _received(
    request: Request, answer: Response | ConnectionFailure, profile: EngineProfile
) -> Response | str:
    """Return what was received, or say why it is no response."""
    if isinstance(answer, ConnectionFailure):
        return answer.message
    if profile is SPEC and answer.status >= 200:
        return answer
    return _conflict(request, answer, profile) or answer


def _conflict(request: Request, response: Response, profile: EngineProfile) -> str | None:
    """Say why a response is none."""
    # AD-HOC: nothing follows a 101 here; an engine may take it for the answer.
    if response.status < 200 and request.mode != "websocket" and profile.unasked_101 == "error":
        return "no final response followed the 101"
    return None if profile is SPEC else header_lines.conflict(response, profile)


def _unsent(request: Request) -> Decision | None:
    """Find out why a body does not go out, if it does not."""
    body = request.body or b""
    if request.keepalive and len(body) > KEEPALIVE_BYTES:
        step = HTTP_NETWORK_OR_CACHE_FETCH["8.10.5"]
        return Decision(step, "network error", Reason.KEEPALIVE_QUOTA, str(len(body)))
    # AD-HOC: who speaks HTTP/2 is not known here; browsers speak it over https alone.
    if request.is_streamed and request.url.scheme == "http":
        return Decision(HTTP_NETWORK_FETCH["8.3"], "network error", Reason.STREAMED_BODY, "HTTP/1.1")
    return None


def with_credentials(
    request: Request, wire: Request, held: Held | None, is_authentication_fetch: bool, profile: EngineProfile
) -> Flow[tuple[Request, Sent]]:
    """Have a request take along what the browser holds for it: step 8.21."""
    sent: Sent = (), ()
    # 8.21.1. Cookies.
    if held is not None and held.cookies:
        wire, sent = yield from append_cookie_header(request, wire, held, profile)
    # 8.21.2. A login, or the URL's userinfo, which answers a 401.
    return with_authorization(request, wire, held, is_authentication_fetch), sent


def asked_again(
    params: FetchParams, response: Response, is_authentication_fetch: bool, is_new_connection_fetch: bool
) -> Flow[Response | NetworkError]:
    """Heed a status that wants another try: steps 15 to 17."""
    request, profile = params.request, params.profile
    # 15.2.1. What was a stream is gone.
    at_home = request.response_tainting == "basic" and request.credentials != "omit"
    if response.status == 401 and request.is_streamed and at_home:
        step = HTTP_NETWORK_OR_CACHE_FETCH["15.2.1"]
        return (yield from network_error(step, Reason.STREAMED_BODY, "401"))
    # 15. XMLHttpRequest's own userinfo is tried, once. AD-HOC: a prompt for a password is always
    # dismissed, which leaves the 401 as it is.
    if response.status == 401 and not is_authentication_fetch and _may_authenticate(request):
        yield AUTHENTICATES
        again = yield from http_network_or_cache_fetch(params, True, is_new_connection_fetch)
        # 18. What was let in is tried first from now on. AD-HOC: whatever the realm, and on every path.
        if isinstance(again, Response) and again.status != 401:
            yield REMEMBERED
            login = authorization(request.url.username, request.url.password)
            yield Change("logins", request.url.origin.serialized, lambda now, before: login)
        return again
    # 16. AD-HOC: a proxy's prompt is dismissed, too; where there is no proxy, an engine may break off.
    if response.status in profile.fatal_statuses:
        step, message = HTTP_NETWORK_FETCH["8.1"], f"no proxy sent this {response.status}"
        return (yield from network_error(step, Reason.CONNECTION_FAILED, message))
    # 17. A server may say that the connection was the wrong one, once.
    if response.status == 421 and not is_new_connection_fetch:
        yield NEW_CONNECTION
        again = yield from http_network_or_cache_fetch(params, is_authentication_fetch, True)
        return header_lines.after_misdirection(response, again, profile)
    return response


def _may_authenticate(request: Request) -> bool:
    """Say whether a request has userinfo to offer to the page's own origin."""
    return request.use_url_credentials and request.response_tainting == "basic"


def authorization(username: str, password: str) -> str:
    """Convert userinfo, as it stands in a URL, to an `Authorization` value."""
    pair = unquote_to_bytes(username) + b":" + unquote_to_bytes(password)
    return "Basic " + b64encode(pair).decode("ascii")


def with_authorization(
    request: Request, wire: Request, held: Held | None, is_authentication_fetch: bool
) -> Request:
    """Have a request say who asks, unless script has: with the URL's userinfo, or with a login."""
    url, login = request.url, None if held is None else held.login
    if is_authentication_fetch:
        login = authorization(url.username, url.password)
    elif request.use_url_credentials and url.includes_credentials:
        login = None
    if login is None or "authorization" in request.headers:
        return wire
    return wire.but(headers=wire.headers.appended(("Authorization", login)))


@worked_out_for
def wire_request(request: Request, profile: EngineProfile) -> Request:
    """Write the request as it leaves the browser, but for its cookies: steps 8.5 to 8.20."""
    # 8.20. AD-HOC: Host, Connection and Accept-Encoding are for whoever carries it to write.
    headers = header_lines.written(request, profile).appended(*_own_headers(request, profile))
    return request.but(headers=headers, url_list=_on_the_wire(request.url_list))


def _own_headers(request: Request, profile: EngineProfile) -> list[Pair]:
    """List the headers that the browser adds, in the standard's order."""
    added: list[Pair] = []
    given = request.headers.index
    # 8.5. to 8.9. The length of a body; of none, too, where one is usual.
    if request.body is not None and request.is_streamed:
        pass  # nobody knows
    elif request.body is not None:
        added.append(("Content-Length", str(len(request.body))))
    elif request.method in ("POST", "PUT"):
        added.append(("Content-Length", "0"))
    # 8.11. Where the request comes from.
    if isinstance(request.referrer, Url):
        added.append(("Referer", request.referrer.href))
    # 8.12. On whose behalf it is made.
    origin = request_origin_header(request, profile)
    if origin is not None:
        added.append(("Origin", origin))
    # 8.13. How and from where it is made, in words that script can't forge.
    added += fetch_metadata_headers(request, profile)
    # 8.14. and 8.15. OUT OF SCOPE: prefetches; our user agent has no name to give.
    # 8.16. A conditional header means that script does its own caching.
    cache = cache_mode(request, profile)
    # 8.17. and 8.18. What caches on the way should know.
    if cache == "no-cache" and "cache-control" not in given:
        added.append(("Cache-Control", "max-age=0"))
    if cache in ("no-store", "reload"):
        added += [(name, "no-cache") for name in ("Pragma", "Cache-Control") if name.lower() not in given]
    if cache == "default" and request.cache == "no-store" and request.initiator_type == "other":
        added.append(("Cache-Control", "no-cache"))  # AD-HOC: an event source whose cache mode is forgotten
    # 8.19. A range of compressed bytes would be of no use.
    if "range" in given:
        added.append(("Accept-Encoding", "identity"))
    return added


def _on_the_wire(url_list: tuple[Url, ...]) -> tuple[Url, ...]:
    """A request line holds neither fragment nor userinfo."""
    url = url_list[-1]
    if url.fragment is None and not url.includes_credentials:
        return url_list
    return (*url_list[:-1], url.without_credentials().without_fragment())
