"""Mutations of a register: one without a single rule, for each of its rules, or one with other ids."""

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
from .paths import conditions_of

__all__ = ["Mutation", "mutations_of", "other_ids", "renamed"]

_NEVER = Span(end=date(1, 1, 2))


@frozen
class Mutation:
    """A register without one rule, with the rule in words and its basis; `demanded` where only a demand can tell."""

    rule: str
    basis: tuple[str, ...]
    register: Register
    demanded: bool = False


def mutations_of(register: Register) -> Iterator[Mutation]:
    """A mutation for each rule and fact: since when the register speaks, placement, who does what, and all others."""
    earlier = evolve(register, speaks_from=register.speaks_from - timedelta(days=1))
    yield Mutation(f"the register speaks from {register.speaks_from} on", register.basis, earlier)
    yield from _placement(register)
    yield from _regions(register)
    for sub_processor in register.sub_processor_rows:
        for number, engagement in enumerate(sub_processor.engagements):
            yield from _engagement(register, sub_processor, number, engagement)
        yield from _seats(register, sub_processor)
    yield from _others(register)


def _regions(register: Register) -> Iterator[Mutation]:
    for number, region in enumerate(register.hosting_regions):
        for key, without, rule in (("places", None, "where"), ("span", ALWAYS, "on which days")):
            if getattr(region, key) != without:
                rows = _put(register.hosting_regions, number, evolve(region, **_keyword(key, without)))
                changed = evolve(register, hosting_regions=rows)
                yield Mutation(f"{rule} hosting region {region.id} is", region.basis, changed, demanded=key == "places")


def _seats(register: Register, sub_processor: SubProcessor) -> Iterator[Mutation]:
    owners = {"registered_in": sub_processor.id, "parent_registered_in": f"the parent of {sub_processor.id}"}
    for key, words in owners.items():
        place = getattr(sub_processor, key)
        if place is not None:
            changed = _processor(register, evolve(sub_processor, **_keyword(key, None)))
            yield Mutation(f"{words} is registered in {place.text}", sub_processor.basis, changed, demanded=True)


def _others(register: Register) -> Iterator[Mutation]:
    for number, engagement in enumerate(register.own_infrastructure):
        rows = _without(register.own_infrastructure, number)
        stores = engagement.activity == "hosting"
        does = "stores data itself" if stores else f"itself does {activity_in_words(engagement.activity)}"
        words = f"{register.vendor} {does} ({engagement.purpose})"
        yield Mutation(words, engagement.basis, evolve(register, own_infrastructure=rows), demanded=not stores)
    owners = {"registered_in": register.vendor, "parent_registered_in": f"the parent of {register.vendor}"}
    for key, words in owners.items():
        place = getattr(register.seat, key)
        if place is not None:
            changed = evolve(register, seat=evolve(register.seat, **_keyword(key, None)))
            yield Mutation(f"{words} is registered in {place.text}", register.seat.basis, changed, demanded=True)
    for number, closed in enumerate(register.closed):
        words = f"the list of {closed.of} for {closed.activity or 'whatever is done'} is closed"
        yield Mutation(words, closed.basis, evolve(register, closed=_without(register.closed, number)), demanded=True)
    for number, exception in enumerate(register.exceptions):
        words = f"residency exception: {data_in_words(exception.data)}"
        rows = _without(register.exceptions, number)
        yield Mutation(words, exception.basis, evolve(register, exceptions=rows), demanded=True)
    for number, tension in enumerate(register.tensions):
        if tension.resolution is not None:
            rows = _put(register.tensions, number, evolve(tension, resolution=None))
            words = f"{tension.id} is resolved as {tension.resolution}"
            yield Mutation(words, tension.basis, evolve(register, tensions=rows))
    for number, rule in enumerate(register.prohibitions):
        rows = _without(register.prohibitions, number)
        yield Mutation(f"house rule {rule.rule} forbids {rule.who}", (rule.rule,), evolve(register, prohibitions=rows))


def _placement(register: Register) -> Iterator[Mutation]:
    rule = register.placement
    for key, words in (("agreed", "another region may be agreed"), ("agreed_when", "when a region may be agreed")):
        if getattr(rule, key) is not None:
            yield Mutation(words, rule.agreed or (), evolve(register, placement=evolve(rule, **_keyword(key, None))))
    named = {part for condition in conditions_of(register) for part in single(condition)}
    for number, region in enumerate(register.customer_regions):
        rows = _without(register.customer_regions, number)
        if In("customer region", region.id) not in named:
            words = f"there is a customer region {region.id}"
            yield Mutation(words, region.basis, evolve(register, customer_regions=rows))
        if region.home is not None:
            rows = _put(register.customer_regions, number, evolve(region, home=None))
            words = f"customers in {region.id} are at home in {region.home}"
            yield Mutation(words, region.basis, evolve(register, customer_regions=rows))


def _engagement(register: Register, sub_processor: SubProcessor, number: int, row: Engagement) -> Iterator[Mutation]:
    title = f"{sub_processor.id}, {activity_in_words(row.activity)} ({row.purpose})"
    title += f" in {row.region}" if row.region else ""

    def without(**changes: Any) -> Register:
        rows = _put(sub_processor.engagements, number, evolve(row, **changes))
        return _processor(register, evolve(sub_processor, engagements=rows))

    yield Mutation(f"{title}: is listed", row.basis, without(span=_NEVER))
    if row.when is not None:
        yield Mutation(f"{title}: its condition", row.only or row.basis, without(when=None))
    if row.span != ALWAYS:
        yield Mutation(f"{title}: its days", row.basis, without(span=ALWAYS))
    if row.authorised is not None:
        yield Mutation(f"{title}: when it is authorised", row.basis, without(authorised=None))
    if row.region is not None:
        yield Mutation(f"{title}: its region", row.basis, without(region=None))
    if row.places is not None:
        yield Mutation(f"{title}: its places", (*row.basis, *row.located_by), without(places=None), demanded=True)
    if row.data is not None:
        yield Mutation(f"{title}: its data", row.basis, without(data=None), demanded=True)


def _processor(register: Register, changed: SubProcessor) -> Register:
    return evolve(
        register,
        sub_processor_rows=tuple(changed if row.id == changed.id else row for row in register.sub_processor_rows),
    )


def _keyword(key: str, value: object) -> dict[str, Any]:
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
    """The register with its ids replaced by those that `names` maps them to."""
    rule = register.placement
    return evolve(
        register,
        placement=evolve(
            rule, region=_other_id(names, rule.region), agreed_when=_condition_or_none(names, rule.agreed_when)
        ),
        hosting_regions=tuple(evolve(region, id=names[region.id]) for region in register.hosting_regions),
        customer_regions=tuple(_customers(names, region) for region in register.customer_regions),
        sub_processor_rows=tuple(
            evolve(processor, id=names[processor.id], engagements=_engagements(names, processor.engagements))
            for processor in register.sub_processor_rows
        ),
        own_infrastructure=_engagements(names, register.own_infrastructure),
        exceptions=tuple(
            evolve(
                exception,
                data=_other_ids(names, exception.data),
                regions=_other_ids(names, exception.regions),
                when=_condition_or_none(names, exception.when),
            )
            for exception in register.exceptions
        ),
        closed=tuple(
            evolve(closed, data=_other_ids(names, closed.data), regions=_other_ids(names, closed.regions))
            for closed in register.closed
        ),
        declared=tuple(evolve(declared, id=names[declared.id]) for declared in register.declared),
        tensions=tuple(evolve(tension, id=names[tension.id]) for tension in register.tensions),
        prohibitions=tuple(
            evolve(prohibition, who=names[prohibition.who], when=_condition_or_none(names, prohibition.when))
            for prohibition in register.prohibitions
        ),
    )


def _customers(names: Mapping[str, str], region: CustomerRegion) -> CustomerRegion:
    return evolve(region, id=names[region.id], home=_other_id(names, region.home))


def _engagements(names: Mapping[str, str], rows: tuple[Engagement, ...]) -> tuple[Engagement, ...]:
    return tuple(
        evolve(
            row,
            region=_other_id(names, row.region),
            data=_other_ids(names, row.data),
            when=_condition_or_none(names, row.when),
        )
        for row in rows
    )


def _other_id(names: Mapping[str, str], name: str | None) -> str | None:
    return None if name is None else names[name]


def _other_ids(names: Mapping[str, str], ids: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if ids is None else tuple(names[name] for name in ids)


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
