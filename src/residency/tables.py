"""A register's decision table as plain rows, to be joined with tenants in whatever engine they are in.

>>> from residency import load_register
>>> rows = Table(load_register("liveagent")).rows()
>>> next(rows)[1:8]
('0001-01-01', '2019-10-28', 'AD', '', 'EU', '', '')
"""

from __future__ import annotations

import csv
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from hashlib import sha256
from itertools import groupby, islice
from typing import Literal

import attrs
from attrs import field, frozen

from .analysis.cells import Cell, CellView, TooMany, cells_of
from .analysis.evaluator import FEW_FACTS, CellEvaluator
from .analysis.paths import conditions_of, facts_in, too_large
from .analysis.universe import Choice, Space, Universe
from .engine.conditions import Fact
from .errors import BadInput
from .model.house_rules import HouseRules, under
from .model.places import countries
from .model.register import Register, check_register
from .model.timeline import checked_day
from .result.reason import Reason

__all__ = ["KEY", "NULL", "OPEN_END", "OPEN_START", "Column", "Row", "Table", "join_condition", "to_csv", "to_sql"]

OPEN_START = "0001-01-01"
"""`since`, where a row counts from the first day there is."""
OPEN_END = "infinity"
"""`until`, where a row counts up to the last day there is: as text it sorts after every day, and DuckDB and PostgreSQL
read it as the date after all others."""
MOST_CELLS = 1_000_000
"""How many cells of tenants are evaluated in one span of days before the table is refused as too large."""

Row = tuple[str | int | None, ...]
"""One value for each column."""
_Outcome = tuple[str, int, str]
"""The verdict, whether it is settled, and the reason's code."""
_Cells = Sequence[tuple[Cell, _Outcome]]
_CellOutcome = tuple[Mapping[Fact, Choice], _Outcome]
_Leaf = tuple[tuple[tuple[Fact, Choice], ...], _Outcome]
"""Facts that a tenant has, and the outcome for all tenants who have them."""


@frozen
class Column:
    """A column's name and type; `fact` is the fact of the tenant's that it is about, `key` whether it is in the key."""

    name: str
    type: Literal["TEXT", "INTEGER"] = "TEXT"
    fact: Fact | None = None

    @property
    def key(self) -> bool:
        """Whether it is one of the columns that together identify a row."""
        return self.name in KEY


@frozen
class Table:
    """The answers of a register, under house rules where there are any, for every tenant that demands nothing.

    A row answers one question, on one hosting region (`region`) or one `sub_processor` (the other is empty), for the
    tenants of one `country` with one `agreed_region` (empty: none), from the day `since` until before the day `until`.
    There is a column for each fact of the register's: 1 or 0 for a feature that is on or off (after its default), a
    consent or agreement that is there or not; the value of an attribute, empty where it is unknown; and NULL where the
    row does not depend on it. `facts` are those that it depends on, as one text. A tenant, day and question match
    exactly one row.

    `settled` is 1 where placement settles the data in that hosting region: with the verdict PERMITTED it is
    `decision.region`. `code` is that of the reason at the root of the answer. `register` is a digest of the register:
    another one where an answer could be another. A tenant with restrictions or objections is not in the table: ask the
    resolver.
    """

    register: Register
    house_rules: HouseRules | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_register(self.register)
        for name in self.register.attributes:
            if NULL in self.register.attribute(name).values:
                message = f"attribute {name!r} can be {NULL!r}, which is NULL in CSV"
                raise BadInput(message, "give that value another name")
        names: dict[str, str] = {}
        for column in self.columns:
            other = names.setdefault(column.name.lower(), column.name)
            if other != column.name:
                message = f"columns {other!r} and {column.name!r} would be one"
                raise BadInput(message, "SQL does not tell capital letters from small")

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in order."""
        facts = (
            Column(":".join(fact), "TEXT" if fact[0] == "attribute" else "INTEGER", fact)
            for fact in self._universe.choices
        )
        where = ("register", "since", "until", "country", "agreed_region", "region", "sub_processor", "facts")
        return (*map(Column, where), *facts, Column("verdict"), Column("settled", "INTEGER"), Column("code"))

    @cached_property
    def digest(self) -> str:
        """The value of the column `register`: the first 16 digits of a SHA-256 of the register with its house rules."""
        return sha256(_canonical(self._universe.register).encode("ascii")).hexdigest()[:16]

    def rows(self) -> Iterator[Row]:
        """The rows: by hosting region, then sub-processor, then country, agreed region and day.

        Raises `BadInput` at once where an answer hangs on more combinations of facts than a table has room for.
        """
        for words in too_large(self._universe.register, self._universe.choices):
            raise BadInput(f"register {self.register.id!r} is too large for a table: {words}", "ask a Resolver")
        evaluators = [
            (
                space,
                CellEvaluator(
                    self._universe.register,
                    space,
                    space.day,
                    fingerprint=_whole_reason,
                    coarse_fingerprint=_single_or_several,
                    most=MOST_CELLS,
                    whole=True,
                ),
            )
            for space in self._universe.spaces
        ]
        subjects: list[tuple[tuple[str, str], str | None]] = [((name, ""), name) for name in self.register.regions]
        subjects += [(("", name), None) for name in self.register.sub_processors]
        try:
            by_subject = [
                [_cell_outcomes(evaluator, space, region or sub_processor, of) for space, evaluator in evaluators]
                for (region, sub_processor), of in subjects
            ]
        except TooMany:
            message = f"register {self.register.id!r} tells more than {MOST_CELLS:,} kinds of tenants apart"
            raise BadInput(message, "ask a Resolver") from None
        for (subject, _), cells_by_space in zip(subjects, by_subject, strict=True):
            yield from self._rows_about(subject, cells_by_space)

    @cached_property
    def _universe(self) -> Universe:
        register = self.register if self.house_rules is None else under(self.house_rules, self.register)
        return Universe(register, demands=False)

    @cached_property
    def _named(self) -> tuple[Fact, ...]:
        """The facts that conditions name, in the order in which they do."""
        return tuple(dict.fromkeys(fact for when in conditions_of(self._universe.register) for fact in facts_in(when)))

    def _rows_about(self, subject: tuple[str, str], cells_by_space: Sequence[_Cells]) -> Iterator[Row]:
        """The rows of one question, from the cells of each space with their outcomes."""
        split = dict.fromkeys(fact for cells in cells_by_space for cell, _ in cells for fact in cell.facts)
        order = tuple(split if len(split) <= FEW_FACTS else (fact for fact in self._named if fact in split))
        spaces = self._universe.spaces
        by_space = [self._leaves(space, cells, order) for space, cells in zip(spaces, cells_by_space, strict=True)]
        ends: dict[tuple[_Leaf, ...], list[Row]] = {}
        kept: dict[tuple[int, ...], list[tuple[Row, list[Row]]]] = {}  # most countries share their answers with another

        def rows(leaves_by_span: Sequence[tuple[_Leaf, ...]]) -> Iterator[tuple[Row, list[Row]]]:
            spans = [space.span for space in spaces]
            for leaves, group in groupby(zip(spans, leaves_by_span, strict=True), key=lambda entry: entry[1]):
                run = [span for span, _ in group]
                since = OPEN_START if run[0].start is None else run[0].start.isoformat()
                until = OPEN_END if run[-1].end is None else run[-1].end.isoformat()
                if leaves not in ends:
                    ends[leaves] = [self._end(subject, leaf) for leaf in leaves]
                yield (self.digest, since, until), ends[leaves]

        for country in sorted(countries()):
            for agreed in (None, *self.register.regions):
                leaves_by_span = [leaves[country, agreed] for leaves in by_space]
                identity = tuple(map(id, leaves_by_span))
                if identity not in kept:
                    kept[identity] = list(rows(leaves_by_span))
                for dates, row_ends in kept[identity]:
                    head = (*dates, country, agreed or "")
                    yield from [head + end for end in row_ends]

    def _leaves(
        self, space: Space, cells: _Cells, order: tuple[Fact, ...]
    ) -> Mapping[tuple[str, str | None], tuple[_Leaf, ...]]:
        """The leaves for each country and agreed region: the facts that the answer depends on there, and outcomes."""
        by_context: list[list[int]] = [[] for _ in space.contexts]
        for number, (cell, _) in enumerate(cells):
            for context_number in cell.where:
                by_context[context_number].append(number)
        folded: dict[tuple[int, ...], tuple[_Leaf, ...]] = {}
        for numbers in map(tuple, by_context):
            if numbers not in folded:
                outcomes = [(cells[number][0].facts, cells[number][1]) for number in numbers]
                folded[numbers] = _folded(outcomes, order, space.choices)
        return {
            (country, context.agreed): folded[tuple(numbers)]
            for context, numbers in zip(space.contexts, by_context, strict=True)
            for country in context.countries
        }

    def _end(self, subject: tuple[str, str], leaf: _Leaf) -> Row:
        """The end of a row: its columns after the agreed region."""
        facts = dict(leaf[0])
        columns = [column for column in self.columns if column.fact is not None]
        values = [_value(facts[column.fact]) if column.fact in facts else None for column in columns]
        named = (f"{column.name}={_fact_text(v)}" for column, v in zip(columns, values, strict=True) if v is not None)
        return (*subject, ";".join(named), *values, *leaf[1])


# --- Cells and their outcomes ---


def _cell_outcomes(evaluator: CellEvaluator, space: Space, name: str, region: str | None) -> _Cells:
    """The cells of a space for one question, each with the outcome for its tenants."""

    def outcome(cell: Cell) -> _Outcome:
        reason = evaluator.reason(name, CellView(cell))
        settled = region is not None and evaluator.settled(CellView(cell)) == region
        return reason.verdict.value, int(settled), reason.code

    return list(cells_of(Cell.whole(space), outcome))


def _whole_reason(reason: Reason) -> Reason:
    """The fingerprint of a reason: all of it, since which reasons are equal decides the code of what they make."""
    return reason


def _single_or_several(reason: Reason) -> Hashable:
    """The fingerprint of a part: of several reasons the verdict alone, for no reason combined with them equals them."""
    return reason.verdict.value, None if reason.code == "any" else reason


def _folded(
    cells: Sequence[_CellOutcome], order: tuple[Fact, ...], choices: Mapping[Fact, tuple[Choice, ...]]
) -> tuple[_Leaf, ...]:
    """The leaves of the cells, split, in that order, only by facts that change the outcome."""
    _, outcome = cells[0]
    if all(other == outcome for _, other in cells):
        return (((), outcome),)
    fact, rest = order[0], order[1:]
    parts = []
    for choice in choices[fact]:
        chosen = [cell for cell in cells if cell[0].get(fact, choice) == choice]
        parts.append(_folded(chosen, rest, choices))
    if all(part == parts[0] for part in parts):
        return parts[0]
    leaves = zip(choices[fact], parts, strict=True)
    return tuple((((fact, choice), *facts), outcome) for choice, part in leaves for facts, outcome in part)


def _value(choice: Choice) -> str | int:
    """A fact as the table writes it."""
    return int(choice) if isinstance(choice, bool) else choice or ""


def _fact_text(value: str | int) -> str:
    """A value as the column `facts` writes it, where `;` separates."""
    return str(value).replace("%", "%25").replace(";", "%3B")


def _canonical(value: object) -> str:
    """A register's content as canonical text, in ASCII, the same in every process."""
    kind = type(value)
    if attrs.has(kind):
        parts = (_canonical(getattr(value, attribute.name)) for attribute in attrs.fields(kind) if attribute.init)
        return f"{kind.__name__}({','.join(parts)})"
    if isinstance(value, tuple):
        return f"({','.join(map(_canonical, value))})"
    return ascii(value)


NULL = "\\N"
"""NULL in a CSV file, so that it cannot be taken for the empty text."""
KEY = ("register", "since", "country", "agreed_region", "region", "sub_processor", "facts")
"""The columns that together identify a row."""
_BATCH = 500


def to_csv(table: Table) -> Iterator[str]:
    r"""The table as CSV, one line after the other, the first of them the columns' names; each ends with a newline.

    Everything is quoted, so that `NA` is Namibia, and NULL is `\N`, so that the empty text is itself.
    """
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL, lineterminator="\n")
    yield writer.writerow([column.name for column in table.columns])
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
    """The SQL condition after ON that joins a relation `tenants` with the table's `rows`, each by its name there.

    The tenants have a column for the country, the agreed region and each fact, named and written as in the table. `day`
    is the day asked about, or the column that holds it as text: what is no day as `2026-11-23` matches no row, or is an
    error of the engine (as text `'2019-9-5'` would come after `'2019-10-28'`). `quote` goes around names: a backtick in
    Spark.
    """

    def of_tenant(name: str) -> str:
        return f"{tenants}.{_quoted(name, quote)}"

    def of_row(name: str) -> str:
        return f"{rows}.{_quoted(name, quote)}"

    on_day = of_tenant(day) if isinstance(day, str) else f"'{checked_day(day, 'day').isoformat()}'"
    lines = [
        f"{of_row('country')} = {of_tenant('country')}",
        f"{of_row('agreed_region')} = COALESCE({of_tenant('agreed_region')}, '')",
        f"{of_row('since')} <= {on_day}",
        f"{on_day} < {of_row('until')}",
    ]
    if isinstance(day, str):
        lines += [f"{on_day} LIKE '____-__-__'", f"date({on_day}) || '' = {on_day}"]
    for column in table.columns:
        if column.fact is not None:
            value = of_tenant(column.name) if column.type == "INTEGER" else f"COALESCE({of_tenant(column.name)}, '')"
            lines.append(f"({of_row(column.name)} IS NULL OR {of_row(column.name)} = {value})")
    return "\n  AND ".join(lines)


class _Echo:
    """A file for `csv.writer`, which returns what is written."""

    def write(self, text: str) -> str:
        return text


def _quoted(name: str, quote: str = '"') -> str:
    return f"{quote}{name.replace(quote, 2 * quote)}{quote}"


def _literal(value: str | int | None) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else _quoted(value, "'")
