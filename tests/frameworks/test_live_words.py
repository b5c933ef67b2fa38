"""What explain() says of servers that have to be run is written down for them, and they are run."""

from __future__ import annotations

import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corsim import Browser, Response
from corsim.servers import process

pytestmark = pytest.mark.frameworks

PAGE, API = "https://app.example.com", "https://api.example.com"
CALLS: dict[str, dict[str, Any]] = {
    "a GET": {},
    "a PUT with a header": {"method": "PUT", "headers": {"X-Token": "1"}},
    "credentials": {"credentials": "include", "method": "PUT", "headers": {"Authorization": "Bearer t"}},
}
NODE_MODULES = Path(__file__).parent / "express" / "node_modules"

BEHIND = """
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"me")
    do_PUT = do_GET
ThreadingHTTPServer(("127.0.0.1", {port}), Handler).serve_forever()
"""


def free_port() -> int:
    """Find a port that nothing listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def behind() -> Iterator[str]:
    """Run an app that knows no CORS and no OPTIONS, for what stands in front of apps."""
    with process([sys.executable, "-c", BEHIND]) as app:
        yield app.url


Configured = tuple[str, str, list[str]]  # the name of a file, what is in it, the command


def nginx(snippet: str, folder: str, port: int, behind: str) -> Configured:
    temporary = " ".join(
        f"{name}_temp_path {folder};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    location = f"location / {{\n{snippet}\nproxy_pass {behind}; }}"
    text = (
        f"daemon off; pid {folder}/pid; error_log {folder}/error;\nevents {{}}\n"
        f"http {{ access_log off; {temporary}\nserver {{ listen 127.0.0.1:{port}; {location} }} }}"
    )
    return "nginx.conf", text, ["nginx", "-e", f"{folder}/error", "-c"]


def apache(snippet: str, folder: str, port: int, behind: str) -> Configured:
    modules = "\n".join(
        f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so"
        for name in ("mpm_event", "authz_core", "headers", "rewrite", "proxy", "proxy_http")
    )
    text = (
        f"{modules}\nServerName api\nListen 127.0.0.1:{port}\nPidFile {folder}/pid\nErrorLog {folder}/error\n"
        f"ProxyPass / {behind}/\n{snippet}\n"
    )
    return "apache.conf", text, ["apache2", "-X", "-f"]


def caddy(snippet: str, folder: str, port: int, behind: str) -> Configured:
    text = f"{{\nadmin off\nauto_https off\n}}\nhttp://:{port} {{\n{snippet}\nreverse_proxy {behind}\n}}\n"
    return "Caddyfile", text, ["caddy", "run", "--adapter", "caddyfile", "--config"]


def express(snippet: str, folder: str, port: int, behind: str) -> Configured:
    text = (
        f'const app = require("express")();\n{snippet}\n'
        f'app.all("/me", (request, response) => response.send("me"));\napp.listen({port}, "127.0.0.1");\n'
    )
    return "express.js", text, ["node"]


def aiohttp(snippet: str, folder: str, port: int, behind: str) -> Configured:
    text = (
        "from aiohttp import web\n\nasync def me(request):\n    return web.Response(text='me')\n\n"
        "app = web.Application()\nfor method in ('GET', 'PUT'):\n"
        f"    app.router.add_route(method, '/me', me)\n{snippet}\n"
        f"web.run_app(app, host='127.0.0.1', port={port})\n"
    )
    return "app.py", text, [sys.executable]


SERVERS: dict[str, Callable[[str, str, int, str], Configured]] = {
    "nginx": nginx, "apache": apache, "caddy": caddy, "express": express, "aiohttp": aiohttp,
}  # fmt: skip


def skip_without(name: str, command: str) -> None:
    """Skip where a server is not installed."""
    if shutil.which(command) is None:
        pytest.skip(f"{command} is not installed")
    if name == "express" and not (NODE_MODULES / "cors").is_dir():
        pytest.skip(f"express and cors are not in {NODE_MODULES}")
    if name == "aiohttp":
        pytest.importorskip("aiohttp_cors")


def snippet_for(name: str, call: dict[str, Any]) -> str:
    """Take what is shown of a server that knows no CORS."""
    browser = Browser()
    browser.serve(API, lambda request: Response(405 if request.method == "OPTIONS" else 200))
    return browser.open(PAGE).fetch(f"{API}/me", **call).explain(name).snippet


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", SERVERS)
def test_the_snippet_turns_a_server_green(name: str, call: str, behind: str, tmp_path: Path) -> None:
    """With what is shown in its configuration, a server lets the page read."""
    port = free_port()
    file, text, command = SERVERS[name](snippet_for(name, CALLS[call]), str(tmp_path), port, behind)
    skip_without(name, command[0])
    (tmp_path / file).write_text(text, "utf-8")
    running = process(
        [*command, str(tmp_path / file)], port=port, cwd=tmp_path, env={"NODE_PATH": str(NODE_MODULES)}
    )
    with Browser() as browser:
        browser.serve(API, running)
        result = browser.open(PAGE).fetch(f"{API}/me", **CALLS[call])
    assert result.ok, f"{text}\n{result.explain()}"
