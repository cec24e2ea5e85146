"""Conditions of one tenant on one day: the facts that they are evaluated on, and what holds, as reasons."""

from __future__ import annotations

from collections.abc import Container, Mapping

from attrs import evolve, frozen

from ..model.conditions import All, Any, Condition, Has, In, Is, Located, Not, Unstated
from ..model.register import Register
from ..model.tenant import Tenant
from ..model.verdict import Verdict
from ..result.reason import Reason, all_of, any_of, leaf, negated

__all__ = ["Facts", "evaluate", "known_facts"]


@frozen
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


def known_facts(register: Register, tenant: Tenant, customers: Mapping[str, Reason]) -> Facts:
    """What conditions are evaluated on, where the tenant's customer region is known and nothing else of its place."""
    attributes = dict(tenant.attributes)
    values: dict[tuple[str, str], tuple[str | None, tuple[str, ...]]] = {
        ("attribute", name): (attributes.get(name), ()) for name in register.attributes
    }
    for tension in register.tensions:
        sides = tuple(name for _, basis in tension.sides for name in basis)
        values["tension", tension.id] = (tension.resolution, (*tension.basis, *sides))
    having = {
        "feature": register.features_on(tenant.features, tenant.switched_off),
        "consent": tenant.consents,
        "agreement": tenant.agreements,
    }
    return Facts(having, values, {"customer region": customers})
