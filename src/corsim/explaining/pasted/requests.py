"""What refuses before, behind or beside CORS, from its line alone."""

from __future__ import annotations

from corsim.explaining.causes import Cause
from corsim.explaining.pasted.meanings import Meaning, Suspect
from corsim.values.decision import Reason
from corsim.values.spec import (
    HTTP_FETCH,
    HTTP_NETWORK_FETCH,
    HTTP_NETWORK_OR_CACHE_FETCH,
    HTTP_REDIRECT_FETCH,
    MAIN_FETCH,
    RESOURCE_POLICY_CHECK,
    SCHEME_FETCH,
)


def _not_cors(fix: str, says: str = "This is not CORS, though a line about it may mention other origins.") -> Suspect:
    return Suspect(Cause.NOT_CORS, says=says, fix=fix)


_NO_ANSWER = Suspect(
    Cause.NOT_CORS,
    says="No answer came: the server does not run under this host and port, its certificate is not trusted, an "
    "extension stopped the request, or the page is https: and the URL http:.",
    tell="The network tab has no status for it; opening {url} in a tab of its own fails as well.",
    fix="Open {url} in a tab of its own, and mend what that shows. Then try again without extensions.",
)
_USERINFO = Suspect(
    Cause.REDIRECT_WITH_USERINFO,
    says="The server redirects to a URL with a user name or a password.",
    fix="Leave them out of the Location; send an Authorization header to the final URL instead.",
)

MEANINGS: dict[Reason, Meaning] = {
    Reason.CONNECTION_FAILED: Meaning(
        "{request} got no answer that the browser could read.",
        "Without a response there are no headers to judge, and the page learns only that it failed.",
        HTTP_NETWORK_FETCH["8.1"], (_NO_ANSWER,),
    ),
    Reason.BAD_PORT: Meaning(
        "{url} has a port to which no browser connects.",
        "Ports that belong to other services, such as mail, are closed to pages.",
        MAIN_FETCH["7"], (_not_cors("Serve on another port, such as 8080."),),
    ),
    Reason.SAME_ORIGIN_MODE: Meaning(
        "{page} asked for {url} in mode 'same-origin', and that is another origin.",
        "Mode same-origin refuses every other origin, whatever the server says.",
        MAIN_FETCH["12"], (_not_cors("Take out mode: 'same-origin'; then the server has to allow the page."),),
    ),
    Reason.NO_CORS_REDIRECT_MODE: Meaning(
        "mode 'no-cors' to {url} does not go with this redirect mode.",
        "In mode no-cors a page may not learn where another origin redirects to.",
        MAIN_FETCH["12"],
        (Suspect(Cause.NO_CORS_MODE, says="Script asks for an answer that it may not read.",
                 fix="Take out mode: 'no-cors', or set redirect: 'follow'."),),
    ),
    Reason.SCHEME_NOT_HTTP: Meaning(
        "{url} has the scheme {scheme}:, and CORS knows only http: and https:.",
        "A page may ask other origins only over http: and https:.",
        MAIN_FETCH["12"],
        (Suspect(Cause.NULL_ORIGIN, says="A page that was opened as a file asks for another file, or the URL lacks "
                 "its http://, as in localhost:8000/me.", tell="The address bar begins with file:, or the URL that "
                 "script uses with a host.", fix="Serve page and file over http: (python -m http.server), and write "
                 "URLs with http:// or https://."),),
    ),
    Reason.UNSUPPORTED_SCHEME: Meaning(
        "{url} has the scheme {scheme}:, which fetch() does not know.",
        "Pages fetch http:, https:, data:, blob: and about:blank.",
        SCHEME_FETCH["4"], (_not_cors("Serve it over http: or https:, and write URLs with http:// or https://."),),
    ),
    Reason.BLOB_NOT_FOUND: Meaning(
        "{url} names no blob of this page.",
        "A blob: URL lives as long as the page that made it, and until it is revoked.",
        SCHEME_FETCH["3.2"], (_not_cors("Make the blob in the page that fetches it."),),
    ),
    Reason.INVALID_DATA_URL: Meaning(
        "{url} can't be read as a data: URL.",
        "A data: URL has a comma before its data, and base64 data has to be whole.",
        SCHEME_FETCH["3.2"], (_not_cors("Write data:text/plain,hello or data:text/plain;base64,aGVsbG8=."),),
    ),
    Reason.NOT_IN_CACHE: Meaning(
        "{url} was wanted from the cache alone, and is not there.",
        "With cache: 'only-if-cached' nothing is sent.",
        HTTP_NETWORK_OR_CACHE_FETCH["11.1"], (_not_cors("Take another cache option, such as 'force-cache'."),),
    ),
    Reason.REDIRECT_MODE_ERROR: Meaning(
        "{request} was redirected, and script asked for redirect: 'error'.",
        "With redirect: 'error' every redirect is a failure.",
        HTTP_FETCH["6.3"], (_not_cors("Call the final URL itself, or leave out redirect: 'error'."),),
    ),
    Reason.REDIRECT_LOCATION_INVALID: Meaning(
        "{request} was redirected to what is no URL.",
        "A redirect needs one Location, which can be parsed as a URL.",
        HTTP_REDIRECT_FETCH["3"], (_not_cors("Send one Location, such as\n  Location: https://api.example.com/path"),),
    ),
    Reason.REDIRECT_SCHEME: Meaning(
        "{request} was redirected to {location}, which is not http: or https:.",
        "A redirect can't lead out of http: and https:.",
        HTTP_REDIRECT_FETCH["5"], (_not_cors("Redirect to an http: or https: URL, or send the data in the answer."),),
    ),
    Reason.TOO_MANY_REDIRECTS: Meaning(
        "{request} was redirected more than 20 times.",
        "Browsers follow 20 redirects, and then give up.",
        HTTP_REDIRECT_FETCH["6"],
        (_not_cors("Look for two rules that send requests to each other, such as one that adds a slash and one that "
                   "takes it away."),),
    ),
    Reason.REDIRECT_WITH_CREDENTIALS: Meaning(
        "{request} was redirected to a URL that contains a user name or a password.",
        "A cross-origin redirect may not hand on a user name or a password in its URL.",
        HTTP_REDIRECT_FETCH["8"], (_USERINFO,),
    ),
    Reason.RESOURCE_POLICY: Meaning(
        "{answer} has a Cross-Origin-Resource-Policy that keeps it from {page}.",
        "A response with this header is kept from pages further away than it says, even unread.",
        RESOURCE_POLICY_CHECK["5"],
        (_not_cors("On {answer}, send\n  Cross-Origin-Resource-Policy: cross-origin"),),
    ),
}  # fmt: skip
