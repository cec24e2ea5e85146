"""Conditions on a tenant: a closed set of values, no callables, so that they stay analysable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from attrs import frozen

__all__ = [
    "All",
    "Any",
    "Condition",
    "Has",
    "Having",
    "In",
    "Is",
    "Located",
    "Not",
    "Unstated",
    "Valued",
    "levels",
    "single",
]

Having = Literal["feature", "consent", "agreement"]
Valued = Literal["attribute", "tension"]
Located = Literal["customer region", "hosting region"]


@frozen
class Has:
    """The tenant has the feature, consent or agreement `name`."""

    kind: Having
    name: str


@frozen
class Is:
    """The tenant's attribute, or the resolution of a tension, is one of `values`."""

    kind: Valued
    name: str
    values: tuple[str, ...]


@frozen
class In:
    """The tenant's country is in the customer region `name`, or its data is settled in the hosting region `name`."""

    kind: Located
    name: str


@frozen
class Unstated:
    """Something that the documents do not say and a row depends on: UNDETERMINED for every tenant."""

    says: str


@frozen
class All:
    """Conjunction: all of the parts hold."""

    parts: tuple[Condition, ...]


@frozen
class Any:
    """Disjunction: at least one of the parts holds."""

    parts: tuple[Condition, ...]


@frozen
class Not:
    """Negation: the part does not hold."""

    part: Condition


Condition = Has | Is | In | Unstated | All | Any | Not


def single(condition: Condition) -> Iterator[Condition]:
    """The single conditions that a condition is made of: what `All`, `Any` and `Not` combine."""
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from single(part)
        case Not():
            yield from single(condition.part)
        case _:
            yield condition


def levels(condition: Condition) -> int:
    """Depth of nesting: how many conditions stand within one another; a single condition has one level."""
    match condition:
        case All(parts) | Any(parts):
            return 1 + max(map(levels, parts), default=0)
        case Not():
            return 1 + levels(condition.part)
        case _:
            return 1
