"""Dedicated workers: a realm of its own for each, whose script the library fetches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corsim import Blob
from wpt.crossing import script_text

if TYPE_CHECKING:
    from corsim.page import Worker
    from wpt.realm import Realm

LATE = 0.02  # virtual seconds until a worker's script is there


def start_worker(creator: Realm, url: str, number: int) -> int:
    """Start a worker; whether its script loaded is told to its creator under a number."""
    world = creator.world
    absolute = creator.bridge.parse_url(url, creator.base_url)
    place = absolute["href"] if absolute else url
    worker, script = _fetched(creator, place)
    realm = world.enter(worker, creator)

    def run() -> None:
        if script is not None and not realm.closed:
            realm.run(script)
            realm.begin()
        creator.arrive(number, script is not None)

    world.loop.at(LATE, run)
    return realm.id


def _fetched(creator: Realm, url: str) -> tuple[Worker, str | None]:
    """Have the library fetch a worker's script; a blob's the driver has itself."""
    if url.startswith("blob:"):
        data, _ = creator.world.blobs.get(url.partition("#")[0], (b"", ""))
        return creator.page.worker(Blob(data)), data.decode("utf-8", "replace")
    worker: Worker = creator.page.worker(url)
    loaded = worker.script is not None and worker.script.loaded
    return worker, script_text(worker.script) if loaded and worker.script is not None else None
