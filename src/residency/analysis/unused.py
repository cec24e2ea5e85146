"""What nothing in a register depends on, and how much depends on each reading of ours."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from functools import partial
from typing import Any as Anything

import attrs

from ..model.claims import Claim
from ..model.conditions import Condition, Is, single
from ..model.places import Grouping
from ..model.register import Engagement, Prohibition, Register, ResidencyException
from ..result.reason import UNCONDITIONAL, Reason
from .cells import Cell, Seen, cells_of
from .evaluator import Asked, facts_of
from .findings import Finding
from .trees import Told
from .universe import Universe

__all__ = ["conditions_of", "readings", "unused"]


def unused(register: Register, claims: Sequence[Claim]) -> Iterator[Finding]:
    """Clauses, readings, declared names, tensions and hosting regions that decide nothing."""
    cited = _cited(register) | {name for claim in claims for name in claim.basis}
    for source in register.sources:
        if source.author in ("document", "reading") and source.id not in cited:
            yield Finding("unused", f"nothing rests on {source.id}", (source.id,))
    conditions = [*conditions_of(register)]
    facts = frozenset[Hashable]().union(*map(facts_of, conditions))
    rows: list[Engagement | ResidencyException] = [*register.engagements(), *register.exceptions]
    data = {name for row in (*rows, *register.closed) for name in row.data or ()}
    for each in register.declared:
        if (each.kind, each.id) not in facts and not (each.kind == "data" and each.id in data):
            kind = "data category" if each.kind == "data" else each.kind
            yield Finding("unused", f"no rule depends on {kind} {each.id}", each.basis)
    asked = (each for when in conditions for each in single(when) if isinstance(each, Is))
    tensions = {each.name for each in asked if each.kind == "tension"}
    for tension in register.tensions:
        if tension.id not in tensions:
            basis = tuple(dict.fromkeys(name for _, side in tension.sides for name in side))
            yield Finding("unused", f"no condition asks how {tension.id} is resolved", basis)
    stored = {row.region for row in register.engagements() if row.activity == "hosting"}
    for region in register.hosting_regions:
        if region.id not in stored and None not in stored:
            yield Finding("unused", f"nobody is said to store data in hosting region {region.id}", region.basis)


def conditions_of(register: Register) -> Iterator[Condition]:
    """Every condition of a row, of a house rule, and of an agreement."""
    rows: list[Engagement | ResidencyException | Prohibition] = [
        *register.engagements(),
        *register.exceptions,
        *register.prohibitions,
    ]
    yield from (row.when for row in rows if row.when is not None)
    if register.placement.agreed_when is not None:
        yield register.placement.agreed_when


_CITES = ("basis", "only", "agreed", "located_by", "of")


def _cited(value: Anything) -> frozenset[str]:
    """The ids of the sources that a value, or anything in it, rests on."""
    if isinstance(value, Grouping) or not (attrs.has(type(value)) or isinstance(value, tuple)):
        return frozenset()
    if isinstance(value, tuple):
        pair = len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], tuple)
        return frozenset(value[1]) if pair else frozenset[str]().union(*map(_cited, value))
    fields = [(each.name, getattr(value, each.name)) for each in attrs.fields(type(value))]
    own = (name for key, names in fields if key in _CITES and names is not None for name in names)
    return frozenset(own).union(*(_cited(inner) for key, inner in fields if key not in _CITES))


# --- Readings ---


def _reading_told(register: Register) -> Told:
    ours = {source.id for source in register.sources if source.author == "reading"}

    def told(reason: Reason) -> Hashable:
        return reason.verdict.value, frozenset(ours.intersection(reason.basis)), reason == UNCONDITIONAL

    return told


def readings(register: Register, universe: Universe) -> Iterator[Finding]:
    """Every reading, with the number of answers that rest on it."""
    count = dict.fromkeys((source.id for source in register.sources if source.author == "reading"), 0)
    total = 0
    for space in universe.spaces:
        asked = Asked(register, space, space.day, told=_reading_told(register), whole=True)
        for name in (*register.regions, *register.sub_processors):
            for cell, basis in cells_of(Cell.whole(space), partial(_basis, asked, name)):
                total += cell.size
                for reading in count.keys() & set(basis):
                    count[reading] += cell.size
    for name, answers in count.items():
        words = f"{name}: {register.source(name).says}; {answers:,} of {total:,} answers rest on it"
        yield Finding("reading", words, register.source(name).of)


def _basis(asked: Asked, name: str, cell: Cell) -> tuple[str, ...]:
    return asked.reason(name, Seen(cell)).basis
