"""The second pass over dated rows: their days, and engagements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Literal, cast

from attrs import evolve

from ..conditions import All, Condition, Unstated
from ..register import Engagement, HostingRegion, Safeguard, Site
from ..timeline import ALWAYS, Span
from . import register_shapes as shapes
from .documents import Documents
from .kinds import AS_THE_REGION
from .meaning import Meaning
from .shapes import Listed
from .strict import Path, written

__all__ = ["Rows"]


class Rows:
    """The dated rows of one register file; `hosting_regions` are those that an engagement may name."""

    def __init__(self, meaning: Meaning, documents: Documents) -> None:
        self.meaning, self.documents = meaning, documents
        self.hosting_regions: Mapping[str, HostingRegion] = {}

    def span(self, path: Path, row: Listed) -> Span:
        """The days on which the row holds; one that was removed from the document says since when."""
        span = self.meaning.span(path, row)
        self.documents.check_listed(path, row, span)
        return span

    def engagements(self, path: Path, rows: Sequence[shapes.Engagement]) -> Iterator[Engagement]:
        """One engagement for each region that a row names; none of them twice on a day."""
        seen: dict[Engagement, list[tuple[Engagement, Path]]] = {}
        named: dict[Engagement, tuple[Engagement, list[str]]] = {}
        for index, row in enumerate(rows):
            here = (*path, index)
            made, regions = self._engagement(here, row)
            clashes: dict[Path, bool] = {}
            for engagement in self._in_regions(here, row, made, regions):
                alike = seen.setdefault(_what(engagement), [])
                overlapping = ((each, there) for each, there in alike if each.span.overlaps(engagement.span))
                clashes |= {there: each.span == engagement.span for each, there in overlapping}
                alike.append((engagement, here))
                yield engagement
            for there, same in clashes.items():
                message = "duplicate entry" if same else "overlapping spans"
                remedy = "leave one of them" if same else "end the first on the day the second starts"
                self.meaning.fault(here, message, f"the same engagement stands at {written(there)}; {remedy}")
            if regions is not None:
                named.setdefault(evolve(_what(made), places=None), (made, []))[1].extend(regions)
        for first, those in named.values():
            for region in self.unlisted(those):
                unknown = not_yet_listed(region, first.when)
                yield evolve(first, region=region, places=None, when=unknown, only=())

    def unlisted(self, regions: Sequence[str] | None) -> list[str]:
        """The regions that the list does not know yet and what is listed for these, but for no others, leaves open."""
        every = self.hosting_regions.values()
        return [each.id for each in every if not each.listed and regions is not None and each.id not in regions]

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
                for span, site in _stays(self.hosting_regions[region], made.span):
                    yield evolve(made, region=region, span=span, places=site.places, located_by=site.basis)

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


def _stays(region: HostingRegion, span: Span) -> Iterator[tuple[Span, Site]]:
    """Where the region is on the days of the span, one stay after the other."""
    edges = {day for site in region.sites for day in site.span.change_dates if day in span and day != span.start}
    for start, end in pairwise([span.start, *sorted(edges), span.end]):
        yield Span(start, end), region.on(start or date.min)
