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

    mistyped_stylesheet: Literal["error", "load"] = "error"
    """What is heard of a stylesheet that is not called text/css. It does not apply in any case."""

    several_types: Literal["last", "first"] = "last"
    """Which of several types in one Content-Type a script or a stylesheet is of."""

    form_query_keeps: str = ""
    """Characters that stay as they are in the query of a form that gets."""
