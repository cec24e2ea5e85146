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
from .analysis.evaluator import FEW_FACTS, CellEvaluator, conditions_of, facts_in
from .analysis.paths import too_large
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
MOST_KINDS = 1_000_000
"""How many kinds of tenants are looked at in one span of days, before the table is given up as too large."""

Row = tuple[str | int | None, ...]
"""One value for each column."""
_Told = tuple[str, int, str]
"""The verdict, whether it is settled, and the reason's code."""
_Kind = tuple[Mapping[Fact, Choice], _Told]
_Leaf = tuple[tuple[tuple[Fact, Choice], ...], _Told]
"""Facts that a tenant has, and what all tenants who have them are told."""


@frozen
class Column:
    """A column's name and type; `fact` is the fact of the tenant's that it is about, `key` whether it is in the key."""

    name: str
    type: Literal["TEXT", "INTEGER"] = "TEXT"
    fact: Fact | None = None

    @property
    def key(self) -> bool:
        """Whether it is one of those that together tell all rows apart."""
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
                raise BadInput(
                    f"attribute {name!r} can be {NULL!r}, which is NULL in CSV", "give that value another name"
                )
        first: dict[str, str] = {}
        for each in self.columns:
            other = first.setdefault(each.name.lower(), each.name)
            if other != each.name:
                raise BadInput(
                    f"columns {other!r} and {each.name!r} would be one", "SQL does not tell capital letters from small"
                )

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
        """What the column `register` says: the first 16 digits of a SHA-256 of the register with its house rules."""
        return sha256(_written(self._universe.register).encode("ascii")).hexdigest()[:16]

    def rows(self) -> Iterator[Row]:
        """The rows: by hosting region, then sub-processor, then country, agreed region and day.

        Raises `BadInput` at once where an answer hangs on more combinations of facts than a table has room for.
        """
        for words in too_large(self._universe.register, self._universe.choices):
            raise BadInput(f"register {self.register.id!r} is too large for a table: {words}", "ask a Resolver")
        asked = [
            (
                space,
                CellEvaluator(
                    self._universe.register,
                    space,
                    space.day,
                    fingerprint=_itself,
                    coarse_fingerprint=_single_or_several,
                    most=MOST_KINDS,
                    whole=True,
                ),
            )
            for space in self._universe.spaces
        ]
        subjects: list[tuple[tuple[str, str], str | None]] = [((name, ""), name) for name in self.register.regions]
        subjects += [(("", name), None) for name in self.register.sub_processors]
        try:
            kinds = [[_kinds(each, space, one or other, of) for space, each in asked] for (one, other), of in subjects]
        except TooMany:
            raise BadInput(
                f"register {self.register.id!r} tells more than {MOST_KINDS:,} kinds of tenants apart", "ask a Resolver"
            ) from None
        for (subject, _), those in zip(subjects, kinds, strict=True):
            yield from self._rows_about(subject, those)

    @cached_property
    def _universe(self) -> Universe:
        over = self.register if self.house_rules is None else under(self.house_rules, self.register)
        return Universe(over, demands=False)

    @cached_property
    def _named(self) -> tuple[Fact, ...]:
        """The facts that conditions name, in the order in which they do."""
        return tuple(dict.fromkeys(fact for when in conditions_of(self._universe.register) for fact in facts_in(when)))

    def _rows_about(self, subject: tuple[str, str], kinds: Sequence[Sequence[tuple[Cell, _Told]]]) -> Iterator[Row]:
        """The rows of one question, whose kinds of tenants are given for each space."""
        split = dict.fromkeys(fact for those in kinds for cell, _ in those for fact in cell.facts)
        order = tuple(split if len(split) <= FEW_FACTS else (fact for fact in self._named if fact in split))
        spaces = self._universe.spaces
        told = [self._leaves(space, those, order) for space, those in zip(spaces, kinds, strict=True)]
        ends: dict[tuple[_Leaf, ...], list[Row]] = {}
        kept: dict[tuple[int, ...], list[tuple[Row, list[Row]]]] = {}  # most countries are told the same as another

        def rows(there: Sequence[tuple[_Leaf, ...]]) -> Iterator[tuple[Row, list[Row]]]:
            spans = [space.span for space in spaces]
            for leaves, alike in groupby(zip(spans, there, strict=True), key=lambda entry: entry[1]):
                days = [span for span, _ in alike]
                since = OPEN_START if days[0].start is None else days[0].start.isoformat()
                until = OPEN_END if days[-1].end is None else days[-1].end.isoformat()
                if leaves not in ends:
                    ends[leaves] = [self._end(subject, leaf) for leaf in leaves]
                yield (self.digest, since, until), ends[leaves]

        for country in sorted(countries()):
            for agreed in (None, *self.register.regions):
                there = [those[country, agreed] for those in told]
                alike = tuple(map(id, there))
                if alike not in kept:
                    kept[alike] = list(rows(there))
                for when, each in kept[alike]:
                    head = (*when, country, agreed or "")
                    yield from [head + end for end in each]

    def _leaves(
        self, space: Space, kinds: Sequence[tuple[Cell, _Told]], order: tuple[Fact, ...]
    ) -> Mapping[tuple[str, str | None], tuple[_Leaf, ...]]:
        """For each country and agreed region, the facts that the answer depends on there."""
        by_context: list[list[int]] = [[] for _ in space.contexts]
        for kind, (cell, _) in enumerate(kinds):
            for number in cell.where:
                by_context[number].append(kind)
        folded: dict[tuple[int, ...], tuple[_Leaf, ...]] = {}
        for those in map(tuple, by_context):
            if those not in folded:
                told = [(kinds[kind][0].facts, kinds[kind][1]) for kind in those]
                folded[those] = _folded(told, order, space.choices)
        return {
            (country, context.agreed): folded[tuple(those)]
            for context, those in zip(space.contexts, by_context, strict=True)
            for country in context.countries
        }

    def _end(self, subject: tuple[str, str], leaf: _Leaf) -> Row:
        """What a row says after where and when."""
        facts = dict(leaf[0])
        columns = [each for each in self.columns if each.fact is not None]
        values = [_value(facts[each.fact]) if each.fact in facts else None for each in columns]
        named = (f"{each.name}={_plain(v)}" for each, v in zip(columns, values, strict=True) if v is not None)
        return (*subject, ";".join(named), *values, *leaf[1])


# --- Within ---


def _kinds(asked: CellEvaluator, space: Space, name: str, region: str | None) -> list[tuple[Cell, _Told]]:
    """The kinds of tenants for one question, each with what it is told."""

    def ask(cell: Cell) -> _Told:
        reason = asked.reason(name, CellView(cell))
        settled = region is not None and asked.settled(CellView(cell)) == region
        return reason.verdict.value, int(settled), reason.code

    return list(cells_of(Cell.whole(space), ask))


def _itself(reason: Reason) -> Reason:
    """Reasons are told apart by all that is in them: which of them are equal decides the code of what they make."""
    return reason


def _single_or_several(reason: Reason) -> Hashable:
    """Of several reasons no more than that they are several: nothing that is combined with them is equal to one."""
    return reason.verdict.value, None if reason.code == "any" else reason


def _folded(
    kinds: Sequence[_Kind], order: tuple[Fact, ...], choices: Mapping[Fact, tuple[Choice, ...]]
) -> tuple[_Leaf, ...]:
    """The kinds split by no fact but those that tell them apart, in that order."""
    _, first = kinds[0]
    if all(told == first for _, told in kinds):
        return (((), first),)
    fact, rest = order[0], order[1:]
    parts = []
    for choice in choices[fact]:
        those = [kind for kind in kinds if kind[0].get(fact, choice) == choice]
        parts.append(_folded(those, rest, choices))
    if all(part == parts[0] for part in parts):
        return parts[0]
    leaves = zip(choices[fact], parts, strict=True)
    return tuple((((fact, choice), *facts), each) for choice, part in leaves for facts, each in part)


def _value(choice: Choice) -> str | int:
    """A fact as the table writes it."""
    return int(choice) if isinstance(choice, bool) else choice or ""


def _plain(value: str | int) -> str:
    """A value in a list of facts, which `;` separates."""
    return str(value).replace("%", "%25").replace(";", "%3B")


def _written(value: object) -> str:
    """A register's content as one text, in ASCII, the same in every process."""
    kind = type(value)
    if attrs.has(kind):
        parts = (_written(getattr(value, each.name)) for each in attrs.fields(kind) if each.init)
        return f"{kind.__name__}({','.join(parts)})"
    if isinstance(value, tuple):
        return f"({','.join(map(_written, value))})"
    return ascii(value)


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
