"""Whatever a file holds becomes a value that can be asked, or `BadFile`; what was stored, a decision or `BadInput`."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from residency import BadFile, BadInput, Decision, Restriction, Tenant, decide, load_register
from residency.files import house_rules_of, register_of, tenants_of
from support import REGISTER, TODAY

pytestmark = pytest.mark.slow

BASE = Path(__file__).parents[1] / "cases" / "base"
ACME = load_register(BASE / "register.toml")
CONTENT = {
    name: tomllib.loads((BASE / f"{name}.toml").read_text("utf-8")) for name in ("register", "house-rules", "tenants")
}
STORED = decide(
    REGISTER,
    Tenant("BG", "US", {"voip"}, restrictions={Restriction(within={"EEA"})}, objections={"aws"}),
    as_of=TODAY,
).to_dict()

calm = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
odd = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 2),
    st.floats(allow_nan=True),
    st.sampled_from(
        ["", " ", "EU", "US", "UK", "mail", "store", "R1", "1", "worldwide", "as the region", "everyone else"]
    ),
    st.sampled_from([date(2024, 1, 1), date.min, date.max, datetime(2024, 1, 1)]),  # noqa: DTZ001 (TOML has such)
    st.just([]),
    st.just({}),
    st.lists(st.sampled_from(["EU", "US", "", "1", "mail", 5, None, {}, []]), max_size=3),
)


def places_in(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value within."""
    entries = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for step, inner in entries:
        yield (*path, step)
        yield from places_in(inner, (*path, step))


def broken(content: Any) -> st.SearchStrategy[Any]:
    """The content with one to three values replaced, removed, repeated or renamed."""
    paths = st.sampled_from(sorted(places_in(content), key=repr))
    change = st.tuples(paths, st.sampled_from(["replace", "remove", "repeat", "rename"]), odd)
    return st.lists(change, min_size=1, max_size=3).map(lambda changes: changed(content, changes))


def changed(content: Any, changes: list[tuple[tuple[Any, ...], str, Any]]) -> Any:
    """The content with these changes, as far as the earlier ones leave a place for the later."""
    made = copy.deepcopy(content)
    for (*steps, last), kind, value in changes:
        here = made
        try:
            for step in steps:
                here = here[step]
            there = here[last]
        except (KeyError, IndexError, TypeError):
            continue
        if isinstance(here, str):
            continue
        if kind == "replace":
            here[last] = copy.deepcopy(value)
        elif kind == "remove":
            del here[last]
        elif kind == "repeat" and isinstance(here, list):
            here.append(copy.deepcopy(there))
        elif isinstance(here, dict):
            here[f"{last}x"] = here.pop(last)
    return made


@calm
@given(broken(CONTENT["register"]))
def test_any_register_is_loaded_and_can_be_asked_or_is_refused(content: dict[str, Any]) -> None:
    """All of it or none of it."""
    try:
        register = register_of(content, "broken")
    except BadFile:
        return
    for day in (date(2023, 1, 1), TODAY):
        decision = decide(register, Tenant("DE"), as_of=day)
        assert decision == Decision.from_dict(json.loads(json.dumps(decision.to_dict())))
        assert decision.explain()


@calm
@given(broken(CONTENT["house-rules"]))
def test_any_house_rules_are_loaded_and_tighten_or_are_refused(content: dict[str, Any]) -> None:
    """What the register says for certain stays, or becomes stricter."""
    try:
        rules = house_rules_of(content, "broken", ACME)
    except BadFile:
        return
    for country in ("DE", "BR", "CH"):
        before = decide(ACME, Tenant(country), as_of=TODAY)
        after = decide(rules.over(ACME), Tenant(country), as_of=TODAY)
        assert set(after.prohibited) >= set(before.prohibited)


@calm
@given(broken(CONTENT["tenants"]))
def test_any_tenants_are_loaded_and_can_be_asked_about_or_are_refused(content: dict[str, Any]) -> None:
    """Nothing that the register does not know gets through."""
    try:
        tenants = tenants_of(content, "broken", ACME)
    except BadFile:
        return
    for tenant in tenants:
        assert tenant == decide(ACME, tenant, as_of=TODAY).tenant


@calm
@given(broken(STORED))
def test_any_stored_decision_is_read_back_or_refused(stored: Any) -> None:
    """One that is read back can be stored again, and explained."""
    try:
        decision = Decision.from_dict(stored)
    except BadInput:
        return
    assert decision == Decision.from_dict(decision.to_dict())
    assert decision.explain()
