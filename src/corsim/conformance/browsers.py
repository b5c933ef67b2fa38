"""How each engine is launched: a new profile every time, and nothing that phones home."""

from __future__ import annotations

import asyncio
import contextlib
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

import attrs

from corsim.conformance.trust import Trust

RealEngine: TypeAlias = Literal["chromium", "firefox", "webkit"]


class BrowserMissing(Exception):
    """A browser is not installed; the message says which package has it."""


@attrs.frozen
class Browser:
    """A browser on this machine that can be launched."""

    engine: RealEngine
    command: tuple[str, ...]
    version: str

    @contextlib.asynccontextmanager
    async def opened(
        self, url: str, trust: Trust | None = None, extra: Sequence[str] = (),
        default_cookies: bool = False, **streams: Any,
    ) -> AsyncIterator[asyncio.subprocess.Process]:  # fmt: skip
        """Open a URL with a new profile; the browser and its profile are gone afterwards.

        Foreign cookies are let through, unless it is to treat `default_cookies` as it does by default.

        `extra` arguments and `streams` are for those who listen to what the browser says.
        """
        with tempfile.TemporaryDirectory(prefix="corsim-browser-", ignore_cleanup_errors=True) as profile:
            arguments = _ARGUMENTS[self.engine](profile)
            arguments += () if default_cookies else _LETTING_COOKIES_THROUGH[self.engine](profile)
            arguments += trust.arguments(self.engine, profile) if trust else ()
            arguments += tuple(extra) or _UNHEARD.get(self.engine, ())
            # A session of its own, so that its helpers can be ended with it, and nobody else.
            nowhere = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
            process = await asyncio.create_subprocess_exec(
                *self.command, *arguments, url, env=_environment(profile), start_new_session=True,
                **(nowhere | streams),
            )  # fmt: skip
            try:
                yield process
            finally:
                await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(process.wait(), 3)
    with contextlib.suppress(ProcessLookupError):  # helpers that outlive the browser
        os.killpg(process.pid, signal.SIGKILL)


def find_browser(engine: RealEngine) -> Browser:
    """Find a browser of an engine on this machine; raises `BrowserMissing`."""
    command = _FINDERS[engine]()
    output = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False, timeout=60)
    match = re.search(r"[0-9]+(\.[0-9]+)+", output.stdout)
    if match is None:
        raise BrowserMissing(f"{command[-1]} does not run: {(output.stderr or output.stdout).strip()[-300:]}")
    return Browser(engine, command, match[0])


def version_of_agent(agent: str) -> tuple[RealEngine, str] | None:
    """Read the engine and its version from a User-Agent header; None if it names none of the three.

    >>> version_of_agent("Mozilla/5.0 (X11; rv:153.0) Gecko/20100101 Firefox/153.0")
    ('firefox', '153.0')
    """
    for engine, pattern in _AGENTS:
        match = re.search(pattern, agent)
        if match is not None:
            return engine, match[1]
    return None


# The order matters: Chromium says Safari too, and everybody says AppleWebKit.
_AGENTS: tuple[tuple[RealEngine, str], ...] = (
    ("firefox", r"Firefox/([0-9.]+)"),
    ("chromium", r"(?:Chrome|Chromium)/([0-9.]+)"),
    ("webkit", r"Version/([0-9.]+).* Safari/"),
    ("webkit", r"AppleWebKit/([0-9.]+)"),
)


def _environment(profile: str) -> dict[str, str]:
    """Keep the browser's files in its profile, and its graphics in software."""
    return {
        **os.environ, "HOME": profile, "XDG_CONFIG_HOME": f"{profile}/config",
        "XDG_CACHE_HOME": f"{profile}/cache", "XDG_DATA_HOME": f"{profile}/data",
        "WEBKIT_DISABLE_COMPOSITING_MODE": "1", "LIBGL_ALWAYS_SOFTWARE": "1", "NO_AT_BRIDGE": "1",
        "MOZ_CRASHREPORTER_DISABLE": "1", "LC_ALL": "C.UTF-8",
    }  # fmt: skip


# -- chromium ----------------------------------------------------------------------------

_CHROMIUM = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-popup-blocking",
)  # fmt: skip
# Cookies of other sites are let through: whether they go along is the question of some cases.
_CHROMIUM_PREFERENCES = {"profile": {"block_third_party_cookies": False, "cookie_controls_mode": 0}}


def _find_chromium() -> tuple[str, ...]:
    return (_which("chromium", "chromium-browser", "google-chrome", package="chromium"),)


def _chromium_arguments(profile: str) -> tuple[str, ...]:
    return (*_CHROMIUM, f"--user-data-dir={profile}")


def _chromium_cookies(profile: str) -> tuple[str, ...]:
    preferences = Path(profile, "Default", "Preferences")
    preferences.parent.mkdir()
    preferences.write_text(json.dumps(_CHROMIUM_PREFERENCES), "utf-8")
    return ()


# -- firefox -----------------------------------------------------------------------------

_FIREFOX = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.ml.enable": False,
    "browser.newtabpage.enabled": False,
    "browser.region.network.url": "",
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.sessionstore.resume_from_crash": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    # Some cases are about the page at the top: those are opened as windows.
    "dom.disable_open_during_load": False,
    "extensions.update.enabled": False,
    "marionette.port": 0,  # any that is free, where it is asked for
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.prefetch-next": False,
    # Where user namespaces are not allowed, as in most containers, pages would not start.
    "security.sandbox.content.level": 0,
    "services.settings.server": "",
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.unified": False,
}


def _find_firefox() -> tuple[str, ...]:
    return (_which("firefox-esr", "firefox", package="firefox-esr"),)


def _firefox_arguments(profile: str) -> tuple[str, ...]:
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in _FIREFOX.items()]
    Path(profile, "user.js").write_text("".join(lines), "utf-8")
    return ("--headless", "--no-remote", "-profile", profile)


# -- webkit ------------------------------------------------------------------------------

_MINIBROWSERS = (
    "/usr/lib/*/webkit2gtk-4.1/MiniBrowser", "/usr/lib/*/webkit*gtk-*/MiniBrowser",
    "/usr/libexec/webkit*gtk-*/MiniBrowser",
)  # fmt: skip


def _find_webkit() -> tuple[str, ...]:
    found = [path for pattern in _MINIBROWSERS for path in sorted(glob.glob(pattern))]
    if not found:
        raise BrowserMissing("no MiniBrowser of WebKitGTK here: apt-get install webkit2gtk-driver xvfb")
    return (_which("xvfb-run", package="xvfb"), "-a", found[0])


def _webkit_arguments(_: str) -> tuple[str, ...]:
    return ("--javascript-can-open-windows-automatically=true",)


# Windows that leave nothing behind also keep their console to themselves.
_UNHEARD: Mapping[RealEngine, tuple[str, ...]] = {"webkit": ("--private",)}


def _which(*names: str, package: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise BrowserMissing(f"no {' or '.join(names)} here: apt-get install {package}")
    return found


_FINDERS: Mapping[RealEngine, Callable[[], tuple[str, ...]]] = {
    "chromium": _find_chromium, "firefox": _find_firefox, "webkit": _find_webkit
}  # fmt: skip
_LETTING_COOKIES_THROUGH: Mapping[RealEngine, Callable[[str], tuple[str, ...]]] = {
    "chromium": _chromium_cookies,
    "firefox": lambda _: (),
    "webkit": lambda _: ("--cookies-policy=always",),
}
_ARGUMENTS: Mapping[RealEngine, Callable[[str], tuple[str, ...]]] = {
    "chromium": _chromium_arguments, "firefox": _firefox_arguments, "webkit": _webkit_arguments
}  # fmt: skip
