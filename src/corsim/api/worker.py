"""Workers: https://html.spec.whatwg.org/#run-a-worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corsim.api.elements import document_url, one_of
from corsim.engines import SPEC, EngineProfile
from corsim.fetching.filtered_response import FilteredResponse
from corsim.fetching.referrer import referrer_policy_of
from corsim.values.content_security_policy import parse_policies
from corsim.values.embedder_policy import parse_embedder_policy
from corsim.values.environment import DEFAULT_POLICY, Environment
from corsim.values.headers import Headers
from corsim.values.origin import OpaqueOrigin, Origin
from corsim.values.request import Call, Request
from corsim.values.url import Url, parse_url

if TYPE_CHECKING:
    from corsim.fetching.filtered_response import AnyResponse

LOCAL_WORKER = "00000000-0000-4000-8000-000000000000"  # browsers draw one at random for every blob


def worker_request(
    client: Environment,
    url: str,
    type: str = "classic",  # noqa: A002 — as HTML has it
    credentials: str = "same-origin",
    profile: EngineProfile = SPEC,
) -> Request:
    """Make the request of a worker's script: https://html.spec.whatwg.org/#fetch-a-classic-worker-script."""
    one_of("type", type, ("classic", "module"))
    one_of("credentials", credentials, ("same-origin", "omit", "include"))
    return Request(
        method="GET", url_list=(document_url(client, url),), headers=Headers.of((("Accept", "*/*"),)),
        client=client, origin=client.origin, mode="same-origin",
        credentials=credentials if type == "module" else "same-origin",  # type: ignore[arg-type]  # checked
        use_url_credentials=True, destination="worker", initiator_type="other",
        call=Call(worker_request, client, {"url": url, "type": type, "credentials": credentials}),
    )  # fmt: skip


def worker_environment(
    creator: Environment, response: AnyResponse, url: Url, profile: EngineProfile
) -> Environment:
    """Make the settings of a worker: https://html.spec.whatwg.org/#set-up-a-worker-environment-settings-object.

    `url` is that of its script, if redirects did not lead elsewhere.
    """
    if url.scheme == "data":
        return _inherited(creator, OpaqueOrigin(), url)
    if not isinstance(response, FilteredResponse):
        return Environment(creator.origin, url, creator.top_level_origin)
    headers = response.internal.headers
    final = response.url_list[-1] if response.url_list else url
    inherited = creator.referrer_policy if profile.worker_policy == "script-or-page" else DEFAULT_POLICY
    # OUT OF SCOPE: a page with an embedder policy starts no worker without one.
    return Environment(
        creator.origin, final.without_fragment(), creator.top_level_origin,
        referrer_policy_of(response.internal) or inherited,  # AD-HOC, where it is the page's
        headers, parse_policies(headers), parse_embedder_policy(headers),
    )  # fmt: skip


def blob_environment(creator: Environment, profile: EngineProfile) -> Environment:
    """Make the settings of a worker whose script is a blob of its creator's: they are the creator's own."""
    url = parse_url(f"blob:{creator.origin.serialized}/{LOCAL_WORKER}")
    assert url is not None
    # AD-HOC: what has no URL to name may name the origin.
    named = url.origin_only() if profile.blob_worker_referrer == "origin" and not creator.is_opaque else None
    return _inherited(creator, creator.origin, url, named)


def _inherited(creator: Environment, origin: Origin, url: Url, named: Url | None = None) -> Environment:
    """Make the settings of a worker whose script came without headers: the policies are its creator's."""
    return Environment(
        origin, url, creator.top_level_origin, creator.referrer_policy, creator.headers, creator.policies,
        creator.embedder_policy, named,
    )  # fmt: skip
