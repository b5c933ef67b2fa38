"""Every row of every table, and the rows' own rules."""

from __future__ import annotations

from typing import Any

import pytest
import tomli

from corsim.cases import Row, Table, load_tables, run_row
from corsim.cases.load import case_files
from corsim.cases.rules import RULES

TABLES = load_tables()


def rows() -> list[Any]:
    """Pair every row with its table."""
    return [
        pytest.param(table, row, id=f"{table.path}[{number}]")
        for table in TABLES
        for number, row in enumerate(table.rows, 1)
    ]


each_table = pytest.mark.parametrize("table", [pytest.param(table, id=table.path) for table in TABLES])


@pytest.mark.parametrize(("table", "row"), rows())
def test_the_row_holds(table: Table, row: Row) -> None:
    """What a row expects of its values comes out."""
    report = run_row(table, row)
    assert report.ok, str(report)


@each_table
def test_tables_lie_in_values(table: Table) -> None:
    """A table of rows lies in the folder `values`."""
    assert table.path.startswith("values/")


@each_table
def test_no_row_stands_twice(table: Table) -> None:
    """No two rows of a table are given the same values."""
    rows = tomli.loads(dict(case_files())[table.path].read_text("utf-8"))["rows"]
    columns = RULES[table.rule].given
    given = [repr(sorted((name, cell) for name, cell in row.items() if name in columns)) for row in rows]
    assert len(given) == len(set(given))


def test_every_rule_has_a_table() -> None:
    """There is no rule that no table is about."""
    assert {table.rule for table in TABLES} == set(RULES)


def test_every_column_is_expected_somewhere() -> None:
    """There is no column that no row expects anything of."""
    for name, rule in RULES.items():
        rows_of_it = [row for table in TABLES if table.rule == name for row in table.rows]
        expected = {cell for row in rows_of_it for cell in row.expect}
        assert expected == set(rule.expect), name
