"""Each general law can fail: with the fault that it is for in the library itself, or in the rules, it is broken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from attrs import evolve

from residency import HouseRules, Register, Restriction, Tenant, Verdict, decide
from residency.analysis import LAWS, Pair, Proof, check
from residency.engine.evaluate import Evaluation
from residency.files import register_of
from residency.model.rows import HostingRegion
from residency.result.reason import Reason, leaf
from support import REGISTER, SMALL_REGISTER

pytestmark = pytest.mark.slow

PERMITTED, PROHIBITED = Verdict.PERMITTED, Verdict.PROHIBITED
YES = leaf(PERMITTED, "row.listed", ("1",), who="x", activity="x", purpose="x")
NO = leaf(PROHIBITED, "house.forbids", ("1",), rule="x")

Plant = Callable[[pytest.MonkeyPatch], Register | tuple[Register, HouseRules]]


def small(**changes: Any) -> Register:
    """A register with two regions, a consent, and one sub-processor with two engagements."""
    basis = {"basis": ["1"]}
    content = {
        **SMALL_REGISTER,
        "consents": {"c": {"says": "c", **basis}},
        "regions": [
            {"id": name, "name": name, "places": [place], **basis} for name, place in (("A", "DE"), ("B", "US"))
        ],
        "placement": {"rule": "by-customer", "agreed": ["1"], **basis},
        "customer_regions": [
            {"id": "near", "customers": ["DE"], "home": "A", **basis},
            {"id": "far", "customers": ["US"], "home": "B", **basis},
        ],
        "sub_processors": [
            {
                "id": "p",
                "name": "P",
                "engagements": [
                    {"activity": "hosting", "purpose": "x", "regions": ["A", "B"], **basis},
                    {"activity": "service", "purpose": "y", "since": date(2022, 1, 1), **changes, **basis},
                ],
            }
        ],
    }
    return register_of(content, "small")


def patched(name: str, value: Any) -> Plant:
    """The small register, where that is what the library does."""

    def plant(patch: pytest.MonkeyPatch) -> Register:
        patch.setattr(name, value)
        return small(when={"feature": "f"})

    return plant


def _applies(self: Evaluation, who: Any, each: Any, *, stored_in: str | None = None) -> Reason:
    return YES


def _only_demanding(self: Evaluation, region: Any) -> Reason:
    return YES if self.demands.made else NO


def _first_letter(self: Evaluation, who: Any, each: Any, *, stored_in: str | None = None) -> Reason:
    return YES if who is not None and who.id > "a" else NO


def _widened(patch: pytest.MonkeyPatch) -> tuple[Register, HouseRules]:
    def over(self: HouseRules, register: Register) -> Register:
        rows = (evolve(row, customers=None) if row.id == "EU" else row for row in register.customer_regions)
        return evolve(register, customer_regions=tuple(rows))

    patch.setattr(HouseRules, "over", over)
    return REGISTER, HouseRules("liveagent", "x", date(2026, 1, 1), ())


PLANTS: dict[str, Plant] = {
    "without an agreement only the home region is permitted": patched(
        "residency.engine.placement._at_home",
        lambda register, home, name: leaf(PERMITTED, "placement.home", ("1",), customers="x", region=name),
    ),
    "with an agreement no other region is permitted": patched(
        "residency.engine.placement._agreed",
        lambda register, agreed, name, facts: leaf(PERMITTED, "placement.agreed", ("1",), region=name),
    ),
    "every country has a home, or the answer says what is missing": patched(
        "residency.engine.evaluate.settled", lambda placed: None
    ),
    "every permitted host is engaged for the tenant's region": patched(
        "residency.engine.evaluate.Evaluation.applies", _applies
    ),
    "nothing whose region is not stated ever hosts": lambda patch: (
        patch.setattr("residency.engine.evaluate.Evaluation.applies", _applies) or REGISTER
    ),
    "no engagement is permitted whose condition does not hold": patched(
        "residency.engine.evaluate.Evaluation._holds", lambda self, condition, basis, only=None: YES
    ),
    "no engagement is permitted but on its days": patched(
        "residency.engine.evaluate.engagement_days", lambda *_, **__: []
    ),
    "every answer names what decided it, and the clause, reading or house rule that says so": patched(
        "residency.engine.evaluate.Evaluation.applies", lambda *_, **__: evolve(YES, basis=("demand: x", "fact:EU"))
    ),
    "before the register speaks nothing is permitted, and nothing prohibited": patched(
        "residency.engine.evaluate.Evaluation.silent", property(lambda self: False)
    ),
    "withdrawing a consent never permits anything to a tenant without restrictions or objections": lambda patch: small(
        when={"not": {"consent": "c"}}
    ),
    "a restriction or objection never permits anything": patched(
        "residency.engine.evaluate.Evaluation.storage", _only_demanding
    ),
    "house rules never permit what the register prohibits": _widened,
    "between change dates no answer to a tenant without restrictions or objections changes": patched(
        "residency.model.register.Register.change_dates", (date(2020, 1, 1),)
    ),
    "other ids change no answer to a tenant without restrictions or objections": patched(
        "residency.engine.evaluate.Evaluation.applies", _first_letter
    ),
}


def proof(law: str, register: Register, rules: HouseRules | None = None) -> Proof:
    """What becomes of one law."""
    (found,) = check(register, [each for each in LAWS if each.says == law], house_rules=rules)
    return found


def test_a_fault_is_planted_for_every_law() -> None:
    """And for nothing else."""
    assert [law.says for law in LAWS] == list(PLANTS)


@pytest.mark.parametrize("law", PLANTS)
def test_a_law_is_broken_by_the_fault_that_it_is_for(law: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And only then; the tenant that is named breaks it."""
    if "house rules" not in law and "consent" not in law:
        assert "proved" == proof(law, small(when={"feature": "f"})).outcome
    planted = PLANTS[law](monkeypatch)
    register, rules = planted if isinstance(planted, tuple) else (planted, None)
    found = proof(law, register, rules)
    assert ("broken", True) == (found.outcome, found.breaches > 0)
    assert found.counterexample is not None
    compile(found.counterexample.code(), "pasted", "exec")
    if found.counterexample.about is not None and not isinstance(found.counterexample.law, Pair):
        made = register if rules is None else rules.over(register)
        asked = decide(made, found.counterexample.tenant, as_of=found.counterexample.as_of)
        assert found.counterexample.found == asked.answer(found.counterexample.about).verdict.value


def test_a_rule_that_reads_the_demands_of_one_tenant_is_not_proved_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands for many tenants has no list of demands, so that reading one is an error and never a proof."""

    def storage(self: Evaluation, region: HostingRegion) -> Reason:
        demanding = self.demands._restrictions  # type: ignore[attr-defined]  # the fault that is planted
        return NO if demanding else YES

    monkeypatch.setattr(Evaluation, "storage", storage)
    decided = decide(small(), Tenant("DE", restrictions={Restriction(within={"DE"})}), as_of=date(2026, 11, 23))
    assert PROHIBITED is decided.region_verdict("A")
    with pytest.raises(TypeError, match="the demands of many tenants have no '_restrictions'"):
        check(small(), [law for law in LAWS if law.says == "a restriction or objection never permits anything"])
