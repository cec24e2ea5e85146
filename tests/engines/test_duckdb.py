"""DuckDB: the guide's query over Parquet files says what the resolver says, for all 4,980 tenants."""

from __future__ import annotations

from pathlib import Path

import pytest

from joined import COLUMNS, DAYS, NO_DAYS, everybody, expected, expected_regions, run, write_table
from residency.tables import Table, join_condition, to_sql
from support import REGISTER

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed (the extra duckdb)")
pytestmark = pytest.mark.engines


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the table and the tenants, in which the guide's reader stands."""
    write_table(tmp_path / "table.csv")
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    connection = duckdb.connect()
    rows = ", ".join(map(repr, everybody()))
    connection.execute(f"COPY (SELECT * FROM (VALUES {rows}) AS t({names})) TO '{tmp_path / 'tenants.parquet'}'")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_guides_query_says_what_the_resolver_says(folder: Path) -> None:
    """One row for each tenant and question, whichever way the day is asked about."""
    assert expected() == sorted(run("DuckDB", {})["answers"].fetchall())


def test_the_function_that_the_guide_shows_says_the_same(folder: Path) -> None:
    """Called for each row."""
    names = run("Or call the resolver from the query", run("DuckDB", {}))
    assert expected_regions() == sorted(names["regions"].fetchall())


def test_what_the_guide_says_of_reading_the_file_is_so(folder: Path) -> None:
    """Namibia stays; the empty text is lost, unless NULL is said to be another one."""
    connection = duckdb.connect()
    count = "SELECT count(*) FILTER (country = 'NA'), count(*) FILTER (agreed_region = '') FROM read_csv('table.csv'{})"
    assert [(120, 0)] == connection.execute(count.format("")).fetchall()
    assert [(120, 6006)] == connection.execute(count.format(r", nullstr = '\N'")).fetchall()


def test_a_day_that_is_no_text_is_refused(folder: Path) -> None:
    """With a message; written as text it is taken."""
    connection = run("DuckDB", {})["connection"]
    query = "SELECT count(*) FROM residency WHERE since <= {0} AND {0} < until"
    with pytest.raises(duckdb.BinderException, match="Cannot compare values of type VARCHAR and type DATE"):
        connection.execute(query.format("DATE '2026-11-23'"))
    last = connection.execute(query.format("CAST(DATE '9999-12-31' AS VARCHAR)")).fetchall()
    assert last == connection.execute("SELECT count(*) FROM residency WHERE until = 'infinity'").fetchall()


def test_a_text_that_is_no_day_matches_no_row_or_is_an_error(folder: Path) -> None:
    """An error where it looks like a day; real days have eleven answers each."""
    connection = run("DuckDB", {})["connection"]

    def joined(day: str | None) -> int | None:
        tenant = "SELECT * REPLACE (?::VARCHAR AS day) FROM 'tenants.parquet' WHERE id = 0"
        asked = f"SELECT count(*) FROM ({tenant}) AS t JOIN residency AS r ON {join_condition(Table(REGISTER))}"
        try:
            (count,) = connection.execute(asked, [day]).fetchone()
        except duckdb.ConversionException:
            return None
        return int(count)

    assert {11} == set(map(joined, DAYS))
    found = {day: joined(day) for day in (*NO_DAYS, "2019-02-30", "2023-02-29")}
    assert {None, 0} == set(found.values())
    assert (0, None) == (found["2019-9-5"], found["2019-02-30"])


def test_the_statements_are_duckdbs_too(folder: Path) -> None:
    """The same rows as in the file, and its key is kept."""
    connection = duckdb.connect()
    for statement in to_sql(Table(REGISTER)):
        connection.execute(statement)
    assert list(Table(REGISTER).rows()) == connection.execute("SELECT * FROM residency ORDER BY rowid").fetchall()
    with pytest.raises(duckdb.ConstraintException, match="Duplicate key"):
        connection.execute("INSERT INTO residency SELECT * FROM residency LIMIT 1")
