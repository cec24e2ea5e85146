"""Countries, dated groupings of countries, and *within*.

The only reader of pycountry, which is read once, into plain strings, when the first country is checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, cached_property
from itertools import pairwise

from attrs import evolve, frozen

from ..errors import BadInput, nearest, quoted
from .timeline import ALWAYS, Span, Timeline
from .verdict import Verdict

__all__ = [
    "EVERYWHERE",
    "WORLDWIDE",
    "Extent",
    "Grouping",
    "Membership",
    "Place",
    "Territory",
    "checked_country",
    "countries",
    "country_name",
]

WORLDWIDE = "worldwide"
EVERYWHERE = "everywhere"
"""In every country at once, where *worldwide* is in any one; `"everywhere in EEA"` is in each country of the EEA."""
_EVERYWHERE_IN = "everywhere in "

_KOSOVO = "XK"
_ANY_CODE = "write an ISO 3166-1 alpha-2 code, such as 'BG'"
_REMEDIES = {
    "UK": "the ISO 3166-1 code of the United Kingdom is 'GB'",
    "XI": "'XI' is a VAT prefix; Northern Ireland is part of the United Kingdom, 'GB'",
    "EL": "the ISO 3166-1 code of Greece is 'GR'",
    "IC": "the Canary Islands are part of Spain, 'ES'",
    "EA": "Ceuta and Melilla are part of Spain, 'ES'",
    "EU": "'EU' is a grouping and no country; write the code of the country, such as 'DE'",
}


@cache
def _records() -> list[dict[str, str]]:
    """The countries of ISO 3166-1, as pycountry has them."""
    import pycountry

    return [dict(record) for record in pycountry.countries]


@cache
def _names() -> Mapping[str, str]:
    names = {record["alpha_2"]: record.get("common_name", record["name"]) for record in _records()}
    return {**names, _KOSOVO: "Kosovo"}


@cache
def _by_alpha_3() -> Mapping[str, str]:
    return {record["alpha_3"]: record["alpha_2"] for record in _records()}


@cache
def countries() -> frozenset[str]:
    """Every accepted country code: the 249 of ISO 3166-1 alpha-2, and `XK` (Kosovo), which is in wide use."""
    return frozenset(_names())


def country_name(code: str) -> str:
    """The English short name of an accepted code."""
    return _names()[code]


def checked_country(code: object, where: str = "") -> str:
    """`code` if it is an accepted country code; otherwise `BadInput`, with the code to write."""
    if isinstance(code, str) and code in countries():
        return code
    if not isinstance(code, str):
        raise BadInput(
            f"expected a country code, got {quoted(code)}{where}", "write the ISO 3166-1 alpha-2 code, such as 'BG'"
        )
    raise BadInput(f"unknown country code {quoted(code)}{where}", _remedy(code))


def _remedy(code: str) -> str:
    upper = code.strip().upper()
    if upper in _REMEDIES:
        return _REMEDIES[upper]
    if upper in countries():
        return f"write {upper!r}: codes are two capital letters"
    if upper in _by_alpha_3():
        return f"write the two-letter code {_by_alpha_3()[upper]!r}"
    codes = [known for known, name in sorted(_names().items()) if name.casefold() == code.strip().casefold()]
    if codes:
        return f"the ISO 3166-1 code of {country_name(codes[0])} is {codes[0]!r}"
    return _ANY_CODE


@frozen
class Extent:
    """What is known on one day of a set of countries: those `sure` to be in it, and those `possible`.

    A thing at that place is somewhere within it, or `everywhere` in it: in each of its countries at once. `names` are
    the countries and groupings that it was made of: what is in the EEA is in the EEA, whichever countries belong to it.
    """

    sure: frozenset[str]
    possible: frozenset[str]
    everywhere: bool = False
    names: frozenset[str] = frozenset()

    def within(self, other: Extent) -> Verdict:
        """Whether a thing at this place is within the other; UNDETERMINED where this place has no possible country."""
        if self.names and self.names <= other.names:
            return Verdict.PERMITTED
        if not self.possible:
            return Verdict.UNDETERMINED
        if self.possible <= other.sure:
            return Verdict.PERMITTED
        outside = not self.sure <= other.possible if self.everywhere else self.possible.isdisjoint(other.possible)
        return Verdict.PROHIBITED if outside else Verdict.UNDETERMINED

    def never_in(self, other: Extent) -> Verdict:
        """Whether a thing at this place is nowhere in the other: the negation of `within`, unless it is everywhere."""
        if not self.everywhere or not self.possible or (self.names and self.names <= other.names):
            return ~self.within(other)
        if self.possible.isdisjoint(other.possible):
            return Verdict.PERMITTED
        return Verdict.UNDETERMINED if self.sure.isdisjoint(other.sure) else Verdict.PROHIBITED

    @staticmethod
    def union(extents: Iterable[Extent]) -> Extent:
        """The union of the extents: what is in any of them."""
        operands = tuple(extents)
        if len(operands) == 1:
            return operands[0]
        return Extent(
            frozenset().union(*(extent.sure for extent in operands)),
            frozenset().union(*(extent.possible for extent in operands)),
            names=frozenset().union(*(extent.names for extent in operands)),
        )


@frozen
class Membership:
    """Membership of `country` in a grouping for `span`, and the `source` that says so."""

    country: str
    span: Span
    source: str


@frozen
class Grouping:
    """A named group of countries whose members have dates (EU, EEA), or none (M49 geography).

    Outside `coverage` nothing is claimed of any country; the rows of `unclear` are countries of which nothing is
    claimed for a time. `says` is who is in it, in words, and `source` who says so;
    `checked` is the day on which the rows were last compared with their sources.
    """

    id: str
    name: str
    says: str
    source: str
    checked: date | None
    coverage: Span = ALWAYS
    members: tuple[Membership, ...] = ()
    unclear: tuple[Membership, ...] = ()

    @cached_property
    def _timelines(self) -> tuple[Mapping[str, Timeline[str]], Mapping[str, Timeline[str]]]:
        return _by_country(self.members), _by_country(self.unclear)

    @cached_property
    def change_dates(self) -> frozenset[date]:
        """The days on which its membership, or what is known of it, changes."""
        rows = (*self.members, *self.unclear)
        return self.coverage.change_dates.union(*(row.span.change_dates for row in rows))

    @cached_property
    def _eras(self) -> Timeline[Extent]:
        edges = [None, *sorted(self.change_dates), None]
        spans = [Span(start, end) for start, end in pairwise(edges)]
        return Timeline((span, self._extent(span.start or date.min)) for span in spans)

    def _extent(self, day: date) -> Extent:
        if day not in self.coverage:
            return Extent(frozenset(), countries())
        members, unclear = (
            frozenset(country for country, line in lines.items() if line.on(day) is not None)
            for lines in self._timelines
        )
        return Extent(members, members | unclear)

    def on(self, day: date) -> Extent:
        """What is known of its membership on `day`."""
        extent = self._eras.on(day)
        assert extent is not None  # the eras have no gap
        return extent


@frozen
class Territory:
    """A part of a `state`, or a dependency of it, with a country code of its own; the `source` says so."""

    country: str
    state: str
    source: str


def _by_country(rows: Iterable[Membership]) -> Mapping[str, Timeline[str]]:
    """Timelines by country; `BadInput` where two spans of a country overlap."""
    entries: dict[str, list[tuple[Span, str]]] = {}
    for row in rows:
        entries.setdefault(row.country, []).append((row.span, row.source))
    return {country: Timeline(spans) for country, spans in entries.items()}


@frozen(order=True)
class Place:
    """Somewhere within a country, a grouping, or one of several (`"CA|US"`), as written; or everywhere in one of them.

    `parts` are the names between the bars; `extent` says which countries they hold on a day.
    """

    text: str

    @property
    def parts(self) -> tuple[str, ...]:
        """The names between the bars."""
        return tuple((WORLDWIDE if self.text == EVERYWHERE else self.text.removeprefix(_EVERYWHERE_IN)).split("|"))

    @property
    def everywhere(self) -> bool:
        """Whether it is in each country of its parts at once."""
        return self.text == EVERYWHERE or self.text.startswith(_EVERYWHERE_IN)

    @property
    def normal(self) -> Place:
        """The same place as it is written in one way only: its parts sorted, each once."""
        parts = "|".join(sorted(set(self.parts)))
        return Place(f"{_EVERYWHERE_IN}{parts}" if self.everywhere else parts)

    def checked(self, groupings: Mapping[str, Grouping], where: str = "") -> Place:
        """This place; `BadInput` if a part is no known country or grouping, or *everywhere* is in alternatives."""
        if self.everywhere and len(self.parts) > 1:
            remedy = f"list each by itself: {', '.join(repr(_EVERYWHERE_IN + part) for part in self.parts)}"
            raise BadInput(f"{self.text!r}{where} may be one or the other", remedy)
        for part in self.parts:
            if part != WORLDWIDE and part not in groupings and part not in countries():
                raise BadInput(f"unknown place {quoted(part)}{where}", _place_remedy(part, groupings))
        return self

    def extent(self, groupings: Mapping[str, Grouping], day: date) -> Extent:
        """What is known of its countries on `day`."""
        extent = Extent.union(_part_extent(part, groupings, day) for part in self.parts)
        return evolve(extent, everywhere=self.everywhere, names=frozenset(self.parts))


def _place_remedy(part: str, groupings: Iterable[str]) -> str:
    country, close = _remedy(part), nearest(part, sorted(groupings))
    if part.casefold() in (name.casefold() for name in groupings):
        return close
    if country != _ANY_CODE:
        return country
    return (
        close if close.startswith("did you mean") else "write a country code such as 'BG', or a grouping such as 'EEA'"
    )


def _part_extent(part: str, groupings: Mapping[str, Grouping], day: date) -> Extent:
    if part in groupings:
        return groupings[part].on(day)
    codes = countries() if part == WORLDWIDE else frozenset((part,))
    return Extent(codes, codes)
