"""What a permission does not say: where, on what a transfer rests."""

from __future__ import annotations

from collections.abc import Iterator

from ..model.places import Place
from ..model.register import UNSTATED_ACTIVITY, Engagement
from ..result.reason import Note, note

__all__ = ["activity_in_words", "data_in_words", "engagement_limits", "places_in_words"]


def engagement_limits(each: Engagement) -> Iterator[Note]:
    """What a permission of the engagement does not say."""
    about = {"activity": activity_in_words(each.activity), "purpose": each.purpose}
    if each.places is not None:
        basis = dict.fromkeys((*each.basis, *each.located_by))
        code = "limit.places" if any(place.everywhere for place in each.places) else "limit.place"
        yield note(code, basis, places=places_in_words(each.places), **about)
    elif each.region is not None:
        yield note("limit.region-only", each.basis, region=each.region, **about)
    else:
        yield note("limit.place-not-stated", each.basis, **about)
    if each.safeguards:
        grounds = dict.fromkeys(name for safeguard in each.safeguards for name in safeguard.basis)
        told = (
            f"{safeguard.mechanism} ({safeguard.says})" if safeguard.says else safeguard.mechanism
            for safeguard in each.safeguards
        )
        yield note("limit.safeguards", grounds, mechanisms=", then ".join(told), **about)


def activity_in_words(activity: str) -> str:
    """The activity, or that it is not stated."""
    return "an activity that is not stated" if activity == UNSTATED_ACTIVITY else activity


def data_in_words(data: tuple[str, ...] | None) -> str:
    """The data categories, or that they are not named."""
    return "data that is not named" if data is None else ", ".join(data)


def places_in_words(places: tuple[Place, ...] | None) -> str:
    """The places, all of them used, or that none is stated."""
    return "where is not stated" if places is None else ", ".join(place.text for place in places)
