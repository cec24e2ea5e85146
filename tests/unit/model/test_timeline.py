"""Days, spans of days, and values that hold for a span."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from residency import BadInput
from residency.model.timeline import ALWAYS, Span, Timeline, checked_day, day_in_words

FIRST = date(2020, 1, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(5)]
EDGES = [None, *DAYS[1:4]]
SPANS = [Span(start, end) for start, end in product(EDGES, repeat=2) if start is None or end is None or start < end]


def days_in(span: Span) -> set[date]:
    """The days of the small world that are in the span."""
    return {day for day in DAYS if (span.start or date.min) <= day and (span.end is None or day < span.end)}


@pytest.mark.parametrize("span", SPANS, ids=str)
def test_a_span_holds_its_first_day_and_not_its_end(span: Span) -> None:
    """`[start, end)`, open where it says nothing."""
    assert days_in(span) == {day for day in DAYS if day in span}


def test_two_spans_overlap_where_they_share_a_day() -> None:
    """Either way round."""
    for one, other in product(SPANS, repeat=2):
        assert bool(days_in(one) & days_in(other)) is one.overlaps(other)


def test_the_change_dates_of_a_span_are_its_edges() -> None:
    """An open side is none."""
    assert frozenset({DAYS[1], DAYS[3]}) == Span(DAYS[1], DAYS[3]).change_dates
    assert frozenset() == ALWAYS.change_dates


@pytest.mark.parametrize("end", [DAYS[1], DAYS[0]])
def test_a_span_that_ends_before_it_starts_is_refused(end: date) -> None:
    """Or on the day it starts: it would hold no day."""
    with pytest.raises(BadInput) as caught:
        Span(DAYS[1], end)
    assert f"a span must start before it ends, got 2020-01-02 to {end}" == caught.value.message
    assert "the end is the first day that no longer counts" == caught.value.remedy


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (
            Span(None, DAYS[2]),
            Span(DAYS[1], None),
            "'a' from the open end to 2020-01-03 overlaps 'b' from 2020-01-02 to the open end",
        ),
        (
            Span(DAYS[0], DAYS[2]),
            Span(DAYS[1], DAYS[3]),
            "'a' from 2020-01-01 to 2020-01-03 overlaps 'b' from 2020-01-02 to 2020-01-04",
        ),
    ],
    ids=["open", "closed"],
)
def test_overlapping_values_are_refused_with_both(first: Span, second: Span, message: str) -> None:
    """The message shows each with its days, the earlier one first."""
    with pytest.raises(BadInput) as caught:
        Timeline([(second, "b"), (first, "a")])
    assert message == caught.value.message
    assert "end the first span on the day the second starts" == caught.value.remedy


@given(st.lists(st.sampled_from(SPANS), max_size=3))
def test_a_timeline_finds_what_a_search_finds(spans: list[Span]) -> None:
    """On every day the one value whose span holds it, or a gap."""
    entries = [(span, index) for index, span in enumerate(spans)]
    clash = any(one.overlaps(other) for i, one in enumerate(spans) for other in spans[i + 1 :])
    if clash:
        with pytest.raises(BadInput):
            Timeline(entries)
        return
    timeline = Timeline(entries)
    for day in DAYS:
        assert next((value for span, value in entries if day in span), None) == timeline.on(day)
    assert frozenset().union(*(span.change_dates for span in spans)) == timeline.change_dates


class Birthday(date):
    """A subclass of `date`, as some libraries have."""


def test_a_subclass_of_date_is_a_day() -> None:
    """And is kept as a plain one."""
    day = checked_day(Birthday(2020, 1, 1), "as_of")
    assert (FIRST, date) == (day, type(day))


@pytest.mark.parametrize("value", ["2020-01-01", None, 20200101, True])
def test_anything_else_is_no_day(value: object) -> None:
    """The message shows the value and how to write a day."""
    with pytest.raises(BadInput) as caught:
        checked_day(value, "as_of")
    assert f"as_of must be a day (datetime.date), got {value!r}" == caught.value.message
    assert "write datetime.date(2026, 11, 23), or date.fromisoformat('2026-11-23') for text" == caught.value.remedy


def test_a_moment_is_no_day() -> None:
    """Which day it is depends on where one decides."""
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    with pytest.raises(BadInput) as caught:
        checked_day(moment, "as_of")
    assert "pass .date() of that moment in the time zone you decide by" == caught.value.remedy


def test_a_day_in_words_needs_no_locale() -> None:
    """Every month by its English name."""
    words = [day_in_words(date(2020, month, month)) for month in range(1, 13)]
    assert [
        *("1 January 2020", "2 February 2020", "3 March 2020", "4 April 2020", "5 May 2020", "6 June 2020"),
        *("7 July 2020", "8 August 2020", "9 September 2020", "10 October 2020", "11 November 2020"),
        "12 December 2020",
    ] == words


def test_a_timeline_shows_its_entries_in_order() -> None:
    """And nothing that is worked out from them."""
    later, earlier = (Span(DAYS[2], None), "b"), (Span(None, DAYS[2]), "a")
    assert f"Timeline(entries=({earlier!r}, {later!r}))" == repr(Timeline([later, earlier]))
