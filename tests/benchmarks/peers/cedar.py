"""The bundled register's policy in Cedar, on 2026-11-23: one request per hosting region and per sub-processor.

Policies and countries are parsed once (`PolicySet.from_str`, `Entities.from_json_str`). A tenant is added as one entity
(`Entities.with_added_json_str`), and its eleven requests are answered together (`is_authorized_batch`).
"""

from __future__ import annotations

import json
from typing import Any

from cedarpy import Entities, PolicySet, is_authorized_batch

from benchmarks.peers.by_hand import EU_SINCE_2020, US

REGIONS = ("EU", "UK", "US", "SG")
SUB_PROCESSORS = (
    "aws",
    "linode",
    "quality-unit-llc",
    "quality-unit-ukraine",
    "subcontractors",
    "twilio",
    "websupport",
)
CUSTOMERS = {"EU": EU_SINCE_2020, "UK": {"GB"}, "US": US, "SG": {"SG"}}
"""The countries of each customer region on 2026-11-23."""

POLICIES = """
// The agreed region; where none was agreed, the home region.
permit (principal is Tenant, action == Action::"store", resource is HostingRegion)
when {
    if principal has agreed_region then principal.agreed_region == resource else principal in resource.customers
};

// Linode stores wherever a region is settled.
permit (principal is Tenant, action == Action::"touch", resource == SubProcessor::"linode")
when { principal has agreed_region || principal in World::"placed" };

// Websupport stores for customers in the EU, in the EU.
permit (principal is Tenant in CustomerRegion::"EU", action == Action::"touch", resource == SubProcessor::"websupport")
when { !(principal has agreed_region) || principal.agreed_region == HostingRegion::"EU" };

// The two affiliates provide the service to everybody.
permit (principal is Tenant, action == Action::"touch", resource in Group::"Quality Unit");

permit (principal is Tenant, action == Action::"touch", resource == SubProcessor::"twilio")
when { principal.features.contains("voip") };

permit (principal is Tenant, action == Action::"touch", resource == SubProcessor::"subcontractors")
when { principal.consents.contains("subcontractor-access") };
"""


def _uid(kind: str, name: str) -> dict[str, str]:
    return {"type": kind, "id": name}


def _entity(kind: str, name: str, *parents: dict[str, str], **attributes: Any) -> dict[str, Any]:
    return {"uid": _uid(kind, name), "attrs": attributes, "parents": list(parents)}


def _entities() -> list[dict[str, Any]]:
    """Countries in customer regions, hosting regions with the customers at home there, the affiliates' group."""
    return [
        *(_entity("CustomerRegion", name, _uid("World", "placed")) for name in REGIONS),
        *(_entity("HostingRegion", name, customers={"__entity": _uid("CustomerRegion", name)}) for name in REGIONS),
        *(
            _entity("Country", code, _uid("CustomerRegion", name))
            for name, codes in CUSTOMERS.items()
            for code in sorted(codes)
        ),
        *(_entity("SubProcessor", name, _uid("Group", "Quality Unit")) for name in SUB_PROCESSORS[2:4]),
    ]


POLICY_SET = PolicySet.from_str(POLICIES)
ENTITIES = Entities.from_json_str(json.dumps(_entities()))
TENANT = _uid("Tenant", "one")
REQUESTS = [
    {"principal": TENANT, "action": _uid("Action", action), "resource": _uid(kind, name)}
    for action, kind, names in (("store", "HostingRegion", REGIONS), ("touch", "SubProcessor", SUB_PROCESSORS))
    for name in names
]


def answer(country: str, agreed_region: str | None, voip: bool, consent: bool) -> tuple[str | None, tuple[str, ...]]:
    """The decision, put together from what Cedar allows."""
    attributes: dict[str, Any] = {
        "features": ["voip"] if voip else [],
        "consents": ["subcontractor-access"] if consent else [],
    }
    if agreed_region is not None:
        attributes["agreed_region"] = {"__entity": _uid("HostingRegion", agreed_region)}
    tenant = {"uid": TENANT, "attrs": attributes, "parents": [_uid("Country", country)]}
    results = is_authorized_batch(REQUESTS, POLICY_SET, ENTITIES.with_added_json_str(json.dumps([tenant])))
    allowed = [result.allowed for result in results]
    regions = [name for name, stores in zip(REGIONS, allowed, strict=False) if stores]
    touched = zip(SUB_PROCESSORS, allowed[len(REGIONS) :], strict=True)
    return regions[0] if len(regions) == 1 else None, tuple(name for name, touches in touched if touches)
