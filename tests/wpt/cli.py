"""`python -m wpt /path/to/checkout [folder ...]`: run the tests, and compare with what is expected."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from wpt.running import run_file
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
    for file in tests_under(a.checkout, a.paths):
        import signal
        from wpt.realm import Hanging
        def hang(*_): raise Hanging
        signal.signal(signal.SIGALRM, hang); signal.alarm(25)
        try:
            outcome = run_file(wpt, file, a.engine)
        except BaseException as e:
            from wpt.running import Outcome
            if isinstance(e, KeyboardInterrupt): raise
            outcome = Outcome((), f"driver: {e!r}")
        signal.alarm(0)
        c = Counter(t.status for t in outcome.tests)
        total += c
        print(f"{file.path}: {dict(c)} {outcome.problem or ''}", flush=True)
        for t in outcome.tests:
            if t.status != "PASS":
                print(f"    {t.status} {t.name!r}: {t.message[:200]}")
        if a.v:
            for l in outcome.log: print("      ~", l)
    print(dict(total))
