"""JSON Schemas (draft 2020-12) of what goes in and comes out as plain JSON types.

>>> from residency import schemas
>>> schemas.tenant()["required"]
['country']
"""

from __future__ import annotations

from typing import Any

from .model.body import restriction_schema, tenant_schema

__all__ = ["restriction", "tenant"]

_DIALECT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def tenant() -> dict[str, Any]:
    """The schema of what `Tenant.from_dict` takes and `Tenant.to_dict` writes.

    Which features, consents and other names there are is for a register to say, and that no feature is both on and
    switched off for `Tenant`.
    """
    return {**_DIALECT, **tenant_schema()}


def restriction() -> dict[str, Any]:
    """The schema of what `Restriction.from_dict` takes and `to_dict` writes; the places there are, a register says."""
    return {**_DIALECT, **restriction_schema()}
