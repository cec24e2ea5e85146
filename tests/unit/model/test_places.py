"""Places: sets of countries that a thing is somewhere within, and what follows from them."""

from __future__ import annotations

from datetime import date
from itertools import chain, combinations, product

import pycountry
import pytest

import residency
from residency import BadInput, Tenant, Verdict
from residency.files import groupings
from residency.files.groupings_file import territories
from residency.model.places import Extent, Grouping, Membership, Place, countries, country_name
from residency.model.timeline import Span

GROUPS = {grouping.id: grouping for grouping in groupings()}
DAY = date(2026, 11, 23)
SETS = [frozenset(some) for some in chain.from_iterable(combinations("abc", size) for size in range(4))]
EXTENTS = [Extent(sure, possible) for sure, possible in product(SETS, repeat=2) if sure <= possible]


def within_by_cases(here: Extent, there: Extent) -> Verdict:
    """The oracle: the thing is in one of the possible countries, the other set is any between sure and possible."""
    others = [other for other in SETS if there.sure <= other <= there.possible]
    found = {country in other for country in here.possible for other in others}
    return {frozenset({True}): Verdict.PERMITTED, frozenset({False}): Verdict.PROHIBITED}.get(
        frozenset(found), Verdict.UNDETERMINED
    )


def test_within_is_what_holds_in_every_case() -> None:
    """Over all extents of three countries; of no country at all nothing is known."""
    for here, there in product(EXTENTS, repeat=2):
        assert within_by_cases(here, there) is here.within(there)


def test_a_union_holds_what_any_of_them_holds() -> None:
    """Surely, and possibly."""
    for one, other in product(EXTENTS, repeat=2):
        assert Extent(one.sure | other.sure, one.possible | other.possible) == Extent.union([one, other])
    assert Extent(frozenset(), frozenset()) == Extent.union([])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DE", {"DE"}),
        ("CA|US", {"CA", "US"}),
        ("EU|CH", {*GROUPS["EU"].on(DAY).sure, "CH"}),
        ("worldwide", countries()),
    ],
)
def test_a_place_is_its_countries_on_the_day(text: str, expected: set[str]) -> None:
    """A country, alternatives, a grouping among them, or every country."""
    place = Place(text).checked(GROUPS)
    assert expected == place.extent(GROUPS, DAY).possible == place.extent(GROUPS, DAY).sure


EACH = "list each by itself: 'everywhere in CA', 'everywhere in US'"


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("EEC", "unknown place 'EEC'", "write a country code such as 'BG', or a grouping such as 'EEA'"),
        ("eea", "unknown place 'eea'", "did you mean 'EEA'?"),
        ("DE|UK", "unknown place 'UK'", "the ISO 3166-1 code of the United Kingdom is 'GB'"),
        ("South Asia", "unknown place 'South Asia'", "did you mean 'Southern Asia'?"),
        ("everywhere in CA|US", "'everywhere in CA|US' may be one or the other", EACH),
        ("CA|", "unknown place ''", "write a country code such as 'BG', or a grouping such as 'EEA'"),
    ],
)
def test_a_place_that_is_not_known_is_refused(text: str, message: str, remedy: str) -> None:
    """With the nearest grouping, or the code to write."""
    with pytest.raises(BadInput) as caught:
        Place(text).checked(GROUPS)
    assert (message, remedy) == (caught.value.message, caught.value.remedy)


def test_the_accepted_countries_are_those_of_iso_3166_and_kosovo() -> None:
    """249 and one, by their English short names."""
    assert 250 == len(countries())
    assert ("Bulgaria", "Kosovo", "Taiwan") == tuple(map(country_name, ("BG", "XK", "TW")))


def test_two_rows_of_a_country_that_overlap_are_an_error_of_the_facts() -> None:
    """A country is in a grouping once."""
    rows = (Membership("DE", Span(date(2000, 1, 1), None), "a"), Membership("DE", Span(), "b"))
    with pytest.raises(BadInput, match="overlaps"):
        Grouping("X", "X", "x", "x", None, members=rows).on(DAY)


def everywhere(extent: Extent) -> Extent:
    """In each of its countries at once."""
    return Extent(extent.sure, extent.possible, everywhere=True)


def kept_by_cases(here: Extent, there: Extent, *, inside: bool) -> Verdict:
    """The oracle: each country that is in the one set is in the other, or none is, whatever belongs to the two."""
    found = {
        all((country in other) is inside for country in one)
        for one in SETS
        for other in SETS
        if here.sure <= one <= here.possible and there.sure <= other <= there.possible
    }
    return {frozenset({True}): Verdict.PERMITTED, frozenset({False}): Verdict.PROHIBITED}.get(
        frozenset(found), Verdict.UNDETERMINED
    )


@pytest.mark.parametrize("inside", [True, False])
def test_everywhere_in_a_place_is_each_of_its_countries(inside: bool) -> None:
    """Over all extents of three countries; of no possible country nothing is known."""
    for here, there in product(EXTENTS, repeat=2):
        whole = everywhere(here)
        told = whole.within(there) if inside else whole.never_in(there)
        expected = kept_by_cases(here, there, inside=inside) if here.possible else Verdict.UNDETERMINED
        assert expected is told, (here, there)


def test_never_in_is_the_opposite_of_within_for_somewhere_alone() -> None:
    """Somewhere is inside or outside; everywhere may be partly both."""
    for here, there in product(EXTENTS, repeat=2):
        assert ~here.within(there) is here.never_in(there)
    partly, germany = Place("everywhere in EEA"), Place("DE").extent(GROUPS, DAY)
    there = partly.extent(GROUPS, DAY)
    assert [Verdict.PROHIBITED] * 2 == [there.within(germany), there.never_in(germany)]


@pytest.mark.parametrize("day", [date(2010, 1, 1), date(2020, 6, 1), DAY], ids=str)
def test_what_is_in_a_grouping_is_in_that_grouping_whoever_belongs_to_it(day: date) -> None:
    """Before its coverage, in the transition, and with a code of which nothing is claimed."""
    area = Place("EEA").extent(GROUPS, day)
    assert [Verdict.PERMITTED, Verdict.PROHIBITED] == [area.within(area), area.never_in(area)]
    wider = Extent.union([area, Place("US").extent(GROUPS, day)])
    assert Verdict.PERMITTED is area.within(wider)
    assert Verdict.UNDETERMINED is Place("EEA|CA").extent(GROUPS, day).within(area)
    assert Verdict.PERMITTED is Place("everywhere in EEA").extent(GROUPS, day).within(area)
    assert Verdict.PROHIBITED is Place("everywhere in EEA").extent(GROUPS, day).never_in(area)


def test_a_territory_is_another_place_than_its_state() -> None:
    """Each has a code of its own that is accepted, a state that is none of them, and a source."""
    facts = territories()
    codes = [each.country for each in facts]
    assert len(set(codes)) == len(codes)
    assert {*codes, *(each.state for each in facts)} <= countries()
    assert not set(codes) & {each.state for each in facts}
    assert all(each.source.strip() for each in facts)
    assert {"RE": "FR", "GI": "GB", "SJ": "NO", "PR": "US", "HK": "CN"}.items() <= {
        each.country: each.state for each in facts
    }.items()
    listed = {each.code for each in pycountry.subdivisions}
    for each in facts:
        assert "ISO 3166-2" not in each.source or f"{each.state}-{each.country}" in listed


def test_the_countries_of_a_form_are_those_of_a_tenant_with_their_names() -> None:
    """Sorted by code."""
    pairs = residency.countries()
    assert [(code, country_name(code)) for code in sorted(countries())] == list(pairs)
    assert (250, ("AD", "Andorra")) == (len(pairs), pairs[0])
    assert all(code == Tenant(code).country and name for code, name in pairs)
