"""Conditions on a tenant: a closed set of values, evaluated to reasons. No callables, so that they stay analysable."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Literal

from attrs import evolve

from ..result.reason import Reason, all_of, any_of, leaf, negated
from ..value import value
from .verdict import Verdict

__all__ = [
    "All",
    "Any",
    "Condition",
    "Facts",
    "Has",
    "Having",
    "In",
    "Is",
    "Located",
    "Not",
    "Unstated",
    "Valued",
    "evaluate",
    "levels",
    "single",
]

Having = Literal["feature", "consent", "agreement"]
Valued = Literal["attribute", "tension"]
Located = Literal["customer region", "hosting region"]


@value
class Has:
    """The tenant has the feature, consent or agreement `name`."""

    kind: Having
    name: str


@value
class Is:
    """The tenant's attribute, or the resolution of a tension, is one of `values`."""

    kind: Valued
    name: str
    values: tuple[str, ...]


@value
class In:
    """The tenant's country is in the customer region, or its data is settled in the hosting region, `name`."""

    kind: Located
    name: str


@value
class Unstated:
    """What the documents do not say, and the row hangs on: never known, for nobody."""

    says: str


@value
class All:
    """All of them hold."""

    parts: tuple[Condition, ...]


@value
class Any:
    """At least one of them holds."""

    parts: tuple[Condition, ...]


@value
class Not:
    """It does not hold."""

    part: Condition


Condition = Has | Is | In | Unstated | All | Any | Not


@value
class Facts:
    """What conditions are evaluated on, for one tenant on one day.

    `having` are the names of each kind that hold, complete: a name not in it does not hold. `values` holds each
    attribute and tension with its value (`None`: unknown, or not resolved) and what that rests on. `located` are, for
    the customer regions and for the hosting regions, the reasons for each.
    """

    having: Mapping[str, Container[str]]
    values: Mapping[tuple[str, str], tuple[str | None, tuple[str, ...]]]
    located: Mapping[Located, Mapping[str, Reason]]

    def where(self, kind: Located, reasons: Mapping[str, Reason]) -> Facts:
        """The same, with these reasons for each region of that kind."""
        return evolve(self, located={**self.located, kind: reasons})


_HAVING = {
    "feature": ("feature.on", "feature.off"),
    "consent": ("consent.given", "consent.not-given"),
    "agreement": ("agreement.exists", "agreement.none"),
}
_VALUED = {
    "attribute": ("attribute.is", "attribute.is-not", "attribute.unknown"),
    "tension": ("tension.is", "tension.is-not", "tension.open"),
}


def evaluate(condition: Condition, facts: Facts) -> Reason:
    """Whether the condition holds, as a reason; a condition on something unknown is UNDETERMINED."""
    match condition:
        case Has(kind, name):
            holds, fails = _HAVING[kind]
            given = name in facts.having[kind]
            return leaf(Verdict.PERMITTED if given else Verdict.PROHIBITED, holds if given else fails, name=name)
        case Is(kind, name, values):
            return _valued(kind, name, values, facts)
        case In(kind, name):
            return facts.located[kind][name]
        case Unstated(says):
            return leaf(Verdict.UNDETERMINED, "condition.not-stated", says=says)
        case All(parts):
            return all_of(evaluate(part, facts) for part in parts)
        case Any(parts):
            return any_of(evaluate(part, facts) for part in parts)
        case Not(part):
            return negated(evaluate(part, facts))


def _valued(kind: str, name: str, values: tuple[str, ...], facts: Facts) -> Reason:
    matches, differs, unknown = _VALUED[kind]
    wanted = " or ".join(values)
    value, basis = facts.values[kind, name]
    if value is None:
        return leaf(Verdict.UNDETERMINED, unknown, basis, name=name, values=wanted)
    verdict, code = (Verdict.PERMITTED, matches) if value in values else (Verdict.PROHIBITED, differs)
    return leaf(verdict, code, basis, name=name, values=wanted)


def single(condition: Condition) -> Iterator[Condition]:
    """The single conditions that a condition is made of."""
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from single(part)
        case Not():
            yield from single(condition.part)
        case _:
            yield condition


def levels(condition: Condition) -> int:
    """How many conditions stand within one another, the whole and a single one included."""
    match condition:
        case All(parts) | Any(parts):
            return 1 + max(map(levels, parts), default=0)
        case Not():
            return 1 + levels(condition.part)
        case _:
            return 1
