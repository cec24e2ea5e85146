"""The shapes of the files: one class for each table, one attribute for each key, as it is written.

An attribute that ends in `_` is a key that Python keeps for itself (`is`, `not`, `all`, `any`). What a key means, the
class of the same name in `residency.register` says; what a register may leave out has a default here.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from attrs import field, frozen

from .strict import Customers, Places, Values

__all__ = ["GroupingFile", "HouseRulesFile", "M49File", "RegisterFile", "TenantsFile", "When"]

Names = tuple[str, ...]


@frozen(kw_only=True)
class Dated:
    """A row that holds from `since` up to, not including, `until`."""

    since: date | None = None
    until: date | None = None


@frozen(kw_only=True)
class Clause:
    at: str
    quote: str
    says: str


@frozen(kw_only=True)
class Resolves:
    tension: str
    is_: str


@frozen(kw_only=True)
class Reading:
    of: Names
    says: str
    because: str
    otherwise: str
    resolves: Resolves | None = None


@frozen(kw_only=True)
class Side:
    is_: str
    says: str
    basis: Names


@frozen(kw_only=True)
class Tension:
    says: str
    sides: tuple[Side, ...]


@frozen(kw_only=True)
class Said:
    """A statement and what it rests on: a consent, an agreement, a data category, a part of a record."""

    says: str
    basis: Names


@frozen(kw_only=True)
class Feature(Said):
    default: Literal["off", "on"] = "off"


@frozen(kw_only=True)
class Attribute(Said):
    values: Names


@frozen(kw_only=True)
class When:
    """A condition; several keys mean all of them."""

    feature: str | None = None
    consent: str | None = None
    agreement: str | None = None
    customer_in: str | None = None
    region_in: str | None = None
    attribute: str | None = None
    tension: str | None = None
    is_: Values | None = None
    all_: tuple[When, ...] | None = None
    any_: tuple[When, ...] | None = None
    not_: When | None = None


@frozen(kw_only=True)
class Region(Dated):
    id: str
    name: str
    basis: Names
    places: Places | None = None


@frozen(kw_only=True)
class Placement:
    rule: Literal["by-customer", "fixed", "free-choice", "not-promised"]
    basis: Names
    region: str | None = None
    agreed: Names | None = None
    agreed_when: When | None = None


@frozen(kw_only=True)
class CustomerRegion(Dated):
    id: str
    customers: Customers
    home: str
    basis: Names


@frozen(kw_only=True)
class Engagement(Dated):
    activity: Literal["hosting", "service", "support"]
    purpose: str
    basis: Names
    data: Names | None = None
    regions: Names | None = None
    places: Places | None = None
    when: When | None = None
    only: Names | None = None


@frozen(kw_only=True)
class Parent:
    name: str
    registered_in: str | None = None


@frozen(kw_only=True)
class SubProcessor:
    id: str
    name: str
    engagements: tuple[Engagement, ...]
    aliases: Names = ()
    kind: Literal["third party", "affiliate", "unnamed class"] = "third party"
    registered_in: str | None = None
    parent: Parent | None = None


@frozen(kw_only=True)
class ResidencyException(Dated):
    data: Names
    basis: Names
    when: When | None = None
    regions: Names | None = None
    places: Places | None = None


@frozen(kw_only=True)
class Record:
    topic: str
    says: str
    basis: Names
    all_of: tuple[Said, ...] = ()
    one_of: tuple[Said, ...] = ()


@frozen(kw_only=True)
class RegisterFile:
    """A register: what a vendor publishes, as TOML."""

    format: Literal[1]
    id: str
    vendor: str
    service: str | None = None
    published: date
    checked: date | None = None
    speaks_from: date | None = None
    basis: Names
    clauses: dict[str, Clause]
    readings: dict[str, Reading] = field(factory=dict)
    tensions: dict[str, Tension] = field(factory=dict)
    features: dict[str, Feature] = field(factory=dict)
    consents: dict[str, Said] = field(factory=dict)
    agreements: dict[str, Said] = field(factory=dict)
    attributes: dict[str, Attribute] = field(factory=dict)
    data: dict[str, Said] = field(factory=dict)
    regions: tuple[Region, ...]
    placement: Placement
    customer_regions: tuple[CustomerRegion, ...] = ()
    own_infrastructure: tuple[Engagement, ...] = ()
    sub_processors: tuple[SubProcessor, ...]
    exceptions: tuple[ResidencyException, ...] = ()
    records: tuple[Record, ...] = ()


@frozen(kw_only=True)
class HouseCustomerRegion(Dated):
    id: str
    customers: Customers
    home: str
    because: str


@frozen(kw_only=True)
class Forbid:
    id: str
    who: str
    because: str
    when: When | None = None


@frozen(kw_only=True)
class Resolve:
    id: str
    tension: str
    is_: str
    because: str


@frozen(kw_only=True)
class HouseRulesFile:
    """House rules over a register, as TOML."""

    format: Literal[1]
    register: str
    decided_by: str
    decided_on: date
    customer_regions: tuple[HouseCustomerRegion, ...] = ()
    forbid: tuple[Forbid, ...] = ()
    resolve: tuple[Resolve, ...] = ()


@frozen(kw_only=True)
class RestrictionShape:
    within: Names | None = None
    never_in: Names | None = None
    never_registered_in: Names | None = None
    activities: tuple[Literal["hosting", "service", "support"], ...] = ()
    data: Names = ()


@frozen(kw_only=True)
class TenantShape:
    country: str
    agreed_region: str | None = None
    features: Names = ()
    consents: Names = ()
    agreements: Names = ()
    switched_off: Names = ()
    attributes: dict[str, str] = field(factory=dict)
    restrictions: tuple[RestrictionShape, ...] = ()
    objections: Names = ()


@frozen(kw_only=True)
class TenantsFile:
    """Tenants, as TOML or JSON."""

    format: Literal[1]
    tenants: tuple[TenantShape, ...]


@frozen(kw_only=True)
class Members(Dated):
    countries: Names
    source: str


@frozen(kw_only=True)
class GroupingFile(Dated):
    """A dated grouping of countries, as shipped; `since` and `until` are its coverage."""

    format: Literal[1]
    id: str
    name: str
    says: str
    checked: date
    sources: dict[str, str]
    members: tuple[Members, ...]
    unclear: tuple[Members, ...] = ()


@frozen(kw_only=True)
class M49Group:
    id: str
    countries: Names
    unclear: Names = ()


@frozen(kw_only=True)
class M49File:
    """Geographical groupings without dates, as shipped."""

    format: Literal[1]
    source: str
    groupings: tuple[M49Group, ...]
