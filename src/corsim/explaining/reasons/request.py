"""The page may not make the request, nothing answered, or a page may not even hold the answer."""

from __future__ import annotations

from corsim.explaining.facts import Facts, Tell, Words
from corsim.servers.failures import NoResponse, NotUnderstood
from corsim.values.decision import Reason
from corsim.values.url import Url, parse_url


def target(facts: Facts) -> str:
    """Find the URL that was refused: where a redirect led, or else the one that script gave."""
    exchange = facts.exchange
    if exchange is None or exchange.is_preflight:
        return facts.url
    location = parse_url(facts.headers.get("location", ""), exchange.request.url)
    return location.href if isinstance(location, Url) else facts.url


def after(facts: Facts) -> str:
    """Tell that a redirect led there."""
    return "" if facts.exchange is None else f", to which {facts.url} redirected,"


def _bad_port(facts: Facts) -> Words:
    return Words(
        f"{target(facts)}{after(facts)} has the port {facts.subject}, to which no browser connects. "
        "This is not CORS.",
        "Ports that belong to other services, such as mail, are closed to pages.",
        "Serve on another port, such as 8080.",
    )


def _mixed_content(facts: Facts) -> Words:
    return Words(
        f"{target(facts)}{after(facts)} is http:, and this is a {facts.page}: the browser blocks it as "
        "mixed content, before CORS has a say. This is not CORS.",
        "A page over https: may ask nothing over plain http:, but what is on the user's own machine.",
        "Serve it over https:, and ask for it there.",
    )


def _same_origin_mode(facts: Facts) -> Words:
    if facts.result.api == "worker":
        return Words(
            f"the {facts.page} asked for a worker's script at {target(facts)}{after(facts)}, and "
            f"{facts.subject} is another origin. No header of CORS would change that.",
            "A worker's script has to come from the page's own origin, whatever the server says.",
            "Serve the script from the page's own origin, or start the worker from a blob: URL.",
        )
    return Words(
        f"the {facts.page} asked for {target(facts)}{after(facts)} in mode "
        f"'same-origin', and {facts.subject} is another origin.",
        "Mode same-origin refuses every other origin, whatever the server says.",
        "",
    )


def _no_cors_redirect_mode(facts: Facts) -> Words:
    return Words(
        f"mode 'no-cors' to {target(facts)} does not go with redirect {facts.subject!r}.",
        "In mode no-cors a page may not learn where another origin redirects to.",
        "",
    )


def _scheme_not_http(facts: Facts) -> Words:
    return Words(
        f"{target(facts)}{after(facts)} has the scheme {facts.subject}:, and CORS knows only http: and "
        "https:.",
        "A page may ask other origins only over http: and https:.",
        "Serve the file over http: or https:, and fetch it from there.",
    )


def _unsupported_scheme(facts: Facts) -> Words:
    return Words(
        f"{target(facts)} has the scheme {facts.subject}:, which fetch() does not know. This is not CORS.",
        "Pages fetch http:, https:, data:, blob: and about:blank.",
        "Serve it over http: or https:.",
    )


def _blob_not_found(facts: Facts) -> Words:
    return Words(
        f"{facts.subject} names no blob of this page. This is not CORS.",
        "A blob: URL lives as long as the page that made it, and until it is revoked.",
        "Make the blob in the page that fetches it. corsim itself keeps no blobs.",
    )


def _invalid_data_url(facts: Facts) -> Words:
    return Words(
        f"{facts.subject} can't be read as a data: URL. This is not CORS.",
        "A data: URL has a comma before its data, and base64 data has to be whole.",
        "Write data:text/plain,hello or data:text/plain;base64,aGVsbG8=.",
    )


def _connection_failed(facts: Facts) -> Words:
    failure = None if facts.exchange is None else facts.exchange.error
    if isinstance(failure, NotUnderstood):
        return Words(
            f"{facts.where} was answered, and corsim can't say what a page could read: {failure}.",
            "Browsers read more than well-formed HTTP, each in its own way, and corsim does not guess.",
            failure.fix,
        )
    if isinstance(failure, NoResponse):
        return Words(
            f"{facts.where} got no response: {failure}. This is not CORS, though browsers often print it "
            "as if it were.",
            "Without a response there are no headers to judge, and the page learns only that it failed.",
            failure.fix,
        )
    error = facts.error or facts.subject or "the connection broke off"
    who = "the app raised" if facts.error else "what went wrong was"
    return Words(
        f"{facts.where} got no response: {who} {error}. This is not CORS, "
        "though browsers often print it as if it were.",
        "Without a response there are no headers to judge, and the page learns only that it failed.",
        "Look at the server: does it run, under this host and port, and does it send a whole response?",
    )


def _not_in_cache(facts: Facts) -> Words:
    return Words(
        f"cache 'only-if-cached' found nothing for {facts.url}. This is not CORS.",
        "With only-if-cached nothing is sent, and what is not in the HTTP cache fails.",
        "Take another cache option, such as 'force-cache'. corsim's own HTTP cache is always empty.",
    )


def _resource_policy(facts: Facts) -> Words:
    return Words(
        f"the response to {facts.where} says Cross-Origin-Resource-Policy: {facts.subject}, "
        f"and this is a {facts.page}.",
        "A response with this header is kept from pages further away than it says, even unread.",
        "",
    )


_PLACES = {"local": "on the user's network", "loopback": "on the user's machine", "public": "on the internet"}


def _local_network_denied(facts: Facts) -> Words:
    return Words(
        f"{target(facts)}{after(facts)} is {_PLACES[facts.subject]}, and this is a public {facts.page}: the "
        "user has not let it in there. Nothing was sent. This is not CORS: it is Local Network Access.",
        "A public page may ask servers on the user's network or machine only if the user says so. Headers of "
        "the server have no say in it.",
        "Let the user allow it when the browser asks, in a secure page; Browser(local_network='granted') "
        "is a user who did. Or serve the page from that network, too.",
    )


def _local_network_insecure(facts: Facts) -> Words:
    return Words(
        f"{target(facts)}{after(facts)} is {_PLACES[facts.subject]}, and this is a public {facts.page} that "
        "is no secure context. Nothing was sent. This is not CORS: it is Local Network Access.",
        "Only secure pages may ask the user to be let into the local network.",
        "Serve the page over https:.",
    )


def _address_space_mismatch(facts: Facts) -> Words:
    return Words(
        f"{target(facts)}{after(facts)} is {_PLACES[facts.subject]}, and script said that it is elsewhere. "
        "Nothing was sent. This is not CORS: it is Local Network Access.",
        "With targetAddressSpace a server has to be where script says.",
        f"Write targetAddressSpace: {facts.subject!r}, or leave it out.",
    )


def _private_network_not_allowed(facts: Facts) -> Words:
    name = "Access-Control-Allow-Private-Network"
    said = f"says {name}: {facts.subject}" if facts.subject else f"has no {name}"
    return Words(
        f"the answer to {facts.where} {said}, and this is a public {facts.page}.",
        "By Private Network Access, as Chrome once had it, a server on the user's network or machine answers "
        f"the preflight of a public page with {name}: true.",
        "",
    )


WORDS: dict[Reason, Tell] = {
    Reason.PRIVATE_NETWORK_NOT_ALLOWED: _private_network_not_allowed,
    Reason.LOCAL_NETWORK_DENIED: _local_network_denied,
    Reason.LOCAL_NETWORK_INSECURE: _local_network_insecure,
    Reason.ADDRESS_SPACE_MISMATCH: _address_space_mismatch,
    Reason.BAD_PORT: _bad_port,
    Reason.MIXED_CONTENT: _mixed_content,
    Reason.SAME_ORIGIN_MODE: _same_origin_mode,
    Reason.NO_CORS_REDIRECT_MODE: _no_cors_redirect_mode,
    Reason.SCHEME_NOT_HTTP: _scheme_not_http,
    Reason.UNSUPPORTED_SCHEME: _unsupported_scheme,
    Reason.BLOB_NOT_FOUND: _blob_not_found,
    Reason.INVALID_DATA_URL: _invalid_data_url,
    Reason.CONNECTION_FAILED: _connection_failed,
    Reason.NOT_IN_CACHE: _not_in_cache,
    Reason.RESOURCE_POLICY: _resource_policy,
}
