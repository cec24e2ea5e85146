"""The decision table as text: CSV, SQL, and the condition on which tenants are joined with it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from .errors import BadInput
from .model.timeline import checked_day

if TYPE_CHECKING:
    from .tables import Table

__all__ = ["KEY", "NULL", "join_condition", "to_csv", "to_sql"]

NULL = "\\N"
"""What a CSV file says for NULL, so that it cannot be taken for the empty text."""
KEY = ("register", "since", "country", "agreed_region", "region", "sub_processor", "facts")
"""The columns that together tell all rows apart."""
_BATCH = 500


def to_csv(table: Table) -> Iterator[str]:
    r"""The table as CSV, one line after the other, the first of them the columns' names; each ends with a newline.

    Everything is quoted, so that `NA` is Namibia, and NULL is `\N`, so that the empty text is itself.
    """
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL, lineterminator="\n")
    yield writer.writerow([each.name for each in table.columns])
    for row in table.rows():
        yield writer.writerow([NULL if value is None else value for value in row])


def to_sql(table: Table, name: str = "residency") -> Iterator[str]:
    """The table as SQL statements that SQLite and DuckDB understand: one that creates it, then its rows."""
    if not isinstance(name, str) or not name.strip() or "\0" in name:
        raise BadInput(f"expected a name for the table, got {name!r}", 'write a text such as "residency"')
    columns = [f"{_quoted(c.name)} {c.type}{'' if c.fact is not None else ' NOT NULL'}" for c in table.columns]
    columns.append(f"PRIMARY KEY ({', '.join(map(_quoted, KEY))})")
    yield f"CREATE TABLE {_quoted(name)} (" + ", ".join(columns) + ");"
    rows = table.rows()
    while batch := list(islice(rows, _BATCH)):
        values = ",\n".join(f"({', '.join(map(_literal, row))})" for row in batch)
        yield f"INSERT INTO {_quoted(name)} VALUES\n{values};"


def join_condition(
    table: Table, *, tenants: str = "t", rows: str = "r", day: date | str = "day", quote: str = '"'
) -> str:
    """What stands after ON, where a relation `tenants` is joined with the table's `rows`, each by its name there.

    The tenants have a column for the country, the agreed region and each fact, named and written as in the table. `day`
    is the day asked about, or the column that holds it as text. `quote` goes around names: a backtick in Spark.
    """

    def mine(name: str) -> str:
        return f"{tenants}.{_quoted(name, quote)}"

    def theirs(name: str) -> str:
        return f"{rows}.{_quoted(name, quote)}"

    when = mine(day) if isinstance(day, str) else f"'{checked_day(day, 'day').isoformat()}'"
    lines = [
        f"{theirs('country')} = {mine('country')}",
        f"{theirs('agreed_region')} = COALESCE({mine('agreed_region')}, '')",
        f"{theirs('since')} <= {when}",
        f"{when} < {theirs('until')}",
    ]
    for each in table.columns:
        if each.fact is not None:
            own = mine(each.name) if each.type == "INTEGER" else f"COALESCE({mine(each.name)}, '')"
            lines.append(f"({theirs(each.name)} IS NULL OR {theirs(each.name)} = {own})")
    return "\n  AND ".join(lines)


class _Echo:
    """What `csv` writes to: it gives back what is written."""

    def write(self, text: str) -> str:
        return text


def _quoted(name: str, quote: str = '"') -> str:
    return f"{quote}{name.replace(quote, 2 * quote)}{quote}"


def _literal(value: str | int | None) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else _quoted(value, "'")
