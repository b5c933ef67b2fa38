"""Which framework serves: told by the app's type, or else by what an answer says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corsim.explaining.frameworks.table import Framework, frameworks
from corsim.values.headers import Headers

# Where whatever wraps an app keeps it: an adapter, a middleware, a bound method.
_WITHIN = ("app", "_app", "application", "__self__", "__wrapped__")
_DEEPEST = 20


def of_an_app(app: object) -> Framework | None:
    """Recognise the framework of an app, within whatever is wrapped around it."""
    known = {module: one for one in frameworks().values() for module in one.modules}
    found = None
    for each in layers(app):
        for parent in type(each).__mro__:
            found = known.get(parent.__module__.partition(".")[0], found)
            if parent.__module__.partition(".")[0] in known:
                break
    return found


def layers(app: object) -> Iterator[object]:
    """Walk from the outside in."""
    seen: list[object] = []
    while app is not None and len(seen) < _DEEPEST and not any(app is other for other in seen):
        seen.append(app)
        yield app
        held = getattr(app, "__dict__", {})
        inner = (held.get(name) for name in _WITHIN if isinstance(held, dict))
        app = next((each for each in inner if each is not None), getattr(app, "__self__", None))


def of_an_answer(headers: Headers, said: str) -> Framework | None:
    """Recognise the framework behind an answer; an app's before a proxy's in front of it."""
    texts = {
        "server": headers.get("server", ""),
        "powered_by": headers.get("x-powered-by", ""),
        "says": said,
    }  # fmt: skip
    found = [
        one for one in frameworks().values()
        if any(getattr(one, name) and re.search(getattr(one, name), text) for name, text in texts.items())
    ]  # fmt: skip
    return min(found, key=lambda one: one.is_proxy, default=None)
