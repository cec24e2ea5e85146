"""The shipped facts: dated groupings (EU, EEA) and UN M49 geography."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from ..places import Grouping, Membership
from ..register import Source
from ..timeline import ALWAYS, Span, day_in_words
from .raw import read
from .shapes import GroupingFile, M49File, Members
from .strict import shaped

__all__ = ["fact_sources", "groupings"]


@cache
def groupings() -> tuple[Grouping, ...]:
    """Every shipped grouping, sorted by id."""
    return tuple(sorted([_dated("eea"), _dated("eu"), *_m49()], key=lambda grouping: grouping.id))


@cache
def fact_sources() -> tuple[Source, ...]:
    """What an answer cites when it rests on who is in a grouping."""
    return tuple(Source(f"fact:{grouping.id}", "fact", grouping.says, at=grouping.source) for grouping in groupings())


def _dated(name: str) -> Grouping:
    file = shaped(read(name, "data")[1], GroupingFile, name)
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
    file = shaped(read("m49", "data")[1], M49File, "m49")
    for group in file.groupings:
        members = tuple(Membership(country, ALWAYS, file.source) for country in group.countries)
        unclear = tuple(Membership(country, ALWAYS, file.source) for country in group.unclear)
        says = f"the countries of {group.id} by UN M49"
        yield Grouping(group.id, group.id, says, file.source, None, members=members, unclear=unclear)
