"""Tenants from TOML or JSON, checked against the register that will be asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from os import PathLike
from typing import Any

from ..errors import BadInput, quoted
from ..model.places import checked_country
from ..model.register import Register
from ..model.tenant import Restriction, Tenant
from .parse import read
from .schema import RestrictionShape, TenantsFile, TenantShape
from .semantics import Meaning
from .structure import Path, shaped

__all__ = ["TenantRows", "load_tenants", "tenant_of", "tenants_of"]

_DEMANDS = ("within", "never_in", "never_registered_in")


def load_tenants(source: str | PathLike[str], register: Register) -> tuple[Tenant, ...]:
    """See `residency.load_tenants`."""
    if not isinstance(register, Register):
        raise BadInput(f"expected a Register, got {quoted(register)}", "pass what load_register returned")
    called, content = read(source)
    return tenants_of(content, called, register)


def tenants_of(content: dict[str, Any], called: str, register: Register) -> tuple[Tenant, ...]:
    """The tenants that a file of this content holds; `called` is the file's name in messages."""
    return _Reading(called, content, register).tenants()


class _Reading:
    """One tenants file on its way to tenants."""

    def __init__(self, called: str, content: dict[str, Any], register: Register) -> None:
        self.file = shaped(content, TenantsFile, called)
        self.meaning = Meaning(called, content, register.groups)
        self.meaning.register_names(register)
        self.rows = TenantRows(self.meaning, register.on_by_default)

    def tenants(self) -> tuple[Tenant, ...]:
        """The tenants, or `BadFile`."""
        for index, row in enumerate(self.file.tenants):
            self.rows.check(("tenants", index), row)
        self.meaning.done()
        return tuple(tenant_of(row) for row in self.file.tenants)


class TenantRows:
    """The second pass over tenants; `on_by_default` are the features that a tenant may switch off."""

    def __init__(self, meaning: Meaning, on_by_default: Collection[str]) -> None:
        self.meaning, self.on_by_default = meaning, on_by_default

    def check(self, path: Path, row: TenantShape) -> None:
        """Note each fault of one tenant."""
        meaning = self.meaning
        try:
            checked_country(row.country)
        except BadInput as error:
            meaning.fault((*path, "country"), error.message, error.remedy)
        if row.agreed_region is not None:
            meaning.name((*path, "agreed_region"), "hosting region", row.agreed_region)
        meaning.names((*path, "features"), "feature", row.features)
        meaning.names((*path, "consents"), "consent", row.consents)
        meaning.names((*path, "agreements"), "agreement", row.agreements)
        meaning.names((*path, "objections"), "sub-processor", row.objections)
        self._switched_off((*path, "switched_off"), row)
        for name, value in row.attributes.items():
            meaning.name((*path, "attributes", name), "attribute", name)
            meaning.value((*path, "attributes", name), "attribute", name, value)
        for number, restriction in enumerate(row.restrictions):
            self._check_restriction((*path, "restrictions", number), restriction)

    def _switched_off(self, path: Path, row: TenantShape) -> None:
        self.meaning.names(path, "feature", row.switched_off)
        on = set(row.features)
        for number, name in enumerate(row.switched_off):
            if name in on:
                self.meaning.fault(
                    (*path, number), f"feature {name!r} is both on and switched off", "name it in one of the two"
                )
            elif name in self.meaning.known["feature"] and name not in self.on_by_default:
                remedy = "leave it out of switched_off"
                self.meaning.fault((*path, number), f"feature {name!r} is off unless it is named in features", remedy)

    def _check_restriction(self, path: Path, row: RestrictionShape) -> None:
        meaning = self.meaning
        made = [key for key in _DEMANDS if getattr(row, key) is not None]
        if len(made) != 1:
            message = f"a restriction makes exactly one of the demands {', '.join(_DEMANDS)}, got {len(made)}"
            meaning.fault(path, message, "write one restriction for each demand")
        for key in made:
            meaning.somewhere((*path, key), meaning.places((*path, key), getattr(row, key)) or ())
        meaning.once((*path, "activities"), row.activities)
        meaning.names((*path, "data"), "data category", row.data)


def tenant_of(row: TenantShape) -> Tenant:
    """The tenant of a row that was checked."""
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
    for each in row.restrictions:
        demands = {key: getattr(each, key) for key in _DEMANDS}
        yield Restriction(**demands, activities=each.activities, data=each.data)
