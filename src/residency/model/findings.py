"""What a register has that its reader should know of: contradictions, regions nobody reaches, places that changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import Literal

from attrs import frozen

from .house_rules import cited
from .places import Place
from .register import Register
from .rows import Engagement, Tension

__all__ = ["Finding", "validate"]


@frozen
class Finding:
    """One thing found in a register, and the clauses and readings that it is about.

    A `"fault"` is to be mended in the file, a `"conflict"` is in the documents themselves, and a `"change"` is one that
    notice clauses often do not cover: another place under the same name. A `"gap"` is what is stated nowhere, an
    `"overlap"` leaves customers to the first of several regions, something `"unused"` decides nothing, and a
    `"reading"` is one of ours, with what rests on it.
    """

    grade: Literal["fault", "conflict", "change", "gap", "overlap", "unused", "reading"]
    words: str
    basis: tuple[str, ...]


def validate(register: Register) -> tuple[Finding, ...]:
    """Everything found in the register, faults first, each grade in the order of the file."""
    return (*_unreachable(register), *_early(register), *_conflicts(register), *_moved(register))


def _unreachable(register: Register) -> Iterator[Finding]:
    """Hosting regions in which no rule places anybody."""
    rule = register.placement
    if rule.agreed is not None or rule.rule in ("free-choice", "vendor-choice", "not-promised", "unconfirmed"):
        return
    homes = {each.home for each in register.customer_regions} if rule.rule == "by-customer" else {rule.region}
    for region in register.hosting_regions:
        if region.id not in homes:
            words = f"no rule reaches hosting region {region.id}: it is nobody's home, and no region can be agreed"
            yield Finding("fault", words, (*rule.basis, *region.basis))


def _early(register: Register) -> Iterator[Finding]:
    """Engagements that are authorised before notice of them was given, or when they are no longer listed."""
    for who in register.processors:
        for each in who.engagements:
            if isinstance(each.authorised, date) and each.span.end is not None and each.span.end <= each.authorised:
                words = f"{who.id} is authorised for {each.purpose} on {each.authorised}, when it is no longer listed"
                yield Finding("fault", words, each.basis)
            start = each.span.start if each.authorised is None else each.authorised
            if each.notified is not None and not isinstance(start, str) and start is not None and start < each.notified:
                words = f"{who.id} is authorised for {each.purpose} on {start}, before notice of it on {each.notified}"
                yield Finding("fault", words, each.basis)


def _conflicts(register: Register) -> Iterator[Finding]:
    """Where the documents pull two ways, and who takes which side."""
    for tension in register.tensions:
        sides = " against ".join(f"{name} [{cited(register, basis)}]" for name, basis in tension.sides)
        basis = tuple(dict.fromkeys((*tension.basis, *(name for _, side in tension.sides for name in side))))
        yield Finding("conflict", f"{tension.says}: {sides}; {_resolved(tension)}", basis)
        stated = _prevailing(register, tension)
        if stated is not None and tension.resolution not in (None, stated):
            words = f"{tension.id} is resolved as {tension.resolution}, though the document of {stated} prevails"
            yield Finding("fault", words, basis)
        elif stated is not None and tension.resolution is None:
            words = f"{tension.id} is open, though the document of {stated} prevails: a reading may rest on that"
            yield Finding("conflict", words, basis)


def _resolved(tension: Tension) -> str:
    if tension.resolution is None:
        return "no reading takes a side, so every answer that depends on it is undetermined"
    return f"{', '.join(tension.basis)} takes the side {tension.resolution}"


def _prevailing(register: Register, tension: Tension) -> str | None:
    """The side whose documents prevail over those of every other side, where the documents say so."""
    standing = {name: document for document in register.documents for name in document.clauses}
    sides = {side: [standing[name] for name in basis if name in standing] for side, basis in tension.sides}
    for side, documents in sides.items():
        others = [each.id for other, theirs in sides.items() if other != side for each in theirs]
        if documents and others and all(other in each.prevails_over for each in documents for other in others):
            return side
    return None


def _moved(register: Register) -> Iterator[Finding]:
    """Hosting regions, and engagements, that are elsewhere from some day on, or may be, under the same name."""
    for region in register.hosting_regions:
        for day in sorted({day for site in region.sites for day in site.span.change_dates}):
            old, new = region.on(day - timedelta(days=1)), region.on(day)
            if old.places is not None and old.places != new.places:
                shift = _shift(old.places, new.places)
                words = f"hosting region {region.id} moved on {day}, under the same name: {shift}"
                yield Finding("change", words, tuple(dict.fromkeys((*old.basis, *new.basis))))
    for who in register.processors:
        for first, second in combinations(who.engagements, 2):
            old_row, new_row = sorted((first, second), key=lambda each: str(each.span.start or ""))
            if _follows(old_row, new_row) and old_row.places is not None and old_row.places != new_row.places:
                shift = _shift(old_row.places, new_row.places)
                words = f"{who.id} ({new_row.purpose}) moved on {new_row.span.start}, under the same name: {shift}"
                rests = (*old_row.basis, *old_row.located_by, *new_row.basis, *new_row.located_by)
                yield Finding("change", words, tuple(dict.fromkeys(rests)))


def _follows(old: Engagement, new: Engagement) -> bool:
    """Whether the second takes up where the first ends."""
    alike = (old.activity, old.purpose, old.region) == (new.activity, new.purpose, new.region)
    return alike and old.span.end is not None and old.span.end == new.span.start


def _shift(old: tuple[Place, ...] | None, new: tuple[Place, ...] | None) -> str:
    before, after = ("not stated" if each is None else ", ".join(place.text for place in each) for each in (old, new))
    return f"from {before} to {after}"
