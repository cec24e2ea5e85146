"""Answers in parts, each kept by what it depends on: a new combination of facts works out no more than it changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date
from itertools import chain
from typing import Any, TypeVar

from attrs import frozen

from ..model.conditions import Condition, Has, In, Is, single
from ..model.register import ACTIVITIES, UNSTATED_ACTIVITY, Engagement, HostingRegion, Register, SubProcessor
from ..model.tenant import Tenant
from ..result.answer import Answer
from ..result.answers import Answers, Heading
from ..result.reason import Reason
from .evaluate import Evaluation, Sides, sub_processor_answer
from .notes import FromRegister
from .placement import Home, find_home

__all__ = [
    "Case",
    "Fact",
    "Memory",
    "Needs",
    "Parts",
    "facts_of",
    "needs_of_placement",
    "needs_of_row",
    "needs_of_rows",
    "needs_of_storage",
]

T = TypeVar("T")
Homing = tuple[int, ...]
"""The numbers of the customer regions that may be a tenant's, in the register's order; -1 for none of them."""
_MISSING = object()


class Memory:
    """What is kept, all of which is forgotten together: what it holds is counted in reasons.

    `answers` are whole, by the facts of tenants that no condition tells apart; `homes` are by country and span; and
    there are parts of answers, each by what it depends on. Threads share it without a lock, which the child of a fork
    might wait for until its end; now and then they count a part twice, or not at all.
    """

    def __init__(self) -> None:
        self.reasons = 0
        self.answers: dict[Hashable, Answers] = {}
        self.homes: dict[tuple[str, int], tuple[Homing, Home]] = {}
        self._parts: dict[Hashable, Any] = {}

    def add(self, reasons: int) -> None:
        """Count so many more."""
        self.reasons += reasons

    def once(self, key: Hashable, make: Callable[[], T], reasons: Callable[[T], int]) -> T:
        """The part of that key, made if it is not kept."""
        found = self._parts.get(key, _MISSING)
        if found is not _MISSING:
            kept: T = found
            return kept
        made = make()
        if key not in self._parts:
            self._parts[key] = made
            self.add(reasons(made))
        return made


@frozen
class Case:
    """A tenant on a day, as answers depend on it.

    `homing` tells its `home` from others, `era` the span that the day is in, which goes from `first` to `last`.
    """

    tenant: Tenant
    day: date
    home: Home
    homing: Homing
    era: Hashable
    first: date
    last: date


class Parts:
    """What a register's answers are made of: each hosting region's, and those of sub-processors with the same needs."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.heading, self.around = Heading.of(register), FromRegister(register)
        self.placing = needs_of_placement(register)
        self.regions = tuple(register.region(name) for name in register.regions)
        groups: dict[Needs, list[SubProcessor]] = {}
        for name in register.sub_processors:
            who = register.sub_processor(name)
            groups.setdefault(needs_of_rows(register, who), []).append(who)
        self.groups = tuple((needs, tuple(those)) for needs, those in groups.items())
        place_of = {who.id: place for place, who in enumerate(who for _, those in self.groups for who in those)}
        self._places = tuple(place_of[name] for name in register.sub_processors)

        self._of_row: dict[tuple[str, int], Needs] = {}
        self._of_storage: dict[tuple[str, bool], Needs] = {}

    def of_row(self, who: SubProcessor, number: int) -> Needs:
        """What the sub-processor's engagement of that number depends on."""
        key = (who.id, number)
        if key not in self._of_row:
            self._of_row[key] = needs_of_row(self.register, who, who.engagements[number])
        return self._of_row[key]

    def of_storage(self, region: HostingRegion, demanding: bool) -> Needs:
        """What the answer on the hosting region depends on."""
        key = (region.id, demanding)
        if key not in self._of_storage:
            self._of_storage[key] = needs_of_storage(self.register, region, demanding=demanding)
        return self._of_storage[key]

    def home(self, country: str, day: date) -> tuple[Homing, Home]:
        """The home of a country's tenants on that day, with numbers that tell it from all others."""
        home = find_home(self.register, country, day)
        regions = self.register.customer_regions
        return tuple(-1 if each is None else regions.index(each) for each in home.candidates), home

    def answers(self, case: Case, memory: Memory) -> Answers:
        """The answers, equal to those of `decide`."""
        asked = _Asked(self, case, memory)
        on_regions = tuple(map(asked.on_region, self.regions))
        those = [answer for number in range(len(self.groups)) for answer in asked.on_group(number)]
        on_sub_processors = tuple(map(those.__getitem__, self._places))
        told = (self.heading, asked.settled, on_regions, on_sub_processors, self.around)
        return Answers(*told, case.first, case.last, self.register.closed_on(case.day))


class _Asked:
    """One case, asked for the parts of its answers."""

    def __init__(self, parts: Parts, case: Case, memory: Memory) -> None:
        self._parts, self._case, self._memory = parts, case, memory
        self._worked_out: Evaluation | None = None
        tenant = case.tenant
        self._facts = facts_of(parts.register, tenant)
        self._placed = (case.homing, tenant.agreed_region, self._facts & parts.placing.facts)
        self._demands = (tenant.restrictions, tenant.objections) if tenant.restrictions or tenant.objections else None

    @property
    def _evaluation(self) -> Evaluation:
        """Worked out when it is first needed (`functools.cached_property` would take a lock until Python 3.12)."""
        if self._worked_out is None:
            case = self._case
            self._worked_out = Evaluation.of(self._parts.register, case.tenant, case.home, case.day)
        return self._worked_out

    def _key(self, what: Hashable, needs: Needs) -> Hashable:
        return what, self._case.era, needs.facts & self._facts, self._placed if needs.placed else None, self._demands

    @property
    def settled(self) -> str | None:
        """The hosting region that placement settles."""
        key = self._key(("settled",), self._parts.placing)
        return self._memory.once(key, lambda: self._evaluation.settled, lambda _: 1)

    def on_region(self, region: HostingRegion) -> Answer:
        """The answer on a hosting region."""
        key = self._key(("region", region.id), self._parts.of_storage(region, self._demands is not None))
        return self._memory.once(key, lambda: self._evaluation.region_answer(region), _reasons_of_answer)

    def on_group(self, number: int) -> tuple[Answer, ...]:
        """The answers on the sub-processors of a group."""
        needs, group = self._parts.groups[number]
        return self._memory.once(
            self._key(("group", number), needs), lambda: tuple(self._on_each(group)), _reasons_of_answers
        )

    def _on_each(self, group: tuple[SubProcessor, ...]) -> Iterator[Answer]:
        for who in group:
            sides = [self._sides(who, number) for number in range(len(who.engagements))]
            yield sub_processor_answer(who, sides, self._parts.register.published_by(self._case.day))

    def _sides(self, who: SubProcessor, number: int) -> Sides:
        needs, each = self._parts.of_row(who, number), who.engagements[number]
        key = self._key(("row", who.id, number), needs)
        return self._memory.once(key, lambda: self._evaluation.sides(who, each), _reasons_of_sides)


def _reasons_of_answers(answers: tuple[Answer, ...]) -> int:
    return sum(map(_reasons_of_answer, answers))


def _reasons_of_answer(answer: Answer) -> int:
    return sum(map(_reasons, [answer.reason, *(side for each in answer.engagements for side in each.reasons)]))


def _reasons_of_sides(sides: Sides) -> int:
    return sum(map(_reasons, sides))


def _reasons(reason: Reason) -> int:
    return 1 + sum(map(_reasons, reason.parts))


Fact = tuple[str, ...]
"""A feature that is on, a consent or an agreement, by kind and name; an attribute by kind, name and value."""


@frozen(cache_hash=True)
class Needs:
    """The `facts` that conditions name; and whether it matters where the tenant is, or is `placed`."""

    facts: frozenset[Fact]
    placed: bool


def facts_of(register: Register, tenant: Tenant) -> frozenset[Fact]:
    """The facts of a tenant; its country, agreed region and demands apart."""
    on = register.features_on(tenant.features, tenant.switched_off)
    return frozenset(
        chain(
            (("feature", name) for name in on),
            (("consent", name) for name in tenant.consents),
            (("agreement", name) for name in tenant.agreements),
            (("attribute", name, value) for name, value in tenant.attributes),
        )
    )


def needs_of_placement(register: Register) -> Needs:
    """What it depends on where a tenant is placed, beside its country and agreed region."""
    return _needs(register, [register.placement.agreed_when], placed=True)


def needs_of_row(register: Register, who: SubProcessor, row: Engagement) -> Needs:
    """What one engagement of a sub-processor depends on."""
    rules = (rule.when for rule in register.prohibitions if rule.who in (who.id, row.region))
    return _needs(register, [row.when, *rules], placed=row.region is not None)


def needs_of_rows(register: Register, who: SubProcessor) -> Needs:
    """What the answer on a sub-processor depends on."""
    rows = [needs_of_row(register, who, row) for row in who.engagements]
    return Needs(frozenset().union(*(row.facts for row in rows)), any(row.placed for row in rows))


def needs_of_storage(register: Register, region: HostingRegion, *, demanding: bool) -> Needs:
    """What the answer on a hosting region depends on.

    Where the tenant is `demanding`, all that is done there counts, since it may answer a demand or break one; and all
    that those do who store there: who breaks a demand anywhere must not store there either.
    """
    activities = (*ACTIVITIES, UNSTATED_ACTIVITY) if demanding else ("hosting", "backup")
    work = [pair for activity in activities for pair in register.work(activity, region.id)]
    parties = {who.id: who for who, row in work if who is not None and row.activity == "hosting"}
    rows = [row for _, row in work]
    rows += [row for row in register.own_infrastructure if row.region in (None, region.id)]
    rows += [row for who in parties.values() for row in who.engagements] if demanding else []
    exceptions = (each.when for each in register.exceptions if each.regions is None or region.id in each.regions)
    rules = (rule.when for rule in register.prohibitions if rule.who == region.id or rule.who in parties)
    return _needs(register, [*(row.when for row in rows), *exceptions, *rules], placed=True)


def _needs(register: Register, conditions: Iterable[Condition | None], *, placed: bool) -> Needs:
    facts: set[Fact] = set()
    for each in chain.from_iterable(single(condition) for condition in conditions if condition is not None):
        match each:
            case Has(kind, name):
                facts.add((kind, name))
            case Is("attribute", name, _):
                facts.update(("attribute", name, value) for value in register.attribute(name).values)
            case In():
                placed = True
            case _:  # a tension is resolved in the register itself, and what is not stated is so for everybody
                pass
    return Needs(frozenset(facts), placed)
