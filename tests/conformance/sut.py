"""An implementation of fetch of a few lines, behind the line protocol; what it does wrong is its arguments.

python sut.py MODE [CASE]       where CASE is the path of the case at which it goes wrong; without, at each
"""

from __future__ import annotations

import http.client
import json
import sys
import time
from typing import Any
from urllib.parse import urlsplit

Given = dict[str, Any]


def request(method: str, url: str, headers: list[list[str]], body: bytes = b"") -> Given:
    """Send one request to this machine, and write down what came back as a page would."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=10)
    connection.putrequest(method, url.partition(parts.netloc)[2], skip_host=True)
    for name, value in [["Host", parts.netloc], ["User-Agent", "Sut/1"], *headers]:
        connection.putheader(name, value)
    connection.endheaders(body)
    response = connection.getresponse()
    seen = sorted([name.lower(), value] for name, value in response.getheaders())
    return {
        "type": "cors", "status": response.status, "url": url, "redirected": False,
        "headers": seen, "body": response.read().decode("latin-1"),
    }  # fmt: skip


def run(case: Given) -> Given:
    """Make the calls of a case, one after the other."""
    results = []
    for step in case["steps"]:
        time.sleep(step["after"])
        if "before" in step:
            request("POST", step["before"], [])
        page = urlsplit(case["pages"][step["page"]]["at"])
        headers = [["Origin", f"{page.scheme}://{page.netloc}"], *step["init"].get("headers", [])]
        results.append(request(step["init"].get("method", "GET"), step["url"], headers))
    return {"id": case["id"], "results": results}


def go_wrong(mode: str, case: Given) -> None:
    """Do what the mode says; whatever is written is no answer, or not the right one."""
    if mode == "dies":
        print("about to die\nfor good", file=sys.stderr)
        sys.exit(7)
    if mode == "sleeps":
        time.sleep(100)
    lines = {
        "garbage": "{oops",
        "stranger": json.dumps({"id": "000000-0", "results": []}),
        "nameless": "[1]",
        "short": json.dumps({"id": case["id"], "results": []}),
        "empty": json.dumps({"id": case["id"]}),
        "wordless": json.dumps({"id": case["id"], "unsupported": ""}),
        "unsupported": json.dumps({"id": case["id"], "unsupported": "no such thing here"}),
        "rejects": json.dumps({"id": case["id"], "results": [{"rejected": True, "error": "TypeError"}]}),
        "unheaded": json.dumps({"id": case["id"], "results": [{"status": 200, "url": "", "headers": ["A"]}]}),
        "statusless": json.dumps({"id": case["id"], "results": [{"url": "", "headers": []}]}),
        "wrong": json.dumps({"id": case["id"], "results": [{"status": "200", "url": "", "headers": []}]}),
        "endless": "x" * (1 << 25),
    }
    print(lines[mode], flush=True)


def main(mode: str, at: str = "") -> None:
    """Answer until nothing more comes."""
    for line in sys.stdin:
        case = json.loads(line)
        if mode != "good" and at in ("", case["case"]):
            go_wrong(mode, case)
        else:
            print(json.dumps(run(case)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
