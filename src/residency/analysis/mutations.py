"""Mutations: a register without one of its rules, or with other ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from attrs import evolve, frozen

from ..model.conditions import All, Condition, Has, In, Is, Not, Unstated, single
from ..model.conditions import Any as AnyOf
from ..model.register import Register
from ..model.rows import CustomerRegion, Engagement, SubProcessor, activity_in_words, data_in_words
from ..model.timeline import ALWAYS, Span
from .evaluator import conditions_of

__all__ = ["Flip", "flips", "other_ids", "renamed"]

_NEVER = Span(end=date(1, 1, 2))


@frozen
class Flip:
    """A rule in words, what it rests on, and the register without it; `demanded` where only a demand can tell."""

    rule: str
    basis: tuple[str, ...]
    register: Register
    demanded: bool = False


def flips(register: Register) -> Iterator[Flip]:
    """One for each rule and fact: when the register speaks, where tenants are placed, who does what, and the rest."""
    earlier = evolve(register, speaks_from=register.speaks_from - timedelta(days=1))
    yield Flip(f"the register speaks from {register.speaks_from} on", register.basis, earlier)
    yield from _placement(register)
    yield from _regions(register)
    for who in register.processors:
        for number, each in enumerate(who.engagements):
            yield from _engagement(register, who, number, each)
        yield from _seats(register, who)
    yield from _others(register)


def _regions(register: Register) -> Iterator[Flip]:
    for number, region in enumerate(register.hosting_regions):
        for key, without, rule in (("places", None, "where"), ("span", ALWAYS, "on which days")):
            if getattr(region, key) != without:
                rows = _put(register.hosting_regions, number, evolve(region, **_one(key, without)))
                changed = evolve(register, hosting_regions=rows)
                yield Flip(f"{rule} hosting region {region.id} is", region.basis, changed, demanded=key == "places")


def _seats(register: Register, who: SubProcessor) -> Iterator[Flip]:
    for key, words in (("registered_in", who.id), ("parent_registered_in", f"the parent of {who.id}")):
        if getattr(who, key) is not None:
            changed = _processor(register, evolve(who, **_one(key, None)))
            yield Flip(f"{words} is registered in {getattr(who, key).text}", who.basis, changed, demanded=True)


def _others(register: Register) -> Iterator[Flip]:
    for number, each in enumerate(register.own_infrastructure):
        rows = _without(register.own_infrastructure, number)
        stores = each.activity == "hosting"
        does = "stores data itself" if stores else f"itself does {activity_in_words(each.activity)}"
        words = f"{register.vendor} {does} ({each.purpose})"
        yield Flip(words, each.basis, evolve(register, own_infrastructure=rows), demanded=not stores)
    whose = {"registered_in": register.vendor, "parent_registered_in": f"the parent of {register.vendor}"}
    for key, words in whose.items():
        place = getattr(register.seat, key)
        if place is not None:
            changed = evolve(register, seat=evolve(register.seat, **_one(key, None)))
            yield Flip(f"{words} is registered in {place.text}", register.seat.basis, changed, demanded=True)
    for number, closed in enumerate(register.closed):
        words = f"the list of {closed.of} for {closed.activity or 'whatever is done'} is closed"
        yield Flip(words, closed.basis, evolve(register, closed=_without(register.closed, number)), demanded=True)
    for number, exception in enumerate(register.exceptions):
        words = f"residency exception: {data_in_words(exception.data)}"
        rows = _without(register.exceptions, number)
        yield Flip(words, exception.basis, evolve(register, exceptions=rows), demanded=True)
    for number, tension in enumerate(register.tensions):
        if tension.resolution is not None:
            rows = _put(register.tensions, number, evolve(tension, resolution=None))
            words = f"{tension.id} is resolved as {tension.resolution}"
            yield Flip(words, tension.basis, evolve(register, tensions=rows))
    for number, rule in enumerate(register.prohibitions):
        rows = _without(register.prohibitions, number)
        yield Flip(f"house rule {rule.rule} forbids {rule.who}", (rule.rule,), evolve(register, prohibitions=rows))


def _placement(register: Register) -> Iterator[Flip]:
    rule = register.placement
    for key, words in (("agreed", "another region may be agreed"), ("agreed_when", "when a region may be agreed")):
        if getattr(rule, key) is not None:
            yield Flip(words, rule.agreed or (), evolve(register, placement=evolve(rule, **_one(key, None))))
    named = {each for when in conditions_of(register) for each in single(when)}
    for number, region in enumerate(register.customer_regions):
        rows = _without(register.customer_regions, number)
        if In("customer region", region.id) not in named:
            yield Flip(f"there is a customer region {region.id}", region.basis, evolve(register, customer_regions=rows))
        if region.home is not None:
            rows = _put(register.customer_regions, number, evolve(region, home=None))
            words = f"customers in {region.id} are at home in {region.home}"
            yield Flip(words, region.basis, evolve(register, customer_regions=rows))


def _engagement(register: Register, who: SubProcessor, number: int, each: Engagement) -> Iterator[Flip]:
    row = f"{who.id}, {activity_in_words(each.activity)} ({each.purpose})"
    row += f" in {each.region}" if each.region else ""

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


def other_ids(register: Register) -> Mapping[str, str]:
    """Another name for each id of a region, sub-processor, fact, data category or tension; they sort the other way."""
    declared = (each.id for each in register.declared)
    customers = (each.id for each in register.customer_regions)
    tensions = (each.id for each in register.tensions)
    ids = sorted({*register.regions, *register.sub_processors, *declared, *customers, *tensions}, reverse=True)
    return {name: f"{number:06d}" for number, name in enumerate(ids)}


def renamed(register: Register, names: Mapping[str, str]) -> Register:
    """The register with these names for its own."""
    rule = register.placement
    return evolve(
        register,
        placement=evolve(
            rule, region=_other(names, rule.region), agreed_when=_condition_or_none(names, rule.agreed_when)
        ),
        hosting_regions=tuple(evolve(each, id=names[each.id]) for each in register.hosting_regions),
        customer_regions=tuple(_customers(names, each) for each in register.customer_regions),
        processors=tuple(
            evolve(who, id=names[who.id], engagements=_engagements(names, who.engagements))
            for who in register.processors
        ),
        own_infrastructure=_engagements(names, register.own_infrastructure),
        exceptions=tuple(
            evolve(
                each,
                data=_other_ids(names, each.data),
                regions=_other_ids(names, each.regions),
                when=_condition_or_none(names, each.when),
            )
            for each in register.exceptions
        ),
        closed=tuple(
            evolve(each, data=_other_ids(names, each.data), regions=_other_ids(names, each.regions))
            for each in register.closed
        ),
        declared=tuple(evolve(each, id=names[each.id]) for each in register.declared),
        tensions=tuple(evolve(each, id=names[each.id]) for each in register.tensions),
        prohibitions=tuple(
            evolve(each, who=names[each.who], when=_condition_or_none(names, each.when))
            for each in register.prohibitions
        ),
    )


def _customers(names: Mapping[str, str], each: CustomerRegion) -> CustomerRegion:
    return evolve(each, id=names[each.id], home=_other(names, each.home))


def _engagements(names: Mapping[str, str], rows: tuple[Engagement, ...]) -> tuple[Engagement, ...]:
    return tuple(
        evolve(
            each,
            region=_other(names, each.region),
            data=_other_ids(names, each.data),
            when=_condition_or_none(names, each.when),
        )
        for each in rows
    )


def _other(names: Mapping[str, str], name: str | None) -> str | None:
    return None if name is None else names[name]


def _other_ids(names: Mapping[str, str], several: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if several is None else tuple(names[name] for name in several)


def _condition_or_none(names: Mapping[str, str], condition: Condition | None) -> Condition | None:
    return None if condition is None else _condition(names, condition)


def _condition(names: Mapping[str, str], condition: Condition) -> Condition:
    match condition:
        case Has() | Is() | In():
            return evolve(condition, name=names[condition.name])
        case Unstated():
            return condition
        case All(parts):
            return All(tuple(_condition(names, part) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_condition(names, part) for part in parts))
        case Not(part):
            return Not(_condition(names, part))
