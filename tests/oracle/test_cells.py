"""Proofs look at kinds of tenants, not at tenants: here every tenant is looked at, and is answered as its kind was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice, product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oracle import liveagent as naive
from oracle import made_up
from residency import Register, Tenant, decide, load_register
from residency.analysis.cells import Cell, CellView, cells_of
from residency.analysis.evaluator import CellEvaluator
from residency.analysis.universe import Space, Universe, tenant_with
from residency.files import register_of
from residency.model.places import countries
from support import ISO_COUNTRIES, REGISTER, RESOLVER

pytestmark = pytest.mark.slow

ACME = load_register(Path(__file__).parents[1] / "cases" / "base" / "register.toml")


def names(register: Register) -> tuple[str, ...]:
    """Everything that is answered."""
    return (*register.regions, *register.sub_processors)


def kinds(asked: CellEvaluator, space: Space, name: str) -> list[tuple[Cell, str]]:
    """The kinds of tenants for one question, with the verdict of each."""
    return [
        (cell, reason.verdict.value)
        for cell, reason in cells_of(Cell.whole(space), lambda c: asked.reason(name, CellView(c)))
    ]


def every(cell: Cell) -> Iterator[tuple[Any, ...]]:
    """Each tenant of a cell as (country, agreed, facts, demand)."""
    open_ = {fact: choices for fact, choices in cell.space.choices.items() if fact not in cell.facts}
    demands = [each for demand in cell.demanded for each in demand.unfolded()]
    for context in cell.contexts:
        for country, chosen, demand in product(context.countries, product(*open_.values()), demands):
            yield country, context.agreed, {**cell.facts, **dict(zip(open_, chosen, strict=True))}, demand


def test_every_tenant_that_demands_nothing_is_answered_as_its_kind_is() -> None:
    """Of the bundled register: each country, agreement and fact, in each span; and each is in one kind and no more."""
    for space in Universe(REGISTER, demands=False).spaces:
        asked, told = CellEvaluator(REGISTER, space, space.day), dict[Tenant, dict[str, str]]()
        for name in names(REGISTER):
            for cell, verdict in kinds(asked, space, name):
                for country, agreed, facts, demand in every(cell):
                    verdicts = told.setdefault(tenant_with(REGISTER, country, agreed, facts, demand), {})
                    assert name not in verdicts
                    verdicts[name] = verdict
        assert space.size == len(told)
        for tenant, verdicts in told.items():
            decision = RESOLVER.resolve(tenant, as_of=space.day)
            assert verdicts == {name: decision.answer(name).verdict.value for name in names(REGISTER)}


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("register", [REGISTER, ACME], ids=lambda register: register.id)
def test_tenants_that_demand_something_are_answered_as_their_kind_is(register: Register, whole: bool) -> None:
    """Drawn from every kind, the last of those that it folds among them; their engagements too."""
    random = Random(1)
    for space in Universe(register).spaces[-2:]:
        asked = CellEvaluator(register, space, space.day, whole=whole)
        compare_some(register, space, asked, random, 60)


def compare_some(register: Register, space: Space, asked: CellEvaluator, random: Random, most: int) -> None:
    """Of each question a tenant of so many kinds; and that the kinds together are everybody."""
    for name in names(register):
        found = kinds(asked, space, name)
        assert space.size == sum(cell.size for cell, _ in found)
        for cell, verdict in random.sample(found, min(most, len(found))):
            compare(register, cell, asked, name, verdict, random)


def compare(register: Register, cell: Cell, asked: CellEvaluator, name: str, verdict: str, random: Random) -> None:
    """One tenant of the cell, drawn."""
    context, demand = random.choice(list(cell.contexts)), random.choice(list(cell.demanded))
    chosen = {fact: cell.facts.get(fact, random.choice(choices)) for fact, choices in cell.space.choices.items()}
    tenant = tenant_with(register, context.countries[-1], context.agreed, chosen, demand.unfolded()[-1])
    decision = decide(register, tenant, as_of=cell.space.day)
    assert verdict == decision.answer(name).verdict.value, (name, tenant)
    if name not in register.regions:
        who = register.sub_processor(name)
        where, demanded = cell.space.contexts.index(context), cell.space.demands.index(demand)
        alone = CellView(Cell(cell.space, (where,), (demanded,), chosen))
        told = [asked.engagement(who, each, alone).verdict for each in who.engagements]
        assert told == [each.verdict for each in decision.answer(name).engagements], tenant


@settings(deadline=None, max_examples=8, suppress_health_check=list(HealthCheck))
@given(made_up.registers(), st.randoms(use_true_random=False))
def test_in_any_register_tenants_are_answered_as_their_kind_is(content: dict[str, Any], random: Random) -> None:
    """Whatever rows it has."""
    register = register_of(content, "made up")
    spaces = Universe(register).spaces
    for space in random.sample(spaces, 1):
        asked = CellEvaluator(register, space, space.day)
        compare_some(register, space, asked, random, 12)


def test_the_fold_of_countries_is_the_one_that_every_country_and_day_gives() -> None:
    """For the bundled register: every country on every day around a change, asked one by one of the naive oracle."""
    universe = Universe(REGISTER, demands=False)
    edges = {day + timedelta(days=shift) for day in REGISTER.change_dates for shift in range(-3, 4) if day.year > 2018}
    for day in sorted(edges | {date(2019, 12, 1), date(2026, 11, 23)}):
        alone: dict[object, list[str]] = {}
        for country in ISO_COUNTRIES:
            told = naive.expected(country, None, True, True, day), naive.expected(country, "EU", True, True, day)
            alone.setdefault(repr(told), []).append(country)
        if day >= REGISTER.speaks_from:
            folded = [tuple(c for c in group if c != "XK") for group in universe.customers(day)]
            one_each = {tuple(group) for group in alone.values()}
            assert all(any(set(group) <= set(one) for one in one_each) for group in folded)
            assert len(one_each) == len(folded)


def test_the_size_of_the_universe_is_the_number_of_its_points() -> None:
    """Counted one by one where nobody demands anything; by its factors where one does."""
    universe = Universe(REGISTER, demands=False)
    points = list(universe)
    assert len(universe) == len(points) == len(set(points)) == 250 * 5 * 2 * 2 * 2 * len(universe.spans)
    places = 250 + len(REGISTER.groups) + 1
    demands = 1 + len(REGISTER.sub_processors) + 3 * places * (1 + 6 + 0)
    whole = Universe(REGISTER)
    assert len(whole) == len(whole.spans) * 250 * 5 * 8 * demands
    assert all(sum(each.size for each in space.demands) == demands for space in whole.spaces)


def test_every_point_can_be_asked_about() -> None:
    """And the days are those of the spans."""
    for tenant, day in islice(Universe(ACME), 0, 60_000, 997):
        assert isinstance(tenant, Tenant)
        assert day == decide(ACME, tenant, as_of=day).as_of
    assert countries() == {country for context in Universe(ACME).spaces[0].contexts for country in context.countries}
    assert RESOLVER.register == REGISTER
