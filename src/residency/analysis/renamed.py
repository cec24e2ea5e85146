"""A register with other ids: what a name is must decide nothing."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from ..model.conditions import All, Any, Condition, Has, In, Is, Not, Unstated
from ..model.register import CustomerRegion, Engagement, Register

__all__ = ["other_ids", "renamed"]


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
                data=_others(names, each.data),
                regions=_others(names, each.regions),
                when=_condition_or_none(names, each.when),
            )
            for each in register.exceptions
        ),
        closed=tuple(
            evolve(each, data=_others(names, each.data), regions=_others(names, each.regions))
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
            data=_others(names, each.data),
            when=_condition_or_none(names, each.when),
        )
        for each in rows
    )


def _other(names: Mapping[str, str], name: str | None) -> str | None:
    return None if name is None else names[name]


def _others(names: Mapping[str, str], several: tuple[str, ...] | None) -> tuple[str, ...] | None:
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
        case Any(parts):
            return Any(tuple(_condition(names, part) for part in parts))
        case Not(part):
            return Not(_condition(names, part))
