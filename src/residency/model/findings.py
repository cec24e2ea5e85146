"""Findings about a register that its reader should know: contradictions, unreachable regions, places that changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import Literal

from attrs import field, frozen

from .house_rules import cited
from .places import Place
from .register import Register
from .rows import Engagement, Tension

__all__ = ["Finding", "validate"]


@frozen
class Finding:
    """One thing found in a register, and the clauses and readings that it is about.

    A `"fault"` is to be fixed in the file, a `"conflict"` is in the documents themselves, and a `"change"` is one that
    notice clauses often do not cover: another place under the same name. A `"gap"` is what is stated nowhere, an
    `"overlap"` leaves customers to the first of several regions, something `"unused"` decides nothing, and a
    `"reading"` is one of ours, with what rests on it. Where several may be told together, `topic` is what they have in
    common and `brief` what this one is about, in a few words; `share` is that of the answers that rest on a reading.
    """

    grade: Literal["fault", "conflict", "change", "gap", "overlap", "unused", "reading"]
    words: str
    basis: tuple[str, ...]
    topic: str = field(default="", eq=False, kw_only=True)
    brief: str = field(default="", eq=False, kw_only=True)
    share: float = field(default=0.0, eq=False, kw_only=True)


def validate(register: Register) -> tuple[Finding, ...]:
    """Findings: unreachable regions, dates at odds, conflicts, then changed places, each in the order of the file."""
    return (*_unreachable(register), *_dates_at_odds(register), *_conflicts(register), *_moves(register))


def _unreachable(register: Register) -> Iterator[Finding]:
    """Hosting regions in which no rule places anybody."""
    rule = register.placement
    if rule.agreed is not None or rule.rule in ("free-choice", "vendor-choice", "not-promised", "unconfirmed"):
        return
    homes = {region.home for region in register.customer_regions} if rule.rule == "by-customer" else {rule.region}
    for region in register.hosting_regions:
        if region.id not in homes:
            words = f"no rule reaches hosting region {region.id}: it is nobody's home, and no region can be agreed"
            yield Finding("fault", words, (*rule.basis, *region.basis))


def _dates_at_odds(register: Register) -> Iterator[Finding]:
    """Engagements that are authorised before notice of them was given, or when they are no longer listed."""
    for sub_processor in register.sub_processor_rows:
        # a row stands once for each stay of its region: the last may be the one that is authorised
        listed = {
            _stay(row)
            for row in sub_processor.engagements
            if isinstance(row.authorised, date) and (row.span.end is None or row.authorised < row.span.end)
        }
        for engagement in sub_processor.engagements:
            span, authorised, notified = engagement.span, engagement.authorised, engagement.notified
            subject = f"{sub_processor.id} is authorised for {engagement.purpose}"
            if isinstance(authorised, date) and _stay(engagement) not in listed:
                words = f"{subject} on {authorised}, when it is no longer listed"
                yield Finding("fault", words, engagement.basis)
            start = span.start if authorised is None else authorised
            if notified is not None and not isinstance(start, str) and start is not None and start < notified:
                words = f"{subject} on {start}, before notice of it on {notified}"
                yield Finding("fault", words, engagement.basis)


def _stay(row: Engagement) -> tuple[object, ...]:
    """What the rows for each stay of a region have in common."""
    return row.activity, row.purpose, row.region, row.authorised


def _conflicts(register: Register) -> Iterator[Finding]:
    """Contradictions in the documents, with their sides, and those where the prevailing side is not the one taken."""
    for tension in register.tensions:
        sides = " against ".join(f"{name} [{cited(register, basis)}]" for name, basis in tension.sides)
        basis = tuple(dict.fromkeys((*tension.basis, *(name for _, side in tension.sides for name in side))))
        words, brief = f"{tension.says}: {sides}; {_resolved(tension)}", _side_taken(register, tension)
        yield Finding("conflict", words, basis, topic=tension.id, brief=brief)
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


def _side_taken(register: Register, tension: Tension) -> str:
    if tension.resolution is None:
        return "open"
    authors = {source.id: source.author for source in register.sources}
    ours = (f"our reading {name}" if authors.get(name) == "reading" else name for name in tension.basis)
    return f"resolved by {', '.join(ours)}: {tension.resolution}"


def _prevailing(register: Register, tension: Tension) -> str | None:
    """The side whose documents prevail over those of every other side, where the documents say so."""
    documents = {name: document for document in register.documents for name in document.clauses}
    sides = {side: [documents[name] for name in basis if name in documents] for side, basis in tension.sides}
    for side, backing in sides.items():
        rivals = [document.id for other, opposing in sides.items() if other != side for document in opposing]
        if backing and rivals and all(rival in document.prevails_over for document in backing for rival in rivals):
            return side
    return None


def _moves(register: Register) -> Iterator[Finding]:
    """Hosting regions and engagements that are, or may be, elsewhere from some day on under the same name."""
    for region in register.hosting_regions:
        for day in sorted({day for site in region.sites for day in site.span.change_dates}):
            old, new = region.on(day - timedelta(days=1)), region.on(day)
            if old.places is not None and old.places != new.places:
                shift = _shift(old.places, new.places)
                words = f"hosting region {region.id} moved on {day}, under the same name: {shift}"
                yield Finding("change", words, tuple(dict.fromkeys((*old.basis, *new.basis))))
    for sub_processor in register.sub_processor_rows:
        for pair in combinations(sub_processor.engagements, 2):
            old_row, new_row = sorted(pair, key=lambda engagement: str(engagement.span.start or ""))
            if _follows(old_row, new_row) and old_row.places is not None and old_row.places != new_row.places:
                moved = f"{sub_processor.id} ({new_row.purpose}) moved on {new_row.span.start}"
                words = f"{moved}, under the same name: {_shift(old_row.places, new_row.places)}"
                rests = (*old_row.basis, *old_row.located_by, *new_row.basis, *new_row.located_by)
                yield Finding("change", words, tuple(dict.fromkeys(rests)))


def _follows(old: Engagement, new: Engagement) -> bool:
    """Whether the new engagement takes up the same work on the day on which the old one ends."""
    alike = (old.activity, old.purpose, old.region) == (new.activity, new.purpose, new.region)
    return alike and old.span.end is not None and old.span.end == new.span.start


def _shift(old: tuple[Place, ...] | None, new: tuple[Place, ...] | None) -> str:
    before, after = ("not stated" if each is None else ", ".join(place.text for place in each) for each in (old, new))
    return f"from {before} to {after}"
