"""Every tenant of a register, one by one, to loop over code of one's own: a test that needs no Hypothesis."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice, product
from math import prod

from ..errors import BadInput, quoted
from ..model.house_rules import HouseRules, under
from ..model.places import countries
from ..model.register import Register, check_register
from ..model.tenant import Tenant
from ..model.timeline import checked_day, counted
from .cells import Cell, CellView, cells_of
from .evaluator import CellEvaluator
from .universe import Choice, Demand, Space, Universe, tenant_with

__all__ = ["EveryTenant", "every_tenant"]

AT_MOST = 1_000_000
"""How many tenants are made, each day counted, unless more are asked for: some minutes of most people's own code."""
MOST_KINDS = 10_000
"""How many kinds of tenants who demand something are looked for: half a minute."""
_FACTS = ("features", "consents", "agreements", "switched_off", "attributes")


class EveryTenant:
    """Every tenant of a register, with each of its `days`, in one order, the plainest first; `len()` is exact."""

    def __init__(self, register: Register, days: tuple[date, ...] | None, restricted: bool, at_most: int) -> None:
        universe = Universe(register, days=days or (), demands=restricted)
        self.days = tuple(day for _, day in universe.spans) if days is None else days
        self._register, self._choices = register, universe.choices
        self._countries, self._agreed = sorted(countries()), (None, *register.regions)
        self._check_number(at_most)
        spaces = [space for space in universe.spaces if space.day in self.days] if restricted else []
        self._demanding = list(islice(_demanding(register, spaces), MOST_KINDS + 1))
        if len(self._demanding) > MOST_KINDS:
            remedy = "pass fewer days, or draw them: residency.strategies.tenants(register, restricted=True)"
            raise BadInput(f"more than {MOST_KINDS:,} kinds of tenants who demand something", remedy)

    def __repr__(self) -> str:
        return f"<every tenant of register {self._register.id!r}: {len(self):,} on {counted(len(self.days), 'day')}>"

    def __len__(self) -> int:
        return prod(number for number, _ in self._factors()) + len(self._demanding)

    def _factors(self) -> Iterator[tuple[int, str]]:
        """What multiplies to those who demand nothing."""
        yield len(self._countries), "countries"
        yield len(self._agreed), "agreed regions or none"
        for kind, number in Counter(kind for kind, _ in self._choices).items():
            states = prod(len(choices) for fact, choices in self._choices.items() if fact[0] == kind)
            yield states, f"states of {counted(number, kind)}"
        yield len(self.days), "day" if len(self.days) == 1 else "days"

    def _check_number(self, at_most: int) -> None:
        number = prod(number for number, _ in self._factors())
        if number > at_most:
            factors = " × ".join(f"{number:,} {what}" for number, what in self._factors())
            remedy = f"pass fewer days, or at_most={number:_} where your code is quick"
            raise BadInput(f"{number:,} tenants, each day counted, are more than {at_most:,}: {factors}", remedy)

    def __iter__(self) -> Iterator[tuple[Tenant, date]]:
        for states in product(*self._choices.values()):
            first = self._tenant(self._countries[0], None, states, Demand())
            facts = {name: getattr(first, name) for name in _FACTS}
            for agreed, country in product(self._agreed, self._countries):
                tenant = Tenant(country, agreed, **facts)
                for day in self.days:
                    yield tenant, day
        for cell in self._demanding:
            context, demand = next(cell.contexts), next(cell.demanded)
            states = tuple(cell.facts.get(fact, choices[0]) for fact, choices in self._choices.items())
            yield self._tenant(context.countries[0], context.agreed, states, demand), cell.space.day

    def _tenant(self, country: str, agreed: str | None, states: tuple[Choice, ...], demand: Demand) -> Tenant:
        facts = dict(zip(self._choices, states, strict=True))
        return tenant_with(self._register, country, agreed, facts, demand)


def _demanding(register: Register, spaces: Iterable[Space]) -> Iterator[Cell]:
    """The kinds of tenants that a verdict tells apart, but for kinds with somebody in them who demands nothing."""
    for space in spaces:
        evaluator = CellEvaluator(register, space, space.day)

        def verdicts(cell: Cell, evaluator: CellEvaluator = evaluator) -> tuple[str | None, ...]:
            view, names = CellView(cell), (*evaluator.regions, *evaluator.sub_processors)
            return evaluator.settled(view), *(evaluator.reason(name, view).verdict.value for name in names)

        yield from (cell for cell, _ in cells_of(Cell.whole(space), verdicts) if Demand() not in cell.demanded)


def every_tenant(
    register: Register,
    *,
    days: Iterable[date] | None = None,
    house_rules: HouseRules | None = None,
    restricted: bool = False,
    at_most: int = AT_MOST,
) -> EveryTenant:
    """Every tenant that `register` can be asked about, with each day on which answers change, to loop over.

    That is every country, each agreed region or none, each state of every feature, consent and agreement, each value of
    every attribute or none. The days are the first of each span in which no answer changes, and the one before the
    register speaks; or `days`. With `house_rules` they are those of the register under them.

    With `restricted` there are also tenants who demand something, a restriction on one place or an objection: one of
    each kind that some verdict tells apart, so that every combination of verdicts is among their decisions.
    (`residency.strategies.tenants` draws those who demand several things.)

    Raises `BadInput`, before the first is made, where there are more than `at_most`.

    >>> from residency import Resolver, load_register
    >>> register = load_register("example")
    >>> resolver, everybody = Resolver(register), every_tenant(register)
    >>> len(everybody), sum(resolver.resolve(tenant, as_of=day).region == "EU" for tenant, day in everybody)
    (4500, 1140)
    """
    check_register(register)
    if house_rules is not None:
        register = under(house_rules, register)
    return EveryTenant(register, None if days is None else _checked(days), restricted, at_most)


def _checked(days: Iterable[date]) -> tuple[date, ...]:
    """The days, sorted, each once; a loop over no day would find no fault in anything."""
    if isinstance(days, str) or not isinstance(days, Iterable):
        raise BadInput(f"expected several days, got {quoted(days)}", "write [date(2026, 11, 23)]")
    checked = {checked_day(day, "each of days") for day in days}
    if not checked:
        raise BadInput("expected at least one day, got none", "leave days out for those on which answers change")
    return tuple(sorted(checked))
