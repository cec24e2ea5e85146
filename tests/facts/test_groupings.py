"""The shipped groupings against the dates and lists that a lawyer would check them with."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, timedelta

import pytest

from residency.files import groupings
from residency.model.places import Grouping, countries
from support import FACTS

GROUPS = {grouping.id: grouping for grouping in groupings()}
EU, EEA = GROUPS["EU"], GROUPS["EEA"]
TODAY = date(2026, 11, 23)

STATES = set("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
TERRITORIES = set("AX GF GP MQ RE YT MF".split())
NOT_TERRITORIES = set("FO GL IM JE GG AW CW SX BQ NC PF WF PM TF SJ BL GI GB NO IS LI CH XK AD MC SM VA".split())
SIZE_FROM = {1958: 6, 1973: 9, 1981: 10, 1986: 12, 1995: 15, 2004: 25, 2007: 27, 2013: 28}


def members(grouping: Grouping, day: date) -> frozenset[str]:
    """The countries that are in it for certain."""
    return grouping.on(day).sure


def test_the_european_union_today_is_its_27_states_and_seven_territories() -> None:
    """No other country is in it, and of none is it unclear."""
    extent = EU.on(TODAY)
    assert extent.sure == extent.possible == STATES | TERRITORIES


@pytest.mark.parametrize("country", sorted(NOT_TERRITORIES))
def test_what_is_not_in_the_european_union_today(country: str) -> None:
    """Overseas countries, Crown dependencies, neighbours and former members are not in it, and that is certain."""
    assert country not in EU.on(TODAY).possible


@pytest.mark.parametrize(("year", "size"), SIZE_FROM.items())
def test_each_accession_took_effect_on_its_day(year: int, size: int) -> None:
    """The number of member states that have a code of their own grows on the day of accession, not the day before."""
    first = next(row.span.start for row in EU.members if row.span.start is not None and row.span.start.year == year)
    states = STATES | {"GB"}
    assert size == len(members(EU, first) & states)
    if year > 1958:
        assert size > len(members(EU, first - timedelta(days=1)) & states)


@pytest.mark.parametrize("country", ["GB", "GI"])
def test_the_united_kingdom_and_gibraltar_were_in_until_the_end_of_january_2020(country: str) -> None:
    """The last day is 31 January 2020."""
    assert country in members(EU, date(2020, 1, 31))
    assert country not in EU.on(date(2020, 2, 1)).possible


def test_mayotte_is_part_of_it_from_2014() -> None:
    """European Council Decision 2012/419/EU."""
    assert "YT" not in EU.on(date(2013, 12, 31)).possible
    assert "YT" in members(EU, date(2014, 1, 1))


def test_saint_barthelemy_left_in_2012() -> None:
    """European Council Decision 2010/718/EU."""
    assert "BL" in members(EU, date(2011, 12, 31))
    assert "BL" not in EU.on(date(2012, 1, 1)).possible


def test_of_territories_before_the_treaty_that_names_them_nothing_is_claimed() -> None:
    """Neither in nor out before 1 December 2009."""
    before = EU.on(date(2009, 11, 30))
    for territory in ("GF", "AX", "GL", "BL", "GI", "YT"):
        assert territory in before.possible - before.sure


def test_before_the_first_day_of_coverage_nothing_is_claimed_of_any_country() -> None:
    """Silence is neither membership nor its absence."""
    for grouping in (EU, EEA):
        assert grouping.coverage.start is not None
        extent = grouping.on(grouping.coverage.start - timedelta(days=1))
        assert (frozenset(), countries()) == (extent.sure, extent.possible)


def test_the_european_economic_area_covers_days_from_20_july_2018() -> None:
    """The day on which the GDPR was incorporated; before it nothing is claimed."""
    assert date(2018, 7, 20) == EEA.coverage.start
    assert members(EEA, date(2018, 7, 20)) == members(EU, date(2018, 7, 20)) | {"IS", "LI", "NO"}


def test_the_european_economic_area_is_the_union_and_three_on_each_day_that_it_changed() -> None:
    """Not Switzerland; nothing is claimed of the United Kingdom in transition, nor of Svalbard and Jan Mayen."""
    for day in (date(2019, 10, 28), date(2020, 1, 31), date(2020, 2, 1), date(2020, 12, 31), date(2021, 1, 1), TODAY):
        extent = EEA.on(day)
        assert extent.sure == members(EU, day) | {"IS", "LI", "NO"}
        transition = {"GB", "GI"} if date(2020, 2, 1) <= day < date(2021, 1, 1) else set()
        assert extent.possible - extent.sure == transition | {"SJ"}
        assert "CH" not in extent.possible


def test_every_row_has_a_source() -> None:
    """Facts enter only with a source and a date."""
    for grouping in groupings():
        assert grouping.source.strip()
        assert all(row.source.strip() for row in (*grouping.members, *grouping.unclear))
    assert {EU.checked, EEA.checked} == {date(2026, 11, 23)}


def test_every_row_names_an_accepted_country_and_kosovo_is_in_no_grouping() -> None:
    """`XK` is no code of the table of geography, so that nothing is claimed of it where it might be in Europe."""
    assert {row.country for grouping in groupings() for row in grouping.members} <= countries() - {"XK"}
    assert {row.country for grouping in groupings() for row in grouping.unclear} <= countries()
    unclear = {grouping.id for grouping in groupings() if "XK" in grouping.on(TODAY).possible}
    assert {"Europe", "Southern Europe"} == unclear


def test_geography_is_the_table_that_it_was_generated_from() -> None:
    """UN M49 as in the stored table: every group, every country, and nothing else."""
    table = FACTS / "m49.csv"
    if not table.exists():
        pytest.skip("the table of facts is not at hand here")
    expected: dict[str, set[str]] = defaultdict(set)
    with table.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            for level in ("region", "subregion", "intermediate"):
                expected[row[level]].add(row["alpha2"])
    expected.pop("")
    assert expected == {name: set(members(GROUPS[name], TODAY)) for name in GROUPS.keys() - {"EU", "EEA"}}


def test_geography_is_not_membership() -> None:
    """M49 puts Cyprus in Asia and Greenland in the Americas, and knows no days."""
    assert "CY" in members(GROUPS["Asia"], TODAY) - members(GROUPS["Europe"], TODAY)
    assert "GL" in members(GROUPS["Americas"], date(1900, 1, 1))
    assert not any("AQ" in members(GROUPS[name], TODAY) for name in GROUPS)
