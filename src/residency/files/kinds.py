"""Kinds of values that a key may hold beside texts, days, lists and tables; `strict` says how each is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from ..model.places import EVERYWHERE, WORLDWIDE

__all__ = [
    "AS_THE_REGION",
    "EVERYONE_ELSE",
    "LIST_OR_WORDS",
    "NOT_STATED",
    "ClaimedPlaces",
    "Customers",
    "DayOrNotStated",
    "EngagementPlaces",
    "Places",
    "Values",
]

Places = Annotated[tuple[str, ...] | str, "places"]
"""A list of places, or one of the words `"worldwide"`, `"everywhere"`."""
EngagementPlaces = Annotated[tuple[str, ...] | str, "places of an engagement"]
"""A list of places, or one of the words `"worldwide"`, `"everywhere"`, `"as the region"`."""
ClaimedPlaces = Annotated[tuple[str, ...] | str, "places that are claimed"]
"""A list of places, or one of the words `"worldwide"`, `"everywhere"`, `"not stated"`."""
Customers = Annotated[tuple[str, ...] | str, "customers"]
"""A list of places, or the words `"everyone else"`."""
Values = Annotated[tuple[str, ...], "values"]
"""One value, or a list of values; a tuple either way."""

DayOrNotStated = Annotated[date | str, "day or not stated"]
"""A day, or the words `"not stated"`."""

AS_THE_REGION = "as the region"
EVERYONE_ELSE = "everyone else"
NOT_STATED = "not stated"
LIST_OR_WORDS: Mapping[Any, tuple[str, ...]] = {
    Places: (WORLDWIDE, EVERYWHERE),
    EngagementPlaces: (WORLDWIDE, EVERYWHERE, AS_THE_REGION),
    ClaimedPlaces: (WORLDWIDE, EVERYWHERE, NOT_STATED),
    Customers: (EVERYONE_ELSE,),
}
"""What may be written instead of a list of texts."""
