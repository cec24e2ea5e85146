"""Registers written by hand: the little that a value checks of itself."""

from __future__ import annotations

import pytest
from attrs import evolve

from residency import BadInput, UnknownName
from residency.register import CustomerRegion, Engagement, Placement, ResidencyException, SubProcessor
from support import REGISTER


def test_an_id_names_one_region_or_one_sub_processor() -> None:
    """Or an answer could be about either."""
    named_eu = evolve(REGISTER.sub_processor("aws"), id="EU")
    with pytest.raises(BadInput) as caught:
        evolve(REGISTER, processors=(named_eu,))
    assert ("id 'EU' names two things", "an id names one region or one sub-processor") == (
        caught.value.message,
        caught.value.remedy,
    )


def test_a_region_that_a_row_names_must_be_there() -> None:
    """Home, placement, engagement and exception alike."""
    rows = (
        {"customer_regions": (CustomerRegion("x", None, "FR", ("R2",)),)},
        {"placement": Placement("fixed", ("37a",), "FR")},
        {"own_infrastructure": (Engagement("hosting", "h", ("35a",), "FR"),)},
        {"exceptions": (ResidencyException(("logs",), ("35a",), regions=("FR",)),)},
    )
    for row in rows:
        with pytest.raises(UnknownName) as caught:
            evolve(REGISTER, **row)
        assert "unknown hosting region 'FR'" == caught.value.message


def test_a_sub_processor_without_an_engagement_is_refused() -> None:
    """Of nothing, nothing could be answered."""
    with pytest.raises(BadInput) as caught:
        evolve(REGISTER, processors=(SubProcessor("x", "X", ()),))
    assert "sub-processor 'x' has no engagement" == caught.value.message


def test_the_change_dates_begin_with_what_the_groupings_know() -> None:
    """Those of the EU, of the rows, and the day from which it speaks, sorted."""
    dates = REGISTER.change_dates
    assert sorted(set(dates)) == list(dates)
    assert {"2019-10-28", "2020-02-01", "2013-07-01"} <= {day.isoformat() for day in dates}
    assert ["EU"] == [grouping.id for grouping in REGISTER.groupings_used]
