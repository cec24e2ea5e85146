"""Lint of a register, evaluated for all tenants: dead rows, overlaps, rules at odds, gaps, what is unused, readings."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import combinations
from typing import Any as Anything
from typing import get_args

import attrs

from ..model.claims import Claim
from ..model.conditions import Is, single
from ..model.findings import Finding
from ..model.places import Extent, Grouping, Place
from ..model.register import Register
from ..model.rows import Basis, CustomerRegion, Engagement, ResidencyException, SubProcessor
from ..model.timeline import Span
from ..model.verdict import Verdict
from ..result.reason import UNCONDITIONAL, Reason
from .cells import Cell, CellView, Fingerprint, TooMany, cells_of
from .evaluator import CellEvaluator
from .paths import conditions_of, facts_of, too_large
from .universe import Space, Universe
from .words import briefly_listed, days_in_words, listed_countries

__all__ = ["lint", "readings", "unused"]

PROHIBITED = Verdict.PROHIBITED


def lint(register: Register, claims: Sequence[Claim] = ()) -> tuple[Finding, ...]:
    """Findings of all checks on the register, each with its clauses: faults, conflicts, gaps and the rest.

    Each reading is a finding too, with the number of answers that rest on it, of all tenants that demand nothing.
    """
    universe = Universe(register, demands=False)
    return (
        *_dead(register, universe),
        *_shadowed(register, universe),
        *_at_odds(register, universe),
        *_gaps(register, universe),
        *unused(register, claims),
        *readings(register, universe),
    )


# --- Dead rows ---


def _dead(register: Register, universe: Universe) -> Iterator[Finding]:
    spoken = [space for space in universe.spaces if space.day >= register.speaks_from]
    evaluators = [(space, CellEvaluator(register, space, space.day)) for space in spoken]
    for sub_processor in register.sub_processor_rows:
        for row in sub_processor.engagements:
            if all(_nobody(space, evaluator, sub_processor, row) for space, evaluator in evaluators):
                title = f"the row of {sub_processor.id} for {row.activity} ({row.purpose})"
                if row.span.end is not None and row.span.end <= register.speaks_from:
                    words, brief = f"{title} ended before the register speaks", f"row of {sub_processor.id}, ended"
                    yield Finding("unused", words, row.basis, topic="unused", brief=brief)
                else:
                    words = f"{title} applies to no tenant there is: its condition or its region lets nobody in"
                    yield Finding("fault", words, row.basis)


def _nobody(space: Space, evaluator: CellEvaluator, sub_processor: SubProcessor, row: Engagement) -> bool:
    """Whether an engagement applies to nobody in the span; one of which too much would be told apart to know may."""
    reasons = cells_of(Cell.whole(space), lambda cell: evaluator.engagement(sub_processor, row, CellView(cell)).applies)
    try:
        return all(reason.verdict is PROHIBITED for _, reason in reasons)
    except TooMany:
        return False


# --- Customer regions ---


def _shadowed(register: Register, universe: Universe) -> Iterator[Finding]:
    """Customer regions of whose countries an earlier one takes all or some, and on which days."""
    spans = [(span, day) for span, day in universe.spans if day >= register.speaks_from]
    rows = register.customer_regions
    for number, row in enumerate(rows):
        shared: dict[tuple[str, tuple[str, ...]], list[Span]] = {}
        left = False
        for span, day in spans:
            own = _countries(row, register, day)
            for earlier in rows[:number]:
                common = tuple(sorted(own & _countries(earlier, register, day))) if row.customers is not None else ()
                if common:
                    shared.setdefault((earlier.id, common), []).append(span)
            taken = frozenset[str]().union(*(_countries(earlier, register, day) for earlier in rows[:number]))
            left = left or bool(own - taken)
        if not left:
            words = f"customer region {row.id} holds nobody: earlier ones take all of its countries, on every day"
            yield Finding("fault", words, row.basis)
        for (other, countries), days in shared.items():
            both = f"{other} and {row.id} {days_in_words(days)}"
            words = f"{listed_countries(countries)}: in customer regions {both}, of which {other} counts"
            basis = next(earlier.basis for earlier in rows if earlier.id == other)
            brief = f"{briefly_listed(countries)} in {both}; {other} counts"
            rests = tuple(dict.fromkeys((*basis, *row.basis)))
            yield Finding("overlap", words, rests, topic="overlap", brief=brief)


def _countries(row: CustomerRegion, register: Register, day: date) -> frozenset[str]:
    if day not in row.span:
        return frozenset()
    places = (Place("worldwide"),) if row.customers is None else row.customers
    return Extent.union(place.extent(register.groups, day) for place in places).sure


# --- Rules at odds ---


def _at_odds(register: Register, universe: Universe) -> Iterator[Finding]:
    """Pairs of rules of which one says what the other excludes."""
    for sub_processor in register.sub_processor_rows:
        for one, other in combinations(sub_processor.engagements, 2):
            alike = all(getattr(one, key) == getattr(other, key) for key in _SAME)
            if alike and one.span.overlaps(other.span) and one.places != other.places:
                words = f"two rows of {sub_processor.id} for {one.activity} ({one.purpose})"
                words += " state other places for the same days"
                yield Finding("conflict", words, tuple(dict.fromkeys((*one.basis, *other.basis))))
        for row in sub_processor.engagements:
            yield from _outside(register, universe, sub_processor, row)
    forbidden = {rule.who: rule for rule in register.prohibitions if rule.when is None}
    for region in register.customer_regions:
        if region.home in forbidden:
            rule = forbidden[region.home].rule
            words = f"customer region {region.id} is at home in {region.home}, which house rule {rule} forbids"
            yield Finding("conflict", words, (*region.basis, rule))


def _home(evaluator: CellEvaluator, cell: Cell) -> str | None:
    return evaluator.home(CellView(cell))


_SAME = ("activity", "purpose", "region", "data", "when")


def _outside(register: Register, universe: Universe, sub_processor: SubProcessor, row: Engagement) -> Iterator[Finding]:
    """A row that stores data of a region at a place that is certainly outside it."""
    if row.region is None or row.places is None or row.activity != "hosting":
        return
    groups, spans = register.groups, []
    basis: tuple[str, ...] = row.basis
    for span, day in universe.spans:
        site = register.region(row.region).on(day)
        if day >= register.speaks_from and site.places is not None and day in row.span:
            region = Extent.union(place.extent(groups, day) for place in site.places)
            if any(place.extent(groups, day).within(region) is PROHIBITED for place in row.places):
                spans.append(span)
                basis += site.basis
    if spans:
        words = f"{sub_processor.id} stores data of region {row.region} at places outside it {days_in_words(spans)}"
        yield Finding("conflict", words, tuple(dict.fromkeys(basis)))


# --- Gaps ---


def _gaps(register: Register, universe: Universe) -> Iterator[Finding]:
    """Gaps: places, regions of storage and homes that are stated nowhere."""
    for region in register.hosting_regions:
        if region.places is None and not region.sites:
            words = f"where hosting region {region.id} is, is not stated"
            yield Finding("gap", words, region.basis, topic="place", brief=f"region {region.id}")
    served = {row.region: row for row in register.engagements() if row.activity != "hosting"}
    for region in register.hosting_regions:
        if region.listed and region.id not in served and any(name is not None for name in served):
            words = f"region {region.id} is named by no row but hosting, as others are: is it one that the list of"
            words += " sub-processors does not know yet (listed = false)?"
            yield Finding("gap", words, region.basis)
    for sub_processor in register.sub_processor_rows:
        basis = tuple(dict.fromkeys(name for row in sub_processor.engagements for name in row.basis))
        if all(row.places is None for row in sub_processor.engagements):
            words = f"no place is stated of {sub_processor.id}"
            yield Finding("gap", words, basis, topic="place", brief=sub_processor.id)
        storing = [row for row in sub_processor.engagements if row.activity == "hosting" and row.region is None]
        if storing:
            words = f"in which hosting region {sub_processor.id} stores data ({storing[0].purpose}) is not stated"
            brief = f"{sub_processor.id} ({storing[0].purpose})"
            yield Finding("gap", words, storing[0].basis, topic="hosting region", brief=brief)
    if register.placement.rule == "by-customer":
        yield from _homeless(register, universe)


def _homeless(register: Register, universe: Universe) -> Iterator[Finding]:
    without: dict[tuple[str, ...], list[Span]] = {}
    for space in universe.spaces:
        if space.day >= register.speaks_from:
            evaluator = CellEvaluator(register, space, space.day)
            homes = cells_of(Cell.whole(space), partial(_home, evaluator))
            homeless = (context.countries for cell, home in homes if home is None for context in cell.contexts)
            without.setdefault(tuple(sorted({name for names in homeless for name in names})), []).append(space.span)
    rows = dict.fromkeys(name for region in register.customer_regions for name in region.basis)
    before: tuple[str, ...] = ()
    for countries, days in without.items():
        if countries:
            words = f"where customers in {listed_countries(countries)} are placed is not stated {days_in_words(days)}"
            basis, brief = tuple(dict.fromkeys((*register.placement.basis, *rows))), _without_home(before, countries)
            brief = f"{days_in_words(days)} {brief}" if before else brief
            yield Finding("gap", words, basis, topic="home", brief=brief)
            before = countries


def _without_home(before: Sequence[str], countries: Sequence[str]) -> str:
    """How many countries have no home; after other days, which of them are new and which have one now."""
    if not before:
        return f"customers in {briefly_listed(countries)}"
    new, gone = sorted(set(countries) - set(before)), sorted(set(before) - set(countries))
    changed = [f"{sign}{briefly_listed(names)}" for sign, names in (("+", new), ("-", gone)) if names]
    return f"in {len(countries)} ({', '.join(changed)})"


def unused(register: Register, claims: Sequence[Claim]) -> Iterator[Finding]:
    """Unused clauses, readings, declared names, tensions and hosting regions: those that decide nothing."""
    cited = _cited(register) | {name for claim in claims for name in claim.basis}
    for source in register.sources:
        if source.author in ("document", "reading") and source.id not in cited:
            kind = "clause" if source.author == "document" else "reading"
            words, brief = f"nothing rests on {source.id}", f"{kind} {source.id}"
            yield Finding("unused", words, (source.id,), topic="unused", brief=brief)
    conditions = [*conditions_of(register)]
    facts = frozenset[Hashable]().union(*map(facts_of, conditions))
    rows: list[Engagement | ResidencyException] = [*register.engagements(), *register.exceptions]
    data = {name for row in (*rows, *register.closed) for name in row.data or ()}
    for declared in register.declared:
        if (declared.kind, declared.id) not in facts and not (declared.kind == "data" and declared.id in data):
            kind = "data category" if declared.kind == "data" else declared.kind
            brief = f"{kind} {declared.id}"
            yield Finding("unused", f"no rule depends on {brief}", declared.basis, topic="unused", brief=brief)
    values = (part for condition in conditions for part in single(condition) if isinstance(part, Is))
    tensions = {part.name for part in values if part.kind == "tension"}
    for tension in register.tensions:
        if tension.id not in tensions:
            basis = tuple(dict.fromkeys(name for _, side in tension.sides for name in side))
            words, brief = f"no condition asks how {tension.id} is resolved", f"tension {tension.id}"
            yield Finding("unused", words, basis, topic="unused", brief=brief)
    stored = {row.region for row in register.engagements() if row.activity == "hosting"}
    for region in register.hosting_regions:
        if region.id not in stored and None not in stored:
            words, brief = f"nobody is said to store data in hosting region {region.id}", f"region {region.id}"
            yield Finding("unused", words, region.basis, topic="unused", brief=brief)


def _cited(value: Anything) -> frozenset[str]:
    """The ids of the sources that a value, or anything in it, rests on: all that is of the type `Basis`."""
    if isinstance(value, Grouping) or not (attrs.has(type(value)) or isinstance(value, tuple)):
        return frozenset()
    if isinstance(value, tuple):
        pair = len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], tuple)
        return frozenset(value[1]) if pair else frozenset[str]().union(*map(_cited, value))
    found = frozenset[str]()
    for field in attrs.fields(attrs.resolve_types(type(value))):
        inner = getattr(value, field.name)
        found |= frozenset(inner or ()) if Basis in (field.type, *get_args(field.type)) else _cited(inner)
    return found


# --- Readings ---


def _reading_fingerprint(register: Register) -> Fingerprint:
    ids = {source.id for source in register.sources if source.author == "reading"}

    def fingerprint(reason: Reason) -> Hashable:
        return reason.verdict.value, frozenset(ids.intersection(reason.basis)), reason == UNCONDITIONAL

    return fingerprint


def readings(register: Register, universe: Universe) -> Iterator[Finding]:
    """Readings, each with the number of answers that rest on it, where no answer hangs on too many facts to count."""
    uncounted = next(too_large(register, universe.choices), None)
    if uncounted is not None:
        for source in register.sources:
            if source.author == "reading":
                words = f"{source.id}: {source.says}; the answers that rest on it were not counted: {uncounted}"
                yield Finding("reading", words, source.of, topic="readings", brief=source.id)
        return
    count = dict.fromkeys((source.id for source in register.sources if source.author == "reading"), 0)
    total = 0
    for space in universe.spaces:
        evaluator = CellEvaluator(register, space, space.day, fingerprint=_reading_fingerprint(register), whole=True)
        for name in (*register.regions, *register.sub_processors):
            for cell, basis in cells_of(Cell.whole(space), partial(_basis, evaluator, name)):
                total += cell.size
                for reading in count.keys() & set(basis):
                    count[reading] += cell.size
    for name, answers in count.items():
        words = f"{name}: {register.source(name).says}; {answers:,} of {total:,} answers rest on it"
        share = answers / total if total else 0.0
        yield Finding("reading", words, register.source(name).of, topic="readings", brief=name, share=share)


def _basis(evaluator: CellEvaluator, name: str, cell: Cell) -> tuple[str, ...]:
    return evaluator.reason(name, CellView(cell)).basis
