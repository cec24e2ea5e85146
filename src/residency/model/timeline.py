"""Days and spans of days `[start, end)`; values that hold for a span."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from itertools import pairwise
from typing import Generic, TypeVar

from attrs import field, frozen

from ..errors import BadInput

__all__ = [
    "ALWAYS",
    "Span",
    "Timeline",
    "checked_day",
    "counted",
    "day_in_words",
    "day_of_words",
    "time_between",
    "years_between",
]

T = TypeVar("T")

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def checked_day(value: object, what: str) -> date:
    """`value` as a plain day; a moment (`datetime`) or anything else is refused, `what` names it in the message."""
    if type(value) is date:
        return value
    if isinstance(value, datetime):
        raise BadInput(
            f"{what} must be a day (datetime.date), got the moment {value!r}",
            "pass .date() of that moment in the time zone you decide by",
        )
    if not isinstance(value, date) or not issubclass(type(value), date):  # a mock passes isinstance
        raise BadInput(
            f"{what} must be a day (datetime.date), got {value!r}",
            "write datetime.date(2026, 11, 23), or date.fromisoformat('2026-11-23') for text",
        )
    return date(value.year, value.month, value.day)


def day_in_words(day: date) -> str:
    """The day as a person writes it, whatever the locale.

    >>> day_in_words(date(2019, 10, 28))
    '28 October 2019'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def day_of_words(words: str) -> date | None:
    """The day that `day_in_words` wrote; None where it wrote no such words.

    >>> day_of_words("28 October 2019")
    datetime.date(2019, 10, 28)
    """
    match words.split(" "):
        case [day, month, year] if month in _MONTHS and day.isdecimal() and year.isdecimal():
            with suppress(ValueError):  # there is no such day
                found = date(int(year), _MONTHS.index(month) + 1, int(day))
                return found if day_in_words(found) == words else None
    return None


@frozen
class Span:
    """The days from `start` up to, not including, `end`; `None` leaves that side open.

    >>> date(2020, 1, 31) in Span(None, date(2020, 1, 31))
    False
    """

    start: date | None = None
    end: date | None = None

    def __attrs_post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise BadInput(
                f"a span must start before it ends, got {self.start} to {self.end}",
                "the end is the first day that no longer counts",
            )

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def overlaps(self, other: Span) -> bool:
        """Whether some day is in both."""
        return (self.start is None or other.end is None or self.start < other.end) and (
            other.start is None or self.end is None or other.start < self.end
        )

    @property
    def change_dates(self) -> frozenset[date]:
        """The days on which it begins to hold and ceases to."""
        return frozenset(day for day in (self.start, self.end) if day is not None)


ALWAYS = Span()


def _in_order(entries: Iterable[tuple[Span, T]]) -> tuple[tuple[Span, T], ...]:
    return tuple(sorted(entries, key=lambda entry: entry[0].start or date.min))


@frozen
class Timeline(Generic[T]):
    """Values by span: on each day one value, or a gap (`None`). Overlapping spans are an error."""

    entries: tuple[tuple[Span, T], ...] = field(converter=_in_order)
    _starts: tuple[date, ...] = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        for (first, value), (second, next_value) in pairwise(self.entries):
            if first.overlaps(second):
                raise BadInput(
                    f"{value!r} from {_edge(first.start)} to {_edge(first.end)} overlaps"
                    f" {next_value!r} from {_edge(second.start)} to {_edge(second.end)}",
                    "end the first span on the day the second starts",
                )
        object.__setattr__(self, "_starts", tuple(span.start or date.min for span, _ in self.entries))

    def on(self, day: date) -> T | None:
        """The value on `day`, or `None` in a gap."""
        index = bisect_right(self._starts, day) - 1
        if index < 0:
            return None
        span, value = self.entries[index]
        return value if day in span else None

    @property
    def change_dates(self) -> frozenset[date]:
        """The days on which the value may change."""
        return frozenset().union(*(span.change_dates for span, _ in self.entries))


def time_between(start: date, end: date) -> str:
    """The time from one day to a later one in words: whole years, of less than one whole months, else days."""
    years, months = divmod(_months_between(start, end), 12)
    if years or months:
        return counted(years, "year") if years else counted(months, "month")
    return counted((end - start).days, "day")


def years_between(start: date, end: date) -> int:
    """The whole years from one day to a later one."""
    return _months_between(start, end) // 12


def _months_between(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def counted(number: int, unit: str) -> str:
    """So many of a unit, in words: "1 day", "2 days"."""
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _edge(day: date | None) -> str:
    return "the open end" if day is None else day.isoformat()
