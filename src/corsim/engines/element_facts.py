"""What engines do with images, scripts, forms: the facts of a profile that are about elements."""

from __future__ import annotations

from typing import Literal

import attrs


@attrs.frozen(eq=False, slots=False)
class ElementFacts:
    """One engine's facts about elements; the defaults are HTML's and Fetch's."""

    # -- what elements ask for -----------------------------------------------------------

    accept_document: str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    """What a navigation says that it takes: the `Accept` of a form's."""

    accept_image: str = "image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5"
    """The `Accept` of an image."""

    accept_font: str = "*/*"
    """The `Accept` of a font."""

    accept_audio: str = "*/*"
    """The `Accept` of an audio element."""

    accept_video: str = "*/*"
    """The `Accept` of a video element."""

    media_range: str = ""
    """The `Range` with which audio and video begin; none, if it is empty."""

    font_mode: Literal["cors", "no-cors"] = "cors"
    """Whether a font of another origin needs leave; without that it carries credentials, too."""

    # -- WebSockets ----------------------------------------------------------------------

    socket_accept: str = "*/*"
    """The `Accept` of a WebSocket's handshake; none, if it is empty."""

    socket_extensions: str = "permessage-deflate; client_max_window_bits"
    """The `Sec-WebSocket-Extensions` that a handshake offers."""

    socket_metadata: Literal["as-fetch", "named", "none"] = "as-fetch"
    """What `Sec-Fetch-*` says of a handshake: an empty destination, `websocket`, or nothing at all."""

    socket_redirect: Literal["error", "follow"] = "error"
    """What becomes of a handshake that is redirected."""

    socket_protocol_unasked: Literal["error", "open"] = "error"
    """What becomes of a WebSocket that asked for no subprotocol, and was given one."""

    socket_protocol_missing: Literal["error", "open"] = "error"
    """What becomes of a WebSocket that asked for a subprotocol, and was given none."""

    unasked_101: Literal["error", "answer"] = "error"
    """What a 101 is to a request that asked for no WebSocket: no answer yet, or one."""

    id_without_data: Literal["kept", "dropped"] = "kept"
    """What becomes of an id in an event stream that comes without data."""

    # -- bodies --------------------------------------------------------------------------

    streamed_body: Literal["sent", "as-text", "refused"] = "sent"
    """What becomes of a body that is a stream: it is sent, its class's name is, or the call throws."""

    beacon_quota: Literal["kept", "none"] = "kept"
    """Whether beacons are no larger than what may outlive a page."""

    # -- workers -------------------------------------------------------------------------

    mistyped_worker: Literal["error", "load"] = "error"
    """What becomes of a worker's script that is called text/plain."""

    blob_worker_referrer: Literal["none", "origin"] = "none"
    """What the requests of a worker made of a blob name as their referrer."""

    worker_policy: Literal["script", "script-or-page"] = "script"
    """Whose referrer policy a worker has: its script's, or without that its page's."""

    # -- what script hears ---------------------------------------------------------------

    mistyped_stylesheet: Literal["error", "load"] = "error"
    """What is heard of a stylesheet that is not called text/css. It does not apply in any case."""

    element_origin: Literal["by-method", "said"] = "by-method"
    """Whether an element's cors request says `Origin` at home, too."""

    beacon_cache: Literal["default", "no-cache"] = "default"
    """The cache mode of a beacon."""

    several_types: Literal["last", "first"] = "last"
    """Which of several types in one Content-Type a script or a stylesheet is of."""

    form_query_keeps: str = ""
    """Characters that stay as they are in the query of a form that gets."""
