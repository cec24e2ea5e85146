"""Countries and days in words, as findings and ranges print them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..model.timeline import Span

__all__ = ["briefly_listed", "days_in_words", "listed_countries"]

_SHOWN = 8
"""How many countries are listed; a longer list is cut there and counted."""


def listed_countries(countries: Sequence[str]) -> str:
    """Countries by their codes; of a long list the first few, and how many it has."""
    listed = briefly_listed(countries)
    return listed if len(countries) <= _SHOWN else f"{listed} ({', '.join(countries[:_SHOWN])} …)"


def briefly_listed(countries: Sequence[str]) -> str:
    """Countries by their codes; of a long list how many it has."""
    return ", ".join(countries) if len(countries) <= _SHOWN else f"{len(countries)} countries"


def days_in_words(spans: Iterable[Span]) -> str:
    """Spans of days in words, in their order; a span that begins where the last one ends is joined to it."""
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
