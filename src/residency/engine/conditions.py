"""Conditions evaluated for one tenant on one day: the facts that they are about, and the reasons that come out."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from typing import TypeVar

from attrs import evolve, field, frozen

from ..model.conditions import All, Any, Condition, Has, In, Is, Located, Not, Unstated
from ..model.register import Labels, Register
from ..model.tenant import Tenant
from ..model.verdict import Verdict
from ..result.reason import Reason, all_of, any_of, leaf, negated

__all__ = ["Fact", "Facts", "Lazy", "Names", "Value", "evaluate", "known_facts"]

K = TypeVar("K")
V = TypeVar("V")
Fact = tuple[str, str]
"""A kind (`"feature"`, `"consent"`, `"agreement"`, `"attribute"`, `"tension"`) and a name."""
Combine = Callable[[Iterator[Reason]], Reason]
Value = tuple[str | None, tuple[str, ...]]
"""A value (`None`: unknown, or not resolved), and what that rests on."""


class Names(AbstractSet[str]):
    """Set of those of some names that hold; each is looked up when it is asked about."""

    def __init__(self, names: Iterable[str], holds: Callable[[str], bool]) -> None:
        self._names, self._holds = dict.fromkeys(names), holds

    @classmethod
    def _from_iterable(cls, names: Iterable[str]) -> AbstractSet[str]:  # type: ignore[override]
        return frozenset(names)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._names and self._holds(name)

    def __iter__(self) -> Iterator[str]:
        return filter(self._holds, self._names)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Lazy(Mapping[K, V]):
    """Mapping whose values are worked out each time they are looked up."""

    def __init__(self, keys: Iterable[K], of: Callable[[K], V]) -> None:
        self._keys, self._of = dict.fromkeys(keys), of

    def __getitem__(self, key: K) -> V:
        return self._of(key)

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[K]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


@frozen
class Facts:
    """Facts on which conditions are evaluated, for one tenant on one day.

    `having` are the names of each kind that hold, complete: a name not in it does not hold. `values` holds each
    attribute and tension with its value. `located` are, for the customer regions and for the hosting regions, the
    reasons for each; `labels` are what messages call features, consents and agreements.
    """

    having: Mapping[str, Container[str]]
    values: Mapping[Fact, Value]
    located: Mapping[Located, Mapping[str, Reason]]
    labels: Labels = field(factory=dict, eq=False, repr=False)

    @classmethod
    def lazy(
        cls,
        register: Register,
        has: Callable[[str, str], bool],
        attribute: Callable[[str], str | None],
        located: Mapping[Located, Mapping[str, Reason]],
    ) -> Facts:
        """Facts that are looked up when a condition reads them: `has` by kind and name, `attribute` by name."""
        named = {"feature": register.features, "consent": register.consents, "agreement": register.agreements}
        fixed = register.resolutions
        valued = [*fixed, *(("attribute", name) for name in register.attributes)]
        return cls(
            having={kind: Names(names, partial(has, kind)) for kind, names in named.items()},
            values=Lazy(valued, lambda key: fixed[key] if key in fixed else (attribute(key[1]), ())),
            located=located,
            labels=register.labels,
        )

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


def evaluate(condition: Condition, facts: Facts, every: Combine = all_of, some: Combine = any_of) -> Reason:
    """Whether the condition holds, as a reason; a condition on something unknown is UNDETERMINED.

    `every` and `some` combine the parts of *all* and *any*, each of which is evaluated in its turn.
    """
    match condition:
        case Has(kind, name):
            holds, fails = _HAVING[kind]
            has = name in facts.having[kind]
            verdict, code = (Verdict.PERMITTED, holds) if has else (Verdict.PROHIBITED, fails)
            return leaf(verdict, code, (), facts.labels, name=name)
        case Is(kind, name, values):
            return _valued(kind, name, values, facts)
        case In(kind, name):
            return facts.located[kind][name]
        case Unstated(says):
            return leaf(Verdict.UNDETERMINED, "condition.not-stated", says=says)
        case All(parts):
            return every(evaluate(part, facts, every, some) for part in parts)
        case Any(parts):
            return some(evaluate(part, facts, every, some) for part in parts)
        case Not(part):
            return negated(evaluate(part, facts, every, some))


def _valued(kind: str, name: str, values: tuple[str, ...], facts: Facts) -> Reason:
    """Whether the attribute or tension has one of the values; UNDETERMINED where its value is unknown or open."""
    matches, differs, unknown = _VALUED[kind]
    value, basis = facts.values[kind, name]
    if value is None:
        return leaf(Verdict.UNDETERMINED, unknown, basis, name=name, values=values)
    verdict, code = (Verdict.PERMITTED, matches) if value in values else (Verdict.PROHIBITED, differs)
    return leaf(verdict, code, basis, name=name, values=values)


def known_facts(register: Register, tenant: Tenant, customers: Mapping[str, Reason]) -> Facts:
    """The facts of a tenant without placement: of regions, only the reasons for each customer region."""
    attributes = dict(tenant.attributes)
    values: dict[Fact, Value] = {("attribute", name): (attributes.get(name), ()) for name in register.attributes}
    values |= register.resolutions
    having = {
        "feature": register.features_on(tenant.features, tenant.switched_off),
        "consent": tenant.consents,
        "agreement": tenant.agreements,
    }
    return Facts(having, values, {"customer region": customers}, register.labels)
