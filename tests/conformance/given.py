"""Small cases, and a browser of a few lines that can be made to do wrong."""

from __future__ import annotations

import http.client
import json
import ssl
import threading
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import tomli

from corsim.cases import Case, parse_case

CASE = """
title = "A wildcard lets anyone read"
proves = "concept-cors-check 3"
[[fetch]]
page = "https://app.example"
url = "https://api.example/me"
[[server]]
on = "GET https://api.example/me"
headers = ["Access-Control-Allow-Origin: *", "Access-Control-Expose-Headers: *", "X-A: 1"]
body = "hi"
[expect]
sent = ["GET https://api.example/me"]
result = "cors"
status = 200
url = "https://api.example/me"
redirected = false
headers = ["access-control-allow-origin: *", "access-control-expose-headers: *", "x-a: 1"]
body = "hi"
[expect.request.1]
has = ["Origin: https://app.example"]
lacks = ["Cookie-Monster"]
"""


def case(text: str = CASE, path: str = "cors_check/given", **replaced: str) -> Case:
    """A case from TOML, with words replaced by others."""
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    return parse_case(path, tomli.loads(text))


Seen = dict[str, Any]


class FakeBrowser:
    """Makes simple requests by http.client, and reports what came back, changed by `lies`.

    It says that it is `able` to do what it is told to say, and keeps the cookies of each path.
    """

    def __init__(
        self, lies: Callable[[Seen, int], Seen | None] = lambda seen, _: seen, able: str = ""
    ) -> None:
        self._lies, self._able = lies, able
        self._trust: ssl.SSLContext | None = None
        self._thread: threading.Thread | None = None
        self.runs = 0

    def open(self, url: str) -> None:
        """Run whatever there is, in a thread."""
        self._thread = threading.Thread(target=self._run, args=(url,))
        self._thread.start()

    def close(self) -> None:
        """Wait until it has been told that nothing more comes."""
        assert self._thread is not None
        self._thread.join(10)

    def _run(self, url: str) -> None:
        assert b"runner.js" in request("GET", url)[2]
        authority = request("GET", f"{url}__corsim__/authority.crt")
        if authority[0] == 200:
            self._trust = ssl.create_default_context(cadata=authority[2].decode("ascii"))
        generation = 0
        while True:
            batch = json.loads(
                request("GET", f"{url}__corsim__/batch?after={generation}&able={self._able}")[2]
            )
            if batch.get("over"):
                return
            generation, self.runs = batch["generation"], self.runs + 1
            for replay in batch["replays"]:
                self._replay(url, replay)

    def _replay(self, url: str, replay: dict[str, Any]) -> None:
        results = []
        cookies = [self._cookie(at) for at in replay["plant"]]
        for number, step in enumerate(replay["steps"]):
            if number:
                request("POST", f"{url}__corsim__/step?id={replay['id']}&step={number}")
            src = urlsplit(replay["pages"][step["page"]]["src"])
            headers = [("Origin", f"{src.scheme}://{src.netloc}"), *step["init"].get("headers", [])]
            if step["init"].get("credentials") == "include":
                headers += [("Cookie", cookie) for cookie in cookies]
            method = step["init"].get("method", "GET")
            try:
                status, lines, body = request(method, step["url"], headers, trust=self._trust)
            except http.client.RemoteDisconnected as error:
                results.append({"rejected": True, "error": str(error)})
                continue
            results.append({
                "type": "cors", "status": status, "url": step["url"], "redirected": False,
                "headers": sorted([name.lower(), value] for name, value in lines),
                "body": body.decode("latin-1"),
            })  # fmt: skip
        outcome = self._lies({"id": replay["id"], "results": results}, self.runs)
        if outcome is not None:
            request("POST", f"{url}__corsim__/result", body=json.dumps(outcome).encode())

    def _cookie(self, url: str) -> str:
        lines = dict(request("GET", url, trust=self._trust)[1])
        return lines["Set-Cookie"].partition(";")[0]


def request(
    method: str, url: str, headers: Sequence[Sequence[str]] = (), body: bytes = b"",
    trust: ssl.SSLContext | None = None,
) -> tuple[int, list[tuple[str, str]], bytes]:  # fmt: skip
    """Send one request to this machine, whatever the host is called."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=10)
    try:
        if parts.scheme == "https":
            assert trust is not None
            connection.connect()
            connection.sock = trust.wrap_socket(connection.sock, server_hostname=parts.hostname)
        connection.putrequest(method, url.partition(parts.netloc)[2] or "/", skip_host=True)
        for name, value in (("Host", parts.netloc), ("User-Agent", "Fake Firefox/1.5"), *headers):
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        return response.status, response.getheaders(), response.read()
    finally:
        connection.close()
