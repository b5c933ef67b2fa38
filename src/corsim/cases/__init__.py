"""The spec cases: given a page, a server and a fetch, what the standard says must happen.

    load_cases(), load_tables()     what `spec_cases/` holds, checked and frozen
    run_case(case, profile)         replay a case, and report what came out otherwise
    run_row(table, row)             the same for one row of a table of values

Nothing is read before one of the loaders is called.
"""

from corsim.cases.load import load_cases, load_tables, parse_case, parse_table, spec_cases_directory
from corsim.cases.model import (
    Because,
    Case,
    EngineDifference,
    Expect,
    ExpectRequest,
    FetchGiven,
    PageGiven,
    Row,
    ServerAnswer,
    Table,
)
from corsim.cases.run import Mismatch, Report, run_case, run_row

__all__ = [
    "Because",
    "Case",
    "EngineDifference",
    "Expect",
    "ExpectRequest",
    "FetchGiven",
    "Mismatch",
    "PageGiven",
    "Report",
    "Row",
    "ServerAnswer",
    "Table",
    "load_cases",
    "load_tables",
    "parse_case",
    "parse_table",
    "run_case",
    "run_row",
    "spec_cases_directory",
]
