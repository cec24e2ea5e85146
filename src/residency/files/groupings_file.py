"""Shipped facts: dated groupings (EU, EEA), UN M49 geography, and territories with a country code of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from ..model.places import Grouping, Membership, Territory
from ..model.rows import Source
from ..model.timeline import ALWAYS, Span, day_in_words
from .parse import read
from .schema import GroupingFile, M49File, Members, TerritoriesFile
from .structure import structured

__all__ = ["fact_sources", "groupings", "territories"]


@cache
def groupings() -> tuple[Grouping, ...]:
    """Every shipped grouping, sorted by id."""
    return tuple(sorted([_dated("eea"), _dated("eu"), *_m49()], key=lambda grouping: grouping.id))


@cache
def fact_sources() -> tuple[Source, ...]:
    """The sources of the shipped facts, which answers cite when they rest on the members of a grouping."""
    file = _territories()
    at = f"checked {day_in_words(file.checked)}: {'; '.join(file.sources.values())}"
    of_territories = Source("fact:territories", "fact", "territories that have a country code of their own", at=at)
    return (*(Source(f"fact:{group.id}", "fact", group.says, at=group.source) for group in groupings()), of_territories)


@cache
def territories() -> tuple[Territory, ...]:
    """Every territory with a country code of its own, by its state."""
    file = _territories()
    return tuple(
        Territory(code, row.state, file.sources[row.source]) for row in file.states for code in row.territories
    )


@cache
def _territories() -> TerritoriesFile:
    return structured(read("territories", "data").content, TerritoriesFile, "territories")


def _dated(name: str) -> Grouping:
    file = structured(read(name, "data").content, GroupingFile, name)
    sources = "; ".join(file.sources.values())
    return Grouping(
        id=file.id,
        name=file.name,
        says=file.says,
        source=f"checked {day_in_words(file.checked)}: {sources}",
        checked=file.checked,
        coverage=Span(file.since, file.until),
        members=tuple(_rows(file.members, file.sources)),
        unclear=tuple(_rows(file.unclear, file.sources)),
    )


def _rows(rows: Iterable[Members], sources: dict[str, str]) -> Iterator[Membership]:
    for row in rows:
        for country in row.countries:
            yield Membership(country, Span(row.since, row.until), sources[row.source])


def _m49() -> Iterator[Grouping]:
    file = structured(read("m49", "data").content, M49File, "m49")
    for group in file.groupings:
        members = tuple(Membership(country, ALWAYS, file.source) for country in group.countries)
        unclear = tuple(Membership(country, ALWAYS, file.source) for country in group.unclear)
        says = f"the countries of {group.id} by UN M49"
        yield Grouping(group.id, group.id, says, file.source, None, members=members, unclear=unclear)
