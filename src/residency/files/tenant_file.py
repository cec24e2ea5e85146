"""Tenants files: the second pass, against the register that will be asked about the tenants, to `Tenant`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from os import PathLike
from typing import Any

from ..errors import BadInput, quoted
from ..model.places import checked_country
from ..model.register import Register
from ..model.resources import Resource
from ..model.tenant import Restriction, Tenant
from .parse import read
from .schema import RestrictionShape, TenantsFile, TenantShape
from .semantics import Semantics
from .structure import Path, structured

__all__ = ["TenantRows", "load_tenants", "tenant_of", "tenants_of"]

_DEMANDS = ("within", "never_in", "never_registered_in")


def load_tenants(source: str | PathLike[str] | Resource, register: Register) -> tuple[Tenant, ...]:
    """See `residency.load_tenants`."""
    if not isinstance(register, Register):
        raise BadInput(f"expected a Register, got {quoted(register)}", "pass what load_register returned")
    parsed = read(source)
    return tenants_of(parsed.content, parsed.name, register)


def tenants_of(content: dict[str, Any], file_name: str, register: Register) -> tuple[Tenant, ...]:
    """The tenants that a file of this content holds; `file_name` is its name in messages."""
    return _TenantsReader(file_name, content, register).tenants()


class _TenantsReader:
    """Reader of one tenants file."""

    def __init__(self, file_name: str, content: dict[str, Any], register: Register) -> None:
        self.file = structured(content, TenantsFile, file_name)
        self.semantics = Semantics(file_name, content, register.groups)
        self.semantics.register_names(register)
        self.rows = TenantRows(self.semantics, register.on_by_default)

    def tenants(self) -> tuple[Tenant, ...]:
        """The tenants; raises `BadFile` with every fault."""
        for index, row in enumerate(self.file.tenants):
            self.rows.check(("tenants", index), row)
        self.semantics.done()
        return tuple(tenant_of(row) for row in self.file.tenants)


class TenantRows:
    """The second pass over tenants; `on_by_default` are the features that a tenant may switch off."""

    def __init__(self, semantics: Semantics, on_by_default: Collection[str]) -> None:
        self.semantics, self.on_by_default = semantics, on_by_default

    def check(self, path: Path, row: TenantShape) -> None:
        """Note each fault of one tenant."""
        semantics = self.semantics
        try:
            checked_country(row.country)
        except BadInput as error:
            semantics.fault((*path, "country"), error.message, error.remedy)
        if row.agreed_region is not None:
            semantics.name((*path, "agreed_region"), "hosting region", row.agreed_region)
        semantics.names((*path, "features"), "feature", row.features)
        semantics.names((*path, "consents"), "consent", row.consents)
        semantics.names((*path, "agreements"), "agreement", row.agreements)
        semantics.names((*path, "objections"), "sub-processor", row.objections)
        self._switched_off((*path, "switched_off"), row)
        for name, value in row.attributes.items():
            semantics.name((*path, "attributes", name), "attribute", name)
            semantics.value((*path, "attributes", name), "attribute", name, value)
        for number, restriction in enumerate(row.restrictions):
            self._check_restriction((*path, "restrictions", number), restriction)

    def _switched_off(self, path: Path, row: TenantShape) -> None:
        self.semantics.names(path, "feature", row.switched_off)
        on = set(row.features)
        for number, name in enumerate(row.switched_off):
            if name in on:
                message = f"feature {name!r} is both on and switched off"
                self.semantics.fault((*path, number), message, "name it in one of the two")
            elif name in self.semantics.known["feature"] and name not in self.on_by_default:
                remedy = "leave it out of switched_off"
                self.semantics.fault((*path, number), f"feature {name!r} is off unless it is named in features", remedy)

    def _check_restriction(self, path: Path, row: RestrictionShape) -> None:
        semantics = self.semantics
        demands = [key for key in _DEMANDS if getattr(row, key) is not None]
        if len(demands) != 1:
            message = f"a restriction has exactly one of {', '.join(_DEMANDS)}, got {len(demands)}"
            semantics.fault(path, message, "write one restriction for each of them")
        for key in demands:
            semantics.check_not_everywhere((*path, key), semantics.places((*path, key), getattr(row, key)) or ())
        semantics.check_unique((*path, "activities"), row.activities)
        semantics.names((*path, "data"), "data category", row.data)


def tenant_of(row: TenantShape) -> Tenant:
    """The tenant of a row that `TenantRows` has checked."""
    return Tenant(
        country=row.country,
        agreed_region=row.agreed_region,
        features=row.features,
        consents=row.consents,
        agreements=row.agreements,
        switched_off=row.switched_off,
        attributes=row.attributes,
        restrictions=tuple(_restrictions(row)),
        objections=row.objections,
    )


def _restrictions(row: TenantShape) -> Iterator[Restriction]:
    for restriction in row.restrictions:
        demands = {key: getattr(restriction, key) for key in _DEMANDS}
        yield Restriction(**demands, activities=restriction.activities, data=restriction.data)
