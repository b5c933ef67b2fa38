"""No wall of frames from inside corsim: a traceback ends at the user's line."""

from __future__ import annotations

import ast
import sys
import traceback

import pytest

from corsim.testing.own_code import statement_at


def hide_own_frames() -> None:
    """Let a traceback end at the user's line, where corsim refused what it says."""
    for name, module in list(sys.modules.items()):
        if name.startswith("corsim."):
            vars(module).setdefault("__tracebackhide__", _is_refusal)


def _is_refusal(error: pytest.ExceptionInfo[BaseException] | None) -> bool:
    """Say whether an exception was raised on purpose: a `raise` in corsim, and not by an accident there."""
    if error is None:
        return False
    *_, (frame, line) = traceback.walk_tb(error.value.__traceback__)
    own = str(frame.f_globals.get("__name__")).startswith("corsim.")
    return own and isinstance(statement_at(frame.f_code.co_filename, line), ast.Raise)
