"""Countries and days as findings and ranges say them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..model.timeline import Span

__all__ = ["days_in_words", "listed_countries"]

_SHOWN = 8
"""How many countries are named before it is said how many there are."""


def listed_countries(countries: Sequence[str]) -> str:
    """Countries by their codes; of many the first, and how many there are."""
    if len(countries) <= _SHOWN:
        return ", ".join(countries)
    return f"{len(countries)} countries ({', '.join(countries[:_SHOWN])} …)"


def days_in_words(spans: Iterable[Span]) -> str:
    """The days of spans in their order, those that follow one another together."""
    joined: list[Span] = []
    for span in spans:
        if joined and joined[-1].end is not None and joined[-1].end == span.start:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return ", ".join(map(_days, joined))


def _days(span: Span) -> str:
    start, end = span.start, span.end
    if start is None:
        return "on all days" if end is None else f"before {end}"
    return f"from {start} on" if end is None else f"from {start} until before {end}"
