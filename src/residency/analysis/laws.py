"""Laws: sentences about all tenants, each a plain function of tenant and decision that says whether it holds.

A law may be stated of each hosting region, each sub-processor or each of both; then it is also given the id. A `Pair`
is about two decisions that differ in one respect.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Literal

from attrs import frozen

from ..model.claims import Claim, Gate, Grant, Home, Located
from ..model.conditions import Condition
from ..model.places import Place
from ..model.register import Register
from ..model.verdict import Verdict
from ..result.reason import Reason
from .views import DecisionView, TenantView

__all__ = ["LAWS", "Law", "Pair", "claim_laws"]

PERMITTED, PROHIBITED, UNDETERMINED = Verdict.PERMITTED, Verdict.PROHIBITED, Verdict.UNDETERMINED

Subject = Literal["tenant", "hosting region", "sub-processor", "engagement", "answer"]


@frozen
class Law:
    """A sentence about each tenant on each day, or about each of its answers.

    `holds` is given the tenant and its decision and, where the law is about `each` hosting region, sub-processor or
    answer (both), the id of it; of an engagement, the id and its number. It returns True or False, or asserts, and must
    depend on nothing else. `basis` are the clauses and readings that say so, if any do. `about` is the id that it is
    about, where that is always the same, and `test` what a test of it would assert, in terms of `decision`. A `claim`
    is about the register without house rules, and returns None of tenants that it is not about: there must be others.
    """

    says: str
    holds: Callable[..., bool | None]
    each: Subject = "tenant"
    basis: tuple[str, ...] = ()
    about: str | None = None
    test: str = ""
    claim: bool = False


Step = Literal["consent withdrawn", "demand made", "house rules laid over", "days pass", "ids renamed"]


@frozen
class Pair:
    """A sentence about each answer before and after a step: `holds` is given both decisions and the id.

    The decisions are those of one tenant: before and after it withdrew a consent, or made its demand; without house
    rules and with them; on two days of one span; by the register, and by the same register with other ids. `relation`
    is what a test would assert of the verdicts after and before, such as `"<="`.
    """

    says: str
    step: Step
    holds: Callable[[DecisionView, DecisionView, str], bool]
    basis: tuple[str, ...] = ()
    relation: str = ""


def _verdict(decision: DecisionView, name: str) -> Verdict:
    return decision.reason(name).verdict


# --- Where ---


def _only_where_placed(tenant: TenantView, decision: DecisionView, name: str) -> bool:
    if decision.region_verdict(name) is not PERMITTED or tenant.agreed_region is not None:
        return True
    rule = decision.register.placement
    placed = {"by-customer": decision.home, "fixed": rule.region}
    return rule.rule == "free-choice" or placed.get(rule.rule) == name


def _nothing_beside_an_agreement(tenant: TenantView, decision: DecisionView, name: str) -> bool:
    return decision.region_verdict(name) is not PERMITTED or tenant.agreed_region in (None, name)


def _home_or_named(tenant: TenantView, decision: DecisionView) -> bool:
    """A region is settled, or the placement of some region says what is missing, or several may be chosen."""
    if decision.as_of < decision.register.speaks_from or tenant.agreed_region is not None:
        return True
    if decision.settled is not None:
        return True
    placed = [decision.placement(name) for name in decision.register.regions]
    choices = [reason for reason in placed if reason.verdict is PERMITTED]
    return len(choices) != 1 and all(map(_rests, (leaf for reason in placed for leaf in reason.leaves())))


# --- Who ---


def _host_in_the_region(tenant: TenantView, decision: DecisionView, name: str, number: int) -> bool:
    row = decision.register.sub_processor(name).engagements[number]
    return row.activity != "hosting" or not _permitted(decision, name, number) or row.region == decision.settled


def _host_located(tenant: TenantView, decision: DecisionView, name: str, number: int) -> bool:
    row = decision.register.sub_processor(name).engagements[number]
    return row.activity != "hosting" or row.region is not None or not _permitted(decision, name, number)


def _gated(tenant: TenantView, decision: DecisionView, name: str, number: int) -> bool:
    row = decision.register.sub_processor(name).engagements[number]
    return row.when is None or not _permitted(decision, name, number) or decision.condition(row.when) is PERMITTED


def _on_its_days(tenant: TenantView, decision: DecisionView, name: str, number: int) -> bool:
    row, day = decision.register.sub_processor(name).engagements[number], decision.as_of
    listed = day in row.span and (
        row.authorised is None or (isinstance(row.authorised, date) and row.authorised <= day)
    )
    return listed or not _permitted(decision, name, number)


def _permitted(decision: DecisionView, name: str, number: int) -> bool:
    return decision.engagement(name, number).verdict is PERMITTED


# --- Both ---


def _says_why(tenant: TenantView, decision: DecisionView, name: str) -> bool:
    leaves = list(decision.reason(name).leaves())
    return bool(leaves) and all(map(_rests, leaves))


def _rests(leaf: Reason) -> bool:
    return bool(leaf.basis and leaf.words and leaf.grounded)


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
    Law("every permitted host is engaged for the tenant's region", _host_in_the_region, "engagement"),
    Law("nothing whose region is not stated ever hosts", _host_located, "engagement"),
    Law("no engagement is permitted whose condition does not hold", _gated, "engagement"),
    Law("no engagement is permitted but on its days", _on_its_days, "engagement"),
    Law("every answer names what decided it, and the clause, reading or house rule that says so", _says_why, "answer"),
    Law("before the register speaks nothing is permitted, and nothing prohibited", _silent_before, "answer"),
    Pair(
        "withdrawing a consent never permits anything to a tenant without restrictions or objections",
        "consent withdrawn",
        _never_higher,
    ),
    Pair("a restriction or objection never permits anything", "demand made", _never_higher, relation="<="),
    Pair(
        "house rules never permit what the register prohibits",
        "house rules laid over",
        _prohibited_stays,
        relation="<=",
    ),
    Pair(
        "between change dates no answer to a tenant without restrictions or objections changes",
        "days pass",
        _same,
        relation="is",
    ),
    Pair("other ids change no answer to a tenant without restrictions or objections", "ids renamed", _same),
)
"""The laws that every register keeps; a rule of its own may break the one about withdrawing a consent, on purpose."""


def claim_laws(claims: Sequence[Claim], register: Register) -> tuple[Law, ...]:
    """The claims of the register as laws, in their order."""
    homes = [claim for claim in claims if isinstance(claim.what, Home)]
    return tuple(_claim_law(claim, homes, register) for claim in claims)


def _claim_law(claim: Claim, homes: Sequence[Claim], register: Register) -> Law:
    holds: Callable[[TenantView, DecisionView], bool | None]
    about: str | None = None
    match claim.what:
        case Gate(name, _, activity) as gate:
            holds, about = partial(_kept_gate, gate), name
            test = f"decision.answer({_arguments(name, activity)}).verdict is not Verdict.PERMITTED"
        case Grant(name, _, activity) as grant:
            holds, about = partial(_kept_grant, grant), name
            test = f"decision.answer({_arguments(name, activity)}).verdict is Verdict.PERMITTED"
        case Located(name) as located:
            holds, about = partial(_kept_place, located), name
            test = _place_test(located, register)
        case Home(_, stored_in) as home:
            holds = partial(_kept_home, home, homes[: homes.index(claim)])
            test = "decision.settled is None" if stored_in is None else f"decision.region == {stored_in!r}"

    def on_its_days(tenant: TenantView, decision: DecisionView) -> bool | None:
        return holds(tenant, decision) if decision.as_of in claim.span else None

    return Law(f"{claim.id}: {claim.says}", on_its_days, "tenant", claim.basis, about, test, claim=True)


def _place_test(located: Located, register: Register) -> str:
    """What a test of the claim asserts of the region, or of each row that is listed that day."""
    claimed = None if located.places is None else sorted(place.text for place in located.places)
    comparison = "{0} is None" if claimed is None else f"sorted(place.text for place in {{0}} or ()) == {claimed!r}"
    if located.who in register.regions:
        return comparison.format(f"register.region({located.who!r}).on(decision.as_of).places")
    narrowed = "" if located.activity is None else f" and each.activity == {located.activity!r}"
    rows = f"register.sub_processor({located.who!r}).engagements if decision.as_of in each.span{narrowed}"
    return f"all({comparison.format('each.places')} for each in {rows})"


def _arguments(name: str, activity: str | None) -> str:
    return repr(name) if activity is None else f"{name!r}, activity={activity!r}"


def _kept_gate(gate: Gate, tenant: TenantView, decision: DecisionView) -> bool | None:
    if not _listed(gate.who, gate.activity, decision):
        return None
    return _claimed_verdict(gate.who, gate.activity, decision) is not PERMITTED or _holds(gate.only_if, decision)


def _kept_grant(grant: Grant, tenant: TenantView, decision: DecisionView) -> bool | None:
    if tenant.demanding or not _holds(grant.always_if, decision):
        return None
    return _claimed_verdict(grant.who, grant.activity, decision) is PERMITTED


def _holds(condition: Condition, decision: DecisionView) -> bool:
    return decision.condition(condition) is PERMITTED


def _claimed_verdict(name: str, activity: str | None, decision: DecisionView) -> Verdict:
    return decision.reason(name).verdict if activity is None else decision.verdict(name, activity=activity)


def _listed(name: str, activity: str | None, decision: DecisionView) -> bool:
    """Whether the region, or the sub-processor for the activity, is listed that day."""
    register, day = decision.register, decision.as_of
    rows = [register.region(name)] if name in register.regions else register.sub_processor(name).engagements
    return any(day in row.span and activity in (None, getattr(row, "activity", None)) for row in rows)


def _kept_place(located: Located, tenant: TenantView, decision: DecisionView) -> bool | None:
    if not _listed(located.who, located.activity, decision):
        return None
    register, day, claimed = decision.register, decision.as_of, _as_set(located.places)
    if located.who in register.regions:
        return _as_set(register.region(located.who).on(day).places) == claimed
    rows = register.sub_processor(located.who).engagements
    listed = [row for row in rows if located.activity in (None, row.activity) and day in row.span]
    return all(_as_set(row.places) == claimed for row in listed)


def _as_set(places: Sequence[Place] | None) -> frozenset[Place] | None:
    return None if places is None else frozenset(places)


def _kept_home(home: Home, before: Sequence[Claim], tenant: TenantView, decision: DecisionView) -> bool | None:
    if tenant.agreed_region is not None:
        return None
    earlier = [claim.what for claim in before if decision.as_of in claim.span]
    if any(isinstance(what, Home) and _customer_of(what, decision) is not PROHIBITED for what in earlier):
        return None
    if _customer_of(home, decision) is not PERMITTED:
        return None
    if home.stored_in is None or tenant.demanding:
        return decision.settled == home.stored_in
    return decision.settled == home.stored_in and decision.reason(home.stored_in).verdict is PERMITTED


def _customer_of(home: Home, decision: DecisionView) -> Verdict:
    return PERMITTED if home.customers is None else decision.customer_in(home.customers)
