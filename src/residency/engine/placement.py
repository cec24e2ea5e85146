"""Placement of a tenant, by rule or agreement: its customer region, and a reason for each hosting region."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import frozen

from ..model.register import Register
from ..model.rows import CustomerRegion, HostingRegion, candidate_regions
from ..model.verdict import Verdict
from ..result.reason import Reason, all_of, leaf
from .conditions import Facts, evaluate

__all__ = ["Home", "customer_reasons", "find_home", "place", "settled"]

_FIXED = {False: "fixed", True: "only"}
"""The code of a fixed region, by whether the documents are silent about agreements on another."""
PERMITTED, PROHIBITED, UNDETERMINED = Verdict.PERMITTED, Verdict.PROHIBITED, Verdict.UNDETERMINED


@frozen
class Home:
    """The home of a tenant: the customer regions that may be its own, in the register's order; `None` for none of them.

    Its own is the first that holds its country. Where that is not known of one for the day, the next may be it as well.
    """

    candidates: tuple[CustomerRegion | None, ...]

    @property
    def known(self) -> bool:
        """Whether there is only one candidate."""
        return len(self.candidates) == 1

    @property
    def stored_in(self) -> str | None:
        """The hosting region in which all candidates are at home; `None` where they differ, or one's is not stated."""
        homes = {None if region is None else region.home for region in self.candidates}
        return next(iter(homes)) if len(homes) == 1 else None


def find_home(register: Register, country: str, day: date) -> Home:
    """The home of a country's tenants on `day`: the first customer region, in the register's order, that holds it."""
    return Home(candidate_regions(register.customer_regions, register.groups, country, day))


def _facts_of(region: CustomerRegion, register: Register) -> tuple[str, ...]:
    """The ids of the groupings that the region's customers are named by."""
    parts = (part for place in region.customers or () for part in place.parts)
    return tuple(f"fact:{part}" for part in parts if part in register.groups)


def customer_reasons(register: Register, home: Home) -> Mapping[str, Reason]:
    """For each customer region, whether it is the tenant's."""
    return {region.id: _customer_reason(register, home, region) for region in register.customer_regions}


def _customer_reason(register: Register, home: Home, region: CustomerRegion) -> Reason:
    first = home.candidates[0]
    if region in home.candidates:
        verdict, code = (PERMITTED, "customer.in") if home.known else (UNDETERMINED, "customer.unknown")
        return leaf(verdict, code, (*region.basis, *_facts_of(region, register)), name=region.id)
    if first is None:
        return leaf(PROHIBITED, "customer.none", region.basis, name=region.id)
    if home.known:
        return leaf(PROHIBITED, "customer.not-in", region.basis, name=region.id, here=first.id)
    return leaf(PROHIBITED, "customer.not-among", region.basis, name=region.id, among=_named(home))


def _named(home: Home) -> tuple[str, ...]:
    """The ids of the candidates."""
    return tuple("none of them" if region is None else region.id for region in home.candidates)


def place(register: Register, agreed: str | None, home: Home, facts: Facts) -> dict[str, Reason]:
    """For each hosting region, what placement alone says of it, whether or not it is offered on the day."""
    return {
        region.id: _placed(register, agreed, home, region, facts).resting_on(*region.basis)
        for region in register.hosting_regions
    }


def _placed(register: Register, agreed: str | None, home: Home, region: HostingRegion, facts: Facts) -> Reason:
    rule, name, labels = register.placement, region.id, register.labels
    if agreed is not None:
        return _agreed(register, agreed, name, facts)
    match rule.rule:
        case "by-customer":
            return _at_home(register, home, name)
        case "fixed" if rule.region == name:
            return leaf(PERMITTED, f"placement.{_FIXED[rule.agreed is None]}", rule.basis, labels, region=name)
        case "fixed":
            assert rule.region is not None
            code = f"placement.{_FIXED[rule.agreed is None]}-elsewhere"
            return leaf(PROHIBITED, code, rule.basis, labels, fixed=rule.region, region=name)
        case "free-choice":
            return leaf(PERMITTED, "placement.free", rule.basis, labels, region=name)
        case "vendor-choice" | "not-promised" | "unconfirmed":
            return leaf(UNDETERMINED, f"placement.{rule.rule}", rule.basis)


def _agreed(register: Register, agreed: str, name: str, facts: Facts) -> Reason:
    """Placement by an agreed region, which replaces the rule, even where the condition of such agreements fails."""
    rule, labels = register.placement, register.labels
    if rule.agreed is None:
        return leaf(UNDETERMINED, "placement.agreement-not-stated", rule.basis, labels, agreed=agreed)
    if name != agreed:
        return leaf(PROHIBITED, "placement.agreed-elsewhere", rule.agreed, labels, agreed=agreed, region=name)
    reasons = [leaf(PERMITTED, "placement.agreed", rule.agreed, labels, region=name)]
    if rule.agreed_when is not None:
        reasons.append(evaluate(rule.agreed_when, facts).resting_on(*rule.agreed))
    return all_of(reasons)


def _at_home(register: Register, home: Home, name: str) -> Reason:
    """Whether the tenant's customer region is at home in this hosting region; of several candidates all must agree."""
    rule, first = register.placement, home.candidates[0]
    if home.known and first is None:
        nowhere = dict.fromkeys(name for region in register.customer_regions for name in region.basis)
        return leaf(UNDETERMINED, "placement.not-stated", (*rule.basis, *nowhere))
    regions = [region for region in home.candidates if region is not None]
    rests = dict.fromkeys(name for region in regions for name in (*region.basis, *_facts_of(region, register)))
    basis, customers = (*rule.basis, *rests), _named(home)
    homes = {None if region is None else region.home for region in home.candidates}
    if home.known and None in homes:
        return leaf(UNDETERMINED, "placement.no-home", basis, customers=customers)
    if None in homes or (name in homes and len(homes) > 1):
        return leaf(UNDETERMINED, "placement.home-unknown", basis, customers=customers)
    if name in homes:
        return leaf(PERMITTED, "placement.home", basis, register.labels, customers=customers, region=name)
    others = tuple(sorted(home_region for home_region in homes if home_region is not None))
    return leaf(PROHIBITED, "placement.not-home", basis, register.labels, customers=customers, home=others, region=name)


def settled(placed: Mapping[str, Reason]) -> str | None:
    """The one region that placement leaves, if it leaves exactly one and permits it."""
    left = [name for name, reason in placed.items() if reason.verdict is not PROHIBITED]
    return left[0] if len(left) == 1 and placed[left[0]].verdict is PERMITTED else None
