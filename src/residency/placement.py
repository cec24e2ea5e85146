"""Where placement alone puts a tenant: its customer region, and each hosting region's reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from .conditions import Facts, evaluate
from .places import Extent, Grouping
from .reason import Reason, all_of, leaf
from .register import CustomerRegion, HostingRegion, Register
from .tenant import Tenant
from .timeline import Span
from .value import value
from .verdict import Verdict

__all__ = ["Home", "customer_reasons", "find_home", "first_home", "known_facts", "place", "settled", "span_reason"]

_FIXED = {False: "fixed", True: "only"}
"""Whether the documents speak of agreements on another region."""
PERMITTED, PROHIBITED, UNDETERMINED = Verdict.PERMITTED, Verdict.PROHIBITED, Verdict.UNDETERMINED


@value
class Home:
    """The first customer region that holds the tenant's country; `sure` is false where that is not known that day."""

    customers: CustomerRegion | None
    sure: bool = True


def find_home(register: Register, country: str, day: date) -> Home:
    """The tenant's customer region on `day`: the first, in the register's order, that holds its country."""
    return first_home(register.customer_regions, register.groups, country, day)


def first_home(regions: Iterable[CustomerRegion], groups: Mapping[str, Grouping], country: str, day: date) -> Home:
    """The first of these customer regions that holds the country on `day`."""
    here = Extent(frozenset((country,)), frozenset((country,)))
    for region in regions:
        if day not in region.span:
            continue
        if region.customers is None:
            return Home(region)
        verdict = here.within(Extent.union(place.extent(groups, day) for place in region.customers))
        if verdict is not PROHIBITED:
            return Home(region, sure=verdict is PERMITTED)
    return Home(None)


def _facts_of(region: CustomerRegion, register: Register) -> tuple[str, ...]:
    parts = (part for place in region.customers or () for part in place.parts)
    return tuple(f"fact:{part}" for part in parts if part in register.groups)


def customer_reasons(register: Register, home: Home) -> Mapping[str, Reason]:
    """For each customer region, whether it is the tenant's."""
    reasons, unknown = {}, False
    elsewhere = "customer.none" if home.customers is None else "customer.not-in"
    first = {} if home.customers is None else {"here": home.customers.id}
    for region in register.customer_regions:
        here = home.customers is not None and region.id == home.customers.id
        unknown = unknown or (here and not home.sure)
        if unknown:
            verdict, code = UNDETERMINED, "customer.unknown"
        else:
            verdict, code = (PERMITTED, "customer.in") if here else (PROHIBITED, elsewhere)
        basis = region.basis + (_facts_of(region, register) if here else ())
        about = first if verdict is PROHIBITED else {}
        reasons[region.id] = leaf(verdict, code, basis, name=region.id, **about)
    return reasons


def place(register: Register, tenant: Tenant, home: Home, facts: Facts) -> dict[str, Reason]:
    """For each hosting region, what placement alone says of it: whether it is offered that day is another question."""
    return {
        region.id: _placed(register, tenant, home, region, facts).resting_on(*region.basis)
        for region in register.hosting_regions
    }


def span_reason(span: Span, what: str, basis: tuple[str, ...], day: date, **about: str) -> list[Reason]:
    """The reason why a row is not in force on `day`: none where it is."""
    if day in span:
        return []
    if span.start is not None and day < span.start:
        return [leaf(PROHIBITED, f"{what}.not-yet", basis, day=span.start.isoformat(), **about)]
    assert span.end is not None
    return [leaf(PROHIBITED, f"{what}.ended", basis, day=span.end.isoformat(), **about)]


def _placed(register: Register, tenant: Tenant, home: Home, region: HostingRegion, facts: Facts) -> Reason:
    rule, name = register.placement, region.id
    if tenant.agreed_region is not None:
        return _agreed(register, tenant.agreed_region, name, facts)
    match rule.rule:
        case "by-customer":
            return _at_home(register, home, name)
        case "fixed" if rule.region == name:
            return leaf(PERMITTED, f"placement.{_FIXED[rule.agreed is None]}", rule.basis, region=name)
        case "fixed":
            assert rule.region is not None
            code = f"placement.{_FIXED[rule.agreed is None]}-elsewhere"
            return leaf(PROHIBITED, code, rule.basis, fixed=rule.region, region=name)
        case "free-choice":
            return leaf(PERMITTED, "placement.free", rule.basis, region=name)
        case "vendor-choice" | "not-promised" | "unconfirmed":
            return leaf(UNDETERMINED, f"placement.{rule.rule}", rule.basis)


def _agreed(register: Register, agreed: str, name: str, facts: Facts) -> Reason:
    """An agreed region replaces whatever the rule says; one whose own condition fails never falls back to it."""
    rule = register.placement
    if rule.agreed is None:
        return leaf(UNDETERMINED, "placement.agreement-not-stated", rule.basis, agreed=agreed)
    if name != agreed:
        return leaf(PROHIBITED, "placement.agreed-elsewhere", rule.agreed, agreed=agreed, region=name)
    reasons = [leaf(PERMITTED, "placement.agreed", rule.agreed, region=name)]
    if rule.agreed_when is not None:
        reasons.append(evaluate(rule.agreed_when, facts).resting_on(*rule.agreed))
    return all_of(reasons)


def _at_home(register: Register, home: Home, name: str) -> Reason:
    rule, customers = register.placement, home.customers
    if customers is None:
        nowhere = dict.fromkeys(name for region in register.customer_regions for name in region.basis)
        return leaf(UNDETERMINED, "placement.not-stated", (*rule.basis, *nowhere))
    basis = (*rule.basis, *customers.basis, *_facts_of(customers, register))
    if not home.sure:
        return leaf(UNDETERMINED, "placement.home-unknown", basis, customers=customers.id)
    if customers.home is None:
        return leaf(UNDETERMINED, "placement.no-home", basis, customers=customers.id)
    if customers.home == name:
        return leaf(PERMITTED, "placement.home", basis, customers=customers.id, region=name)
    return leaf(PROHIBITED, "placement.not-home", basis, customers=customers.id, home=customers.home, region=name)


def settled(placed: Mapping[str, Reason]) -> str | None:
    """The one region that placement leaves, if it leaves exactly one and permits it."""
    left = [name for name, reason in placed.items() if reason.verdict is not PROHIBITED]
    return left[0] if len(left) == 1 and placed[left[0]].verdict is PERMITTED else None


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
