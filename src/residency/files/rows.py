"""The second pass over dated rows: their days, and engagements."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Literal, cast

from attrs import evolve

from ..model.conditions import All, Condition, Unstated
from ..model.register import Engagement, HostingRegion, Safeguard, Site
from ..model.timeline import ALWAYS, Span
from . import register_schema as shapes
from .documents import Documents
from .kinds import AS_THE_REGION
from .schema import Listed
from .semantics import Disjoint, Meaning
from .structure import Path, written

__all__ = ["MOST_ENGAGEMENTS", "Rows"]

MOST_ENGAGEMENTS = 100_000
"""How many engagements the rows of a register may make."""


class Rows:
    """The dated rows of one register file; `hosting_regions` are those that an engagement may name."""

    def __init__(self, meaning: Meaning, documents: Documents) -> None:
        self.meaning, self.documents = meaning, documents
        self.hosting_regions: Mapping[str, HostingRegion] = {}
        self.number = 0
        self._stays_of: dict[str, list[tuple[Span, Site]]] = {}

    def span(self, path: Path, row: Listed) -> Span:
        """The days on which the row holds; one that was removed from the document says since when."""
        span = self.meaning.span(path, row)
        self.documents.check_listed(path, row, span)
        return span

    def engagements(self, path: Path, rows: Sequence[shapes.Engagement]) -> Iterator[Engagement]:
        """One engagement for each region that a row names; none of them twice on a day."""
        seen: dict[Engagement, Disjoint] = {}
        named: dict[Engagement, list[tuple[Engagement, tuple[str, ...]]]] = {}
        for index, row in enumerate(rows):
            here = (*path, index)
            made, regions = self._engagement(here, row)
            clash: tuple[Span, Span, Path] | None = None
            for engagement in self._in_regions(here, row, made, regions):
                self._count(here)
                other = seen.setdefault(_what(engagement), Disjoint()).add(engagement.span, here)
                if clash is None and other is not None:
                    clash = (engagement.span, *other)
                yield engagement
            if clash is not None:
                same = clash[0] == clash[1]
                message = "duplicate entry" if same else "overlapping spans"
                remedy = "leave one of them" if same else "end the first on the day the second starts"
                self.meaning.fault(here, message, f"the same engagement stands at {written(clash[2])}; {remedy}")
            if regions is not None:
                named.setdefault(evolve(_what(made), places=None), []).append((made, regions))
        for alike in named.values():
            for region in self._unlisted:
                yield from self._not_yet_listed(path, region, alike)

    def _not_yet_listed(
        self, path: Path, region: str, alike: Sequence[tuple[Engagement, tuple[str, ...]]]
    ) -> Iterator[Engagement]:
        """What is listed for other regions alone, in one that the list does not know: once for the days of each row."""
        done = {(each.span, each.authorised) for each, regions in alike if region in regions}
        for each, _ in alike:
            if (each.span, each.authorised) not in done:
                done.add((each.span, each.authorised))
                self._count(path)
                yield evolve(each, region=region, places=None, when=not_yet_listed(region, each.when), only=())

    def _count(self, path: Path) -> None:
        """Refuse a file whose rows make too many engagements."""
        self.number += 1
        if self.number > MOST_ENGAGEMENTS:
            message = f"the rows up to this one make more than {MOST_ENGAGEMENTS:,} engagements"
            self.meaning.fault(path, message, "one is made for each region of a row, and each stay of the region")
            self.meaning.done()

    def unlisted(self, regions: Collection[str] | None) -> list[str]:
        """The regions that the list does not know yet and what is listed for these, but for no others, leaves open."""
        return [] if regions is None else [name for name in self._unlisted if name not in regions]

    @cached_property
    def _unlisted(self) -> list[str]:
        """Read when all hosting regions are known."""
        return [each.id for each in self.hosting_regions.values() if not each.listed]

    def _engagement(self, path: Path, row: shapes.Engagement) -> tuple[Engagement, tuple[str, ...] | None]:
        """What the row says, whatever the region; and the regions that it names."""
        meaning = self.meaning
        regions = None
        if row.regions is not None:
            regions = meaning.names((*path, "regions"), "hosting region", row.regions, some=True)
        data = None if row.data is None else meaning.names((*path, "data"), "data category", row.data, some=True)
        if row.only is not None and row.when is None:
            meaning.fault((*path, "only"), "only needs when: it is what makes a condition a limit", "leave it out")
        made = Engagement(
            activity=row.activity,
            purpose=row.purpose,
            basis=meaning.basis(path, row),
            places=None if row.places == AS_THE_REGION else meaning.places((*path, "places"), row.places),
            when=meaning.condition((*path, "when"), row.when),
            only=() if row.only is None else meaning.basis(path, row, "only"),
            span=self.span(path, row),
            data=data,
            authorised=self._authorised(path, row),
            notified=row.notified,
            safeguards=tuple(self._safeguards((*path, "safeguards"), row.safeguards)),
        )
        return made, regions

    def _in_regions(
        self, path: Path, row: shapes.Engagement, made: Engagement, regions: tuple[str, ...] | None
    ) -> Iterator[Engagement]:
        """The row in each of its regions, or in none in particular."""
        for region in (None,) if regions is None else dict.fromkeys(regions):
            if row.places != AS_THE_REGION:
                yield evolve(made, region=region)
            elif region is None:
                self.meaning.fault((*path, "places"), f"{AS_THE_REGION!r} needs regions", "name the places themselves")
            elif region in self.hosting_regions:
                for span, site in self._stays(self.hosting_regions[region], made.span):
                    yield evolve(made, region=region, span=span, places=site.places, located_by=site.basis)

    def _stays(self, region: HostingRegion, span: Span) -> Iterator[tuple[Span, Site]]:
        """Where the region is on the days of the span."""
        if region.id not in self._stays_of:
            self._stays_of[region.id] = _all_stays(region)
        stays = self._stays_of[region.id]
        first = bisect_right(stays, span.start or date.min, key=lambda stay: stay[0].start or date.min) - 1
        for stay, site in stays[first:]:
            if not stay.overlaps(span):
                break
            starts = [day for day in (stay.start, span.start) if day is not None]
            ends = [day for day in (stay.end, span.end) if day is not None]
            yield Span(max(starts, default=None), min(ends, default=None)), site

    def _authorised(self, path: Path, row: shapes.Engagement) -> date | Literal["not stated"] | None:
        day = row.authorised
        if isinstance(day, date) and row.since is not None and day < row.since:
            remedy = "since is the day on which it is first listed"
            self.meaning.fault((*path, "authorised"), f"authorised {day} is before since {row.since}", remedy)
        return cast('date | Literal["not stated"] | None', day)

    def _safeguards(self, path: Path, rows: Sequence[shapes.Safeguard]) -> Iterator[Safeguard]:
        for index, row in enumerate(rows):
            yield Safeguard(row.mechanism, self.meaning.basis((*path, index), row), row.says)


def not_yet_listed(region: str, when: Condition | None) -> Condition:
    """The condition of a row in a region that its list does not know yet."""
    unknown = Unstated(f"whether that is for region {region} too, which the list does not know yet")
    return unknown if when is None else All((when, unknown))


def _what(engagement: Engagement) -> Engagement:
    """The engagement without its days, and without what it rests on."""
    return evolve(
        engagement, basis=(), only=(), span=ALWAYS, authorised=None, notified=None, safeguards=(), located_by=()
    )


def _all_stays(region: HostingRegion) -> list[tuple[Span, Site]]:
    """Where the region is on all days, one stay after the other."""
    sites = sorted(region.sites, key=lambda site: site.span.start or date.min, reverse=True)
    edges = {day for site in sites for day in site.span.change_dates}
    stays: list[tuple[Span, Site]] = []
    for start, end in pairwise([None, *sorted(edges), None]):
        first = start or date.min
        while sites and sites[-1].span.end is not None and sites[-1].span.end <= first:
            sites.pop()
        there = sites[-1] if sites and first in sites[-1].span else Site(region.places, region.basis)
        stays.append((Span(start, end), there))
    return stays
