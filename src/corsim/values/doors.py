"""The doors by which a page asks, each under the name of a method of `Page`."""

from __future__ import annotations

from typing import Literal, TypeAlias

Element: TypeAlias = Literal["image", "script", "stylesheet", "font", "media"]
Api: TypeAlias = Literal["fetch", "xhr", Element, "event_source", "beacon", "form", "web_socket", "worker"]
