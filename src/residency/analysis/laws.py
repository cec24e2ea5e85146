"""Laws: sentences about all tenants, each a plain function of tenant and decision that says whether it holds.

A law may be stated of each hosting region, each sub-processor or each of both; then it is also given the id. A `Pair` is
about two decisions that differ in one respect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

from attrs import frozen

from ..claims import Claim, Gate, Home, Located
from ..places import Place
from ..reason import Reason
from ..register import Engagement
from ..verdict import Verdict
from .seen import DecisionView, TenantView

__all__ = ["LAWS", "Law", "Pair", "claim_laws"]

PERMITTED, PROHIBITED, UNDETERMINED = Verdict.PERMITTED, Verdict.PROHIBITED, Verdict.UNDETERMINED

Each = Literal["tenant", "hosting region", "sub-processor", "answer"]


@frozen
class Law:
    """A sentence about each tenant on each day, or about each of its answers.

    `holds` is given the tenant and its decision and, where the law is about `each` hosting region, sub-processor or
    answer (both), the id of it; it returns True or False, or asserts. It must depend on nothing else. `basis` are the
    clauses and readings that say so, if any do. `about` is the id that it is about, where that is always the same, and
    `test` what a test of it would assert, in terms of `decision`.
    """

    says: str
    holds: Callable[..., bool]
    each: Each = "tenant"
    basis: tuple[str, ...] = ()
    about: str | None = None
    test: str = ""


Step = Literal["consent withdrawn", "demand made", "house rules laid over", "days pass", "ids renamed"]


@frozen
class Pair:
    """A sentence about each answer before and after a step: `holds` is given both decisions and the id.

    The decisions are those of one tenant: before and after it withdrew a consent, or made its demand; without house
    rules and with them; on two days of one span; by the register, and by the same register with other ids.
    """

    says: str
    step: Step
    holds: Callable[[DecisionView, DecisionView, str], bool]
    basis: tuple[str, ...] = ()


def _verdict(decision: DecisionView, name: str) -> Verdict:
    return decision.answer(name).verdict


# --- Where ---


def _only_where_placed(tenant: TenantView, decision: DecisionView, name: str) -> bool:
    if decision.region_verdict(name) is not PERMITTED or tenant.agreed_region is not None:
        return True
    rule = decision.register.placement
    match rule.rule:
        case "by-customer":
            return decision.home == name
        case "fixed":
            return rule.region == name
        case "free-choice":
            return True
        case _:
            return False


def _nothing_beside_an_agreement(tenant: TenantView, decision: DecisionView, name: str) -> bool:
    return decision.region_verdict(name) is not PERMITTED or tenant.agreed_region in (None, name)


def _home_or_named(tenant: TenantView, decision: DecisionView) -> bool:
    """A region is settled, or every region that is not refused says what is missing."""
    if decision.settled is not None or tenant.agreed_region is not None:
        return True
    answers = (decision.answer(name) for name in decision.register.regions)
    silent = {"placement", "region", "register", "customer", "attribute", "tension", "condition"}
    return all(
        answer.verdict is not UNDETERMINED or any(leaf.code.split(".")[0] in silent for leaf in answer.reason.leaves())
        for answer in answers
    )


# --- Who ---


def _engaged(decision: DecisionView, name: str) -> Sequence[tuple[Engagement, Verdict]]:
    """The rows of a sub-processor that are permitted to some extent: each with its verdict."""
    rows = decision.register.sub_processor(name).engagements
    return [(row, each.verdict) for row, each in zip(rows, decision.answer(name).engagements, strict=True)]


def _hosts_in_the_region(tenant: TenantView, decision: DecisionView, name: str) -> bool:
    hosting = [row for row, verdict in _engaged(decision, name) if row.activity == "hosting" and verdict is PERMITTED]
    return all(row.region == decision.settled for row in hosting)


def _located(tenant: TenantView, decision: DecisionView, name: str) -> bool:
    return all(
        row.region is not None
        for row, verdict in _engaged(decision, name)
        if row.activity == "hosting" and verdict is PERMITTED
    )


def _gated(tenant: TenantView, decision: DecisionView, name: str) -> bool:
    return all(
        row.when is None or decision.condition(row.when) is PERMITTED
        for row, verdict in _engaged(decision, name)
        if verdict is PERMITTED
    )


def _on_its_days(tenant: TenantView, decision: DecisionView, name: str) -> bool:
    day = decision.as_of
    permitted = [row for row, verdict in _engaged(decision, name) if verdict is PERMITTED]
    return all(day in row.span and _authorised(row, decision) for row in permitted)


def _authorised(row: Engagement, decision: DecisionView) -> bool:
    return row.authorised is None or (not isinstance(row.authorised, str) and row.authorised <= decision.as_of)


# --- Both ---


def _says_why(tenant: TenantView, decision: DecisionView, name: str) -> bool:
    leaves = list(decision.answer(name).reason.leaves())
    return bool(leaves) and all(map(_rests, leaves))


def _rests(leaf: Reason) -> bool:
    return bool(leaf.basis and leaf.words)


def _silent_before(tenant: TenantView, decision: DecisionView, name: str) -> bool:
    return decision.as_of >= decision.register.speaks_from or _verdict(decision, name) is UNDETERMINED


def _never_higher(before: DecisionView, after: DecisionView, name: str) -> bool:
    return _verdict(after, name) <= _verdict(before, name)


def _prohibited_stays(before: DecisionView, after: DecisionView, name: str) -> bool:
    return _verdict(before, name) is not PROHIBITED or _verdict(after, name) is PROHIBITED


def _same(one: DecisionView, other: DecisionView, name: str) -> bool:
    return _verdict(one, name) is _verdict(other, name)


LAWS: tuple[Law | Pair, ...] = (
    Law("without an agreement only the home region is permitted", _only_where_placed, "hosting region"),
    Law("with an agreement no other region is permitted", _nothing_beside_an_agreement, "hosting region"),
    Law("every country has a home, or the answer says what is missing", _home_or_named),
    Law("every permitted host is in the tenant's region", _hosts_in_the_region, "sub-processor"),
    Law("nothing whose region is not stated ever hosts", _located, "sub-processor"),
    Law("no engagement is permitted whose condition does not hold", _gated, "sub-processor"),
    Law("no engagement is permitted but on its days", _on_its_days, "sub-processor"),
    Law("every answer names what decided it, and what that rests on", _says_why, "answer"),
    Law("before the register speaks nothing is permitted, and nothing prohibited", _silent_before, "answer"),
    Pair("withdrawing a consent never permits anything", "consent withdrawn", _never_higher),
    Pair("a demand never permits anything", "demand made", _never_higher),
    Pair("house rules never permit what the register prohibits", "house rules laid over", _prohibited_stays),
    Pair("between change dates no answer changes", "days pass", _same),
    Pair("other ids change no answer", "ids renamed", _same),
)
"""The laws that every register keeps; a rule of its own may break the one about withdrawing a consent, on purpose."""


def claim_laws(claims: Sequence[Claim]) -> tuple[Law, ...]:
    """The claims of one register as laws, in their order."""
    homes = [claim for claim in claims if isinstance(claim.what, Home)]
    return tuple(_claim_law(claim, homes) for claim in claims)


def _claim_law(claim: Claim, homes: Sequence[Claim]) -> Law:
    match claim.what:
        case Gate(who, _, activity) as gate:
            holds, about = partial(_kept_gate, gate), who
            narrowed = "" if activity is None else f", activity={activity!r}"
            test = f"decision.answer({who!r}{narrowed}).verdict is not Verdict.PERMITTED"
        case Located(who, places, activity) as located:
            holds, about = partial(_kept_place, located), who
            narrowed = "" if activity is None else f", activity={activity!r}"
            stated = None if places is None else {place.text for place in places}
            told = "each.places" if stated is None else "set(each.places or ())"
            test = f"all({told} == {stated!r} for each in decision.answers({who!r}{narrowed}))"
        case Home(_, stored_in) as home:
            holds, about = partial(_kept_home, home, homes[: homes.index(claim)]), None
            test = f"decision.settled == {stored_in!r}"

    def on_its_days(tenant: TenantView, decision: DecisionView) -> bool:
        return decision.as_of not in claim.span or holds(tenant, decision)

    return Law(f"{claim.says} ({claim.id})", on_its_days, "tenant", claim.basis, about, test)


def _kept_gate(gate: Gate, tenant: TenantView, decision: DecisionView) -> bool:
    answer = decision.answer(gate.who, activity=gate.activity)
    return answer.verdict is not PERMITTED or decision.condition(gate.only_if) is PERMITTED


def _kept_place(located: Located, tenant: TenantView, decision: DecisionView) -> bool:
    rows = decision.register.sub_processor(located.who).engagements
    asked = [row for row in rows if located.activity in (None, row.activity) and decision.as_of in row.span]
    return all(_as_set(row.places) == _as_set(located.places) for row in asked)


def _as_set(places: Sequence[Place] | None) -> frozenset[Place] | None:
    return None if places is None else frozenset(places)


def _kept_home(home: Home, before: Sequence[Claim], tenant: TenantView, decision: DecisionView) -> bool:
    if tenant.agreed_region is not None:
        return True
    earlier = [claim.what for claim in before if decision.as_of in claim.span]
    if any(isinstance(each, Home) and _customer_of(each, decision) is not PROHIBITED for each in earlier):
        return True
    return _customer_of(home, decision) is not PERMITTED or decision.settled == home.stored_in


def _customer_of(home: Home, decision: DecisionView) -> Verdict:
    return PERMITTED if home.customers is None else decision.customer_in(home.customers)
