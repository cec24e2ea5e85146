"""Changes: what differs between two decisions, or two receipts, of which only verdicts and what is told count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from ..errors import BadInput, quoted
from ..model.rows import data_in_words
from ..model.tenant import restriction_places
from ..model.verdict import Verdict
from .answer import Answer, EngagementAnswer
from .decision import Decision
from .evidence import tenant_record
from .receipt import Receipt

__all__ = ["KINDS", "Change", "Changes", "NextChange", "changes", "shown"]

KINDS = (
    *("region", "settled", "region verdict", "verdict", "hosts", "to_disclose", "announced", "engagement"),
    "told otherwise",
)
"""The kinds of changes, in the order in which they are listed."""


@frozen
class Change:
    """One difference: its `kind` (one of `KINDS`), the `id` it is about, and what was so `before` and is `after`.

    A `"region"` or `"settled"` change is of the whole (`id` is None). A `"verdict"` is None where a sub-processor, or a
    region, is not listed: a new one is no change from PROHIBITED. `"hosts"` and `"to_disclose"` are True or False,
    `"announced"` the day, `""` where it is not stated, None where nothing is announced. An `"engagement"` is told in
    words, `"told otherwise"` is a name or purpose that no verdict depends on. `why_before` and `why_after` are codes.
    """

    kind: str
    id: str | None
    before: Verdict | str | bool | None
    after: Verdict | str | bool | None
    why_before: tuple[str, ...] = ()
    why_after: tuple[str, ...] = ()

    def __str__(self) -> str:
        of = f" of {self.id}" if self.id else ""
        return f"{self.kind}{of}: {shown(self.kind, self.before)} -> {shown(self.kind, self.after)}"


def shown(kind: str, value: Verdict | str | bool | None) -> str:
    """One side of a change in words."""
    if value is None:
        return _NONE.get(kind, "not listed")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "day not stated"


_NONE = {"region": "none", "settled": "none", "announced": "not announced"}
"""What it means that a side has none; a party, a region or an engagement is not listed."""


@frozen
class Changes:
    """What differs between two decisions, `items` in the order of `KINDS`; false where nothing does.

    `facts` are the keys of the tenant's record that differ, `days` and `registers` (digests) the two that were asked:
    why something differs, and no difference of themselves. Notices and the age of a list are left out.
    """

    items: tuple[Change, ...]
    facts: tuple[str, ...]
    days: tuple[date, date]
    registers: tuple[str | None, str | None]

    def __iter__(self) -> Iterator[Change]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __str__(self) -> str:
        return "\n".join(map(str, self.items))


@frozen
class NextChange:
    """The next day on which an answer changes, as far as register and facts know, and what changes then."""

    day: date
    changes: Changes


def changes(before: Decision | Receipt, after: Decision | Receipt) -> Changes:
    """What differs from `before` to `after`: between two decisions, or two receipts, or one of each, as receipts.

    Receipts hold hashes of engagements, and of names and purposes: where nothing else differs, another hash is
    a change without an id. `BadInput` for anything else, and for a receipt of a decision stored in format 1.
    """
    for side in (before, after):
        if not isinstance(side, Decision | Receipt):
            raise BadInput(f"expected a Decision or a Receipt, got {quoted(side)}", "pass what resolve() returned")
    if isinstance(before, Decision) and isinstance(after, Decision):
        one, other = _side(before), _side(after)
        found = [*_of_both(one, other), *_rows(before, after)]
    else:
        one, other = (_side(side.receipt() if isinstance(side, Decision) else side) for side in (before, after))
        found = list(_of_both(one, other)) or list(_hashes(one, other))
    mine, yours = tenant_record(before.tenant), tenant_record(after.tenant)
    facts = sorted(key for key in mine.keys() | yours.keys() if mine.get(key) != yours.get(key))
    items = sorted(found, key=lambda change: (KINDS.index(change.kind), change.id or ""))
    return Changes(tuple(items), tuple(facts), (before.as_of, after.as_of), (one.register, other.register))


@frozen
class _Side:
    """What is compared: verdicts with codes, lists, and of receipts the hashes."""

    register: str | None
    region: str | None
    settled: str | None
    regions: Mapping[str, tuple[Verdict, tuple[str, ...]]]
    parties: Mapping[str, tuple[Verdict, tuple[str, ...]]]
    hosts: Sequence[str]
    to_disclose: Sequence[str]
    announced: Mapping[str, date | None]
    hashes: Mapping[str, str]


def _side(side: Decision | Receipt) -> _Side:
    if isinstance(side, Receipt):
        register: str | None = side.digests.digest
        regions, parties = (
            {name: (why.verdict, why.codes) for name, why in whys.items()}
            for whys in (side.regions, side.sub_processors)
        )
        hashes = {key: side.answers[key] for key in ("engagements", "told")}
    else:
        register = side.register_digest
        demands = restriction_places(side.tenant)
        regions, parties = (
            {answer.id: (answer.verdict, tuple(answer.summary(demands)[0])) for answer in answers}
            for answers in (side.region_answers, side.sub_processor_answers)
        )
        hashes = {}
    lists = side.hosts, side.to_disclose, side.announced
    return _Side(register, side.region, side.settled, regions, parties, *lists, hashes)


def _of_both(one: _Side, other: _Side) -> Iterator[Change]:
    if one.region != other.region:
        yield Change("region", None, one.region, other.region)
    if one.settled != other.settled:
        yield Change("settled", None, one.settled, other.settled)
    for kind, mine, yours in (
        ("region verdict", one.regions, other.regions),
        ("verdict", one.parties, other.parties),
    ):
        for name in sorted(mine.keys() | yours.keys()):
            (was, why_was), (is_, why_is) = mine.get(name, (None, ())), yours.get(name, (None, ()))
            if was is not is_:
                yield Change(kind, name, was, is_, why_was, why_is)
    for kind, listed, later in (("hosts", one.hosts, other.hosts), ("to_disclose", one.to_disclose, other.to_disclose)):
        for name in sorted({*listed} ^ {*later}):
            yield Change(kind, name, name in listed, name in later)
    for name in sorted(one.announced.keys() | other.announced.keys()):
        day, other_day = _announced(one.announced, name), _announced(other.announced, name)
        if day != other_day:
            yield Change("announced", name, day, other_day)


def _announced(announced: Mapping[str, date | None], name: str) -> str | None:
    if name not in announced:
        return None
    day = announced[name]
    return "" if day is None else day.isoformat()


def _hashes(one: _Side, other: _Side) -> Iterator[Change]:
    for kind, key in (("engagement", "engagements"), ("told otherwise", "told")):
        if one.hashes[key] != other.hashes[key]:
            yield Change(kind, None, one.hashes[key], other.hashes[key])


# --- Engagements, names and purposes of decisions ---


def _rows(before: Decision, after: Decision) -> Iterator[Change]:
    mine, yours = (
        {answer.id: answer for answer in (*side.region_answers, *side.sub_processor_answers)}
        for side in (before, after)
    )
    for name in sorted(mine.keys() & yours.keys()):
        one, other = mine[name], yours[name]
        if one.name != other.name:
            yield Change("told otherwise", name, one.name, other.name)
        for was, is_ in _pairs(one, other):
            yield from _row(name, was, is_)


def _row(name: str, was: EngagementAnswer | None, is_: EngagementAnswer | None) -> Iterator[Change]:
    if was is None or is_ is None or _decided(was) != _decided(is_):
        yield Change("engagement", name, _told(was), _told(is_), _codes(was), _codes(is_))
    elif was.purpose != is_.purpose:
        yield Change("told otherwise", name, was.purpose, is_.purpose)


def _pairs(one: Answer, other: Answer) -> Iterator[tuple[EngagementAnswer | None, EngagementAnswer | None]]:
    """The engagements of the same activity and region: equal ones first, then those of one purpose, then the others."""
    mine, yours = _by_scope(one.engagements), _by_scope(other.engagements)
    for scope in sorted(mine.keys() | yours.keys()):
        left, right = mine.get(scope, []), yours.get(scope, [])
        for alike in (_order, lambda row: row.purpose, lambda row: None):
            for row in list(left):
                same = next((each for each in right if alike(each) == alike(row)), None)
                if same is not None:
                    left.remove(row)
                    right.remove(same)
                    yield row, same
        yield from ((row, None) for row in left)
        yield from ((None, row) for row in right)


def _order(row: EngagementAnswer) -> tuple[Any, ...]:
    return row.purpose, row.places or (), row.data or (), tuple(reason.verdict for reason in row.reasons)


def _by_scope(rows: Iterable[EngagementAnswer]) -> dict[tuple[str, str], list[EngagementAnswer]]:
    found: dict[tuple[str, str], list[EngagementAnswer]] = {}
    for row in sorted(rows, key=_order):
        found.setdefault((row.activity, row.region or ""), []).append(row)
    return found


def _decided(row: EngagementAnswer) -> tuple[Any, ...]:
    return row.decided


def _told(row: EngagementAnswer | None) -> str | None:
    if row is None:
        return None
    region = f" in {row.region}" if row.region else ""
    places = f" at {', '.join(row.places)}" if row.places else ""
    data = f" of {data_in_words(row.data)}" if row.data else ""
    return f"{row.activity} ({row.purpose}){region}{places}{data}: {row.verdict}"


def _codes(row: EngagementAnswer | None) -> tuple[str, ...]:
    leaves = (leaf for reason in row.reasons for leaf in reason.leaves()) if row is not None else ()
    return tuple(sorted({leaf.code for leaf in leaves} - {"unconditional", "row.listed"}))
