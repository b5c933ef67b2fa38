"""`python -m wpt /path/to/checkout [folder ...]`: run the tests, and compare with what is expected."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from wpt.running import run_all
from wpt.server import Wpt
from wpt.files import tests_under

def main() -> None:
    p = argparse.ArgumentParser()
    p.add_argument("checkout", type=Path)
    p.add_argument("paths", nargs="*", default=["cors", "fetch", "xhr"])
    p.add_argument("--engine", default="spec")
    p.add_argument("-v", action="store_true")
    a = p.parse_args()
    wpt = Wpt(a.checkout.resolve())
    total = Counter()
    for file, outcome in run_all(wpt, list(tests_under(a.checkout, a.paths)), a.engine, 2):
        c = Counter(t.status for t in outcome.tests)
        total += c
        print(f"{file.path}: {dict(c)} {outcome.problem or ''}".replace("\n"," "), flush=True)
        for t in outcome.tests:
            if t.status != "PASS":
                print(f"    {t.status} {t.name!r}: {t.message[:200]}".replace("\n"," "))
        if a.v:
            for l in outcome.log: print("      ~", l)
    print(dict(total))
