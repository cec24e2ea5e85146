"""Request bodies: how pydantic, and FastAPI by it, reads a tenant or restriction, and the JSON Schema of each.

pydantic is no dependency: whoever uses it asks `__get_pydantic_core_schema__`, and only then is it imported.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ..errors import BadInput, Fault
from .places import EVERYWHERE, countries
from .rows import ACTIVITIES

__all__ = ["Body", "core_schema", "restriction_schema", "tenant_schema"]


class Body(Protocol):
    """A value that is read from plain JSON types, and written as them."""

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> Body:
        """The value; raises `BadInput` with every fault."""
        ...

    def to_dict(self) -> dict[str, Any]:
        """The value as plain JSON types."""
        ...


def core_schema(kind: type[Body]) -> Any:
    """The schema by which pydantic reads an object by `from_dict`, each fault at its field, and writes `to_dict`."""
    from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError
    from pydantic_core.core_schema import no_info_plain_validator_function, plain_serializer_function_ser_schema

    def details(fault: Fault, value: object) -> InitErrorDetails:
        template = "{message} ({remedy})" if fault.remedy else "{message}"
        error = PydanticCustomError("bad_input", template, {"message": fault.message, "remedy": fault.remedy})
        steps = _steps(fault.field)
        return InitErrorDetails(type=error, loc=steps, input=_at(value, steps))

    def read(value: Any) -> Body:
        if isinstance(value, kind):
            return value
        try:
            return kind.from_dict(value)
        except BadInput as error:
            faults = [details(fault, value) for fault in error.faults]
            raise ValidationError.from_exception_data(kind.__name__, faults) from None

    return no_info_plain_validator_function(read, serialization=plain_serializer_function_ser_schema(kind.to_dict))


def _steps(field: str) -> tuple[str | int, ...]:
    """The keys and indexes of a field: `("restrictions", 0, "within")`; an unknown key stays as it is."""
    match = re.fullmatch(r"(\w+)\[(\d+)\](?:\.(.*))?", field, re.DOTALL)
    if match is None:
        return (field,) if field else ()
    key, index, inner = match.groups()
    return (key, int(index), *((inner,) if inner else ()))


def _at(value: Any, steps: Sequence[str | int]) -> Any:
    """What stands there: never the whole body, which a hundred faults would send back a hundred times; else None."""
    for step in steps:
        try:
            value = value[step]
        except LookupError:
            return None
    return value


_NAMES = {"type": "array", "items": {"type": "string"}}
_PLACES = {
    "type": ["array", "null"],
    "items": {"type": "string", "pattern": f"^(?!{EVERYWHERE}$|{EVERYWHERE} in )"},
    "minItems": 1,
}
_DEMANDS = {
    "within": "places that all of it must be in, together: country codes, groupings, or alternatives (CA|US)",
    "never_in": "places that nothing of it may be in",
    "never_registered_in": "places where nobody may be registered who touches the data, nor its parent",
}


def restriction_schema() -> dict[str, Any]:
    """The JSON Schema of a restriction: an object that has exactly one of the three demands."""
    return {
        "title": "Restriction",
        "description": "A demand of the tenant on places: exactly one of within, never_in, never_registered_in.",
        "type": "object",
        "properties": {
            **{key: {**_PLACES, "description": says} for key, says in _DEMANDS.items()},
            "activities": {
                "type": "array",
                "items": {"enum": list(ACTIVITIES)},
                "description": "the activities that it is about; all, if none is named",
            },
            "data": {**_NAMES, "description": "the data categories that it is about; all, if none is named"},
        },
        "additionalProperties": False,
        "oneOf": [{"required": [key], "properties": {key: {"type": "array"}}} for key in _DEMANDS],
    }


def tenant_schema() -> dict[str, Any]:
    """The JSON Schema of a tenant; which names there are, but for countries, each register says."""
    sets = {
        "features": "features that are on",
        "consents": "consents that were given",
        "agreements": "agreements that exist",
        "switched_off": "features that are on by default and off for this tenant",
        "objections": "sub-processors that it objects to",
    }
    return {
        "title": "Tenant",
        "description": "One customer's isolated share of the service: the facts that decide where its data may live.",
        "type": "object",
        "properties": {
            "country": {"enum": sorted(countries()), "description": "the customer's country, ISO 3166-1 alpha-2"},
            "agreed_region": {
                "type": ["string", "null"],
                "minLength": 1,
                "description": "the hosting region agreed with the vendor",
            },
            **{key: {**_NAMES, "description": says} for key, says in sets.items()},
            "attributes": {
                "type": "object",
                "additionalProperties": {"type": "string"},
                "description": "values of attributes, such as the plan; unknown, if not named",
            },
            "restrictions": {"type": "array", "items": restriction_schema(), "description": "its demands on places"},
        },
        "required": ["country"],
        "additionalProperties": False,
    }
