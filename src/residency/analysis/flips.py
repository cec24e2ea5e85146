"""Every rule of a register, and the register as it would be without it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from attrs import evolve, frozen

from ..register import Engagement, Register, SubProcessor
from ..timeline import ALWAYS, Span

__all__ = ["Flip", "flips"]

_NEVER = Span(end=date(1, 1, 2))


@frozen
class Flip:
    """A rule in words, what it rests on, and the register without it; `demanded` where only a demand can tell."""

    rule: str
    basis: tuple[str, ...]
    register: Register
    demanded: bool = False


def flips(register: Register) -> Iterator[Flip]:
    """One for each rule and fact: first when the register speaks and where, then each row, in the order of the file."""
    earlier = evolve(register, speaks_from=register.speaks_from - timedelta(days=1))
    yield Flip(f"the register speaks from {register.speaks_from} on", register.basis, earlier)
    yield from _placement(register)
    for number, region in enumerate(register.hosting_regions):
        if region.places is not None:
            rows = _put(register.hosting_regions, number, evolve(region, places=None))
            words = f"hosting region {region.id} is within {', '.join(place.text for place in region.places)}"
            yield Flip(words, region.basis, evolve(register, hosting_regions=rows), demanded=True)
        if region.span != ALWAYS:
            rows = _put(register.hosting_regions, number, evolve(region, span=ALWAYS))
            yield Flip(f"the days of hosting region {region.id}", region.basis, evolve(register, hosting_regions=rows))
    for who in register.processors:
        for number, each in enumerate(who.engagements):
            yield from _engagement(register, who, number, each)
        for key in ("registered_in", "parent_registered_in"):
            if getattr(who, key) is not None:
                changed = _processor(register, evolve(who, **_one(key, None)))
                words = f"{who.id}{' has a parent' if key.startswith('parent') else ''} registered in {getattr(who, key).text}"
                yield Flip(words, who.basis, changed, demanded=True)
    for number, each in enumerate(register.own_infrastructure):
        rows = _without(register.own_infrastructure, number)
        words = f"{register.vendor} stores data itself ({each.purpose})"
        yield Flip(words, each.basis, evolve(register, own_infrastructure=rows))
    for number, exception in enumerate(register.exceptions):
        words = f"residency exception: {', '.join(exception.data or ('any data',))}"
        rows = _without(register.exceptions, number)
        yield Flip(words, exception.basis, evolve(register, exceptions=rows), demanded=True)
    for number, tension in enumerate(register.tensions):
        if tension.resolution is not None:
            rows = _put(register.tensions, number, evolve(tension, resolution=None))
            yield Flip(
                f"{tension.id} is resolved as {tension.resolution}", tension.basis, evolve(register, tensions=rows)
            )
    for number, rule in enumerate(register.prohibitions):
        rows = _without(register.prohibitions, number)
        yield Flip(f"house rule {rule.rule} forbids {rule.who}", (rule.rule,), evolve(register, prohibitions=rows))


def _placement(register: Register) -> Iterator[Flip]:
    rule = register.placement
    for key, words in (("agreed", "another region may be agreed"), ("agreed_when", "when a region may be agreed")):
        if getattr(rule, key) is not None:
            yield Flip(words, rule.agreed or (), evolve(register, placement=evolve(rule, **_one(key, None))))
    for number, region in enumerate(register.customer_regions):
        rows = _without(register.customer_regions, number)
        used = any(f"'customer region', name='{region.id}'" in repr(each.when) for each in register.engagements())
        if not used:
            yield Flip(f"there is a customer region {region.id}", region.basis, evolve(register, customer_regions=rows))
        if region.home is not None:
            rows = _put(register.customer_regions, number, evolve(region, home=None))
            words = f"customers in {region.id} are at home in {region.home}"
            yield Flip(words, region.basis, evolve(register, customer_regions=rows))


def _engagement(register: Register, who: SubProcessor, number: int, each: Engagement) -> Iterator[Flip]:
    row = f"{who.id}, {each.activity} ({each.purpose})" + (f" in {each.region}" if each.region else "")

    def without(**changes: Any) -> Register:
        return _processor(register, evolve(who, engagements=_put(who.engagements, number, evolve(each, **changes))))

    yield Flip(f"{row}: is listed", each.basis, without(span=_NEVER))
    if each.when is not None:
        yield Flip(f"{row}: its condition", each.only or each.basis, without(when=None))
    if each.span != ALWAYS:
        yield Flip(f"{row}: its days", each.basis, without(span=ALWAYS))
    if each.authorised is not None:
        yield Flip(f"{row}: when it is authorised", each.basis, without(authorised=None))
    if each.region is not None:
        yield Flip(f"{row}: its region", each.basis, without(region=None))
    if each.places is not None:
        yield Flip(f"{row}: its places", (*each.basis, *each.located_by), without(places=None), demanded=True)
    if each.data is not None:
        yield Flip(f"{row}: its data", each.basis, without(data=None), demanded=True)


def _processor(register: Register, changed: SubProcessor) -> Register:
    return evolve(register, processors=tuple(changed if who.id == changed.id else who for who in register.processors))


def _one(key: str, value: object) -> dict[str, Any]:
    return {key: value}


def _put(rows: tuple[Any, ...], number: int, row: object) -> tuple[Any, ...]:
    return (*rows[:number], row, *rows[number + 1 :])


def _without(rows: tuple[Any, ...], number: int) -> tuple[Any, ...]:
    return (*rows[:number], *rows[number + 1 :])
