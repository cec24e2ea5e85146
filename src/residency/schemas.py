"""JSON Schemas (draft 2020-12) of what goes in and comes out as plain JSON types.

>>> from residency import schemas
>>> schemas.tenant()["required"]
['country']
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .model.body import restriction_schema, tenant_schema
from .model.rows import ACTIVITIES, FORMS, UNSTATED_ACTIVITY
from .model.verdict import Verdict
from .result import evidence as _evidence
from .result import format_2
from .result import receipt as _receipt
from .result.answers import DIGESTS
from .result.messages import LISTS, NAMES, VERDICT_OF
from .result.reason import OF_NOTES, UNCONDITIONAL

__all__ = ["evidence", "receipt", "restriction", "tenant"]

Schema = dict[str, Any]
_DIALECT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def tenant() -> Schema:
    """The schema of what `Tenant.from_dict` takes and `Tenant.to_dict` writes.

    Which features, consents and other names there are is for a register to say, and that no feature is both on and
    switched off for `Tenant`.
    """
    return {**_DIALECT, **tenant_schema()}


def restriction() -> Schema:
    """The schema of what `Restriction.from_dict` takes and `to_dict` writes; the places there are, a register says."""
    return {**_DIALECT, **restriction_schema()}


def evidence() -> Schema:
    """The schema of what `Decision.to_dict` writes (format 2).

    What follows from the rest, and whether a place in a list is there, `Decision.from_dict` checks, and no schema.
    """
    lists = dict.fromkeys(("hosts", "permitted", "undetermined", "prohibited", "to_disclose"), _NAMES)
    schema = _object(
        {
            "format": {"const": _evidence.FORMAT},
            "library": {**_TEXT, "description": "the version of this library that answered"},
            "register": _heading(),
            "tenant": tenant_schema(),
            "as_of": {**_DAY, "description": "the day asked about"},
        },
        region={**_TEXT, "description": "the one hosting region where the data lives"},
        settled={**_TEXT, "description": "the hosting region that placement settles"},
        **lists,
        announced=_by_name({"anyOf": [_DAY, {"type": "null"}]}),
        notices=_PLACES,
        regions=_by_name(_object({"name": _TEXT, "verdict": _VERDICT}, reason=_PLACE, limits=_PLACES)),
        sub_processors=_by_name(_object({"name": _TEXT, "engagements": _list(_engagement())})),
        closed=_list(_object({"of": _TEXT, "basis": _NAMES}, activity=_ACTIVITY, data=_NAMES, regions=_NAMES)),
        reasons=_list({"anyOf": _reasons()}),
        notes=_list(_condition(OF_NOTES)),
        sentences=_object({}, **_sentences()),
        labels=_object({}, **dict.fromkeys(_evidence.LABELLED, _by_name(_TEXT))),
        sources=_list(_object({"id": _TEXT}, **dict.fromkeys(_SOURCE, _TEXT))),
        documents=_by_name(_object({"name": _TEXT}, published=_DAY, at=_TEXT, **_FORMS)),
    )
    return {**_DIALECT, "title": "Evidence", "description": "A decision, complete without the register.", **schema}


def receipt() -> Schema:
    """The schema of what the bytes of a `Receipt` hold; that they are canonical, and what follows, `read` checks."""
    plain, with_activities = _why(), _why(_ACTIVITIES)
    verdicts = [verdict.lower() for verdict in Verdict]
    answers = _object(
        {
            "engagements": {**_SHORT, "description": "of the answers engagement by engagement"},
            "told": {**_SHORT, "description": "of names and purposes"},
        },
        region={**_TEXT, "description": "the one hosting region where the data lives"},
        settled={**_TEXT, "description": "the hosting region that placement settles, where it is not permitted"},
        hosts=_NAMES,
        to_disclose=_NAMES,
        announced=_by_name({"anyOf": [_DAY, {"const": "", "description": "the day is not stated"}]}),
        regions=_object({}, **dict.fromkeys(verdicts, _by_name(plain))),
        sub_processors=_object(
            {}, **dict.fromkeys(verdicts, _by_name(plain)) | {"permitted": _by_name(with_activities)}
        ),
    )
    schema = _object(
        {
            "answers": answers,
            "as_of": {**_DAY, "description": "the day asked about"},
            "format": {"const": _receipt.FORMAT},
            "kind": {"const": _receipt.KIND},
            "library": {**_TEXT, "description": "the version of this library that answered"},
            "register": _object({"id": _TEXT, **_DIGESTS}),
            "tenant": tenant_schema(),
        }
    )
    return {**_DIALECT, "title": "Receipt", "description": "The small stored form of a decision.", **schema}


# --- Within ---


def _object(required: Mapping[Any, Any], **optional: Any) -> Schema:
    """An object of these keys and no others."""
    properties = {**required, **optional}
    return {"type": "object", "properties": properties, "required": [*required], "additionalProperties": False}


def _by_name(value: Schema) -> Schema:
    """An object whose keys are names."""
    return {"type": "object", "additionalProperties": value, "minProperties": 1}


def _list(items: Schema, least: int = 1) -> Schema:
    return {"type": "array", "items": items, "minItems": least}


def _positional(*items: Schema) -> Schema:
    """An array of just these items, each with what it is."""
    return {"type": "array", "prefixItems": [*items], "items": False, "minItems": len(items)}


_TEXT: Schema = {"type": "string"}
_DAY = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_SHORT = {"type": "string", "pattern": "^[0-9a-f]{16}$"}
_FORMS = {key: {"type": "string", "pattern": f"^{form}$"} for key, (_, form) in FORMS.items()}
_VERDICT = {"enum": [verdict.value for verdict in Verdict]}
_ACTIVITY = {"enum": [*ACTIVITIES, UNSTATED_ACTIVITY]}
_PLACE = {"type": "integer", "minimum": 0}
"""A place in a list: of a reason, a note, or a restriction of the tenant."""
_PLACES, _NAMES = _list(_PLACE), _list(_TEXT)
_BASIS = {"type": "array", "items": {"anyOf": [_TEXT, _PLACE]}}
_DIGESTS = {**dict.fromkeys(DIGESTS, _SHORT), "digest": {"type": "string", "pattern": "^[a-z0-9]+:[0-9a-f]{64}$"}}
_SOURCE = ("author", "says", "at", "quote", "because", "otherwise")
_CODE = {"type": "string", "pattern": f"^({'|'.join(sorted(_receipt.CODES)).replace('.', '[.]')})(:|$)"}
_ACTIVITIES = {"type": "array", "items": _ACTIVITY, "description": "the activities that are permitted"}


def _why(*more: Schema) -> Schema:
    """Why an answer in a receipt is what it is."""
    codes = {"type": "array", "items": _CODE, "description": "the codes that decided, each with what it is of"}
    basis = {**_BASIS, "description": "ids of what it rests on; a number is the place of a restriction of the tenant"}
    return _positional(codes, basis, *more)


def _heading() -> Schema:
    days = dict.fromkeys(_evidence.DAYS, _DAY)
    rules = _object({"by": _TEXT, "on": _DAY})
    required = dict.fromkeys(("id", "vendor", "service"), _TEXT)
    return _object(required, **days, data_categories=_NAMES, **_DIGESTS, house_rules=rules)


def _engagement() -> Schema:
    sides = dict.fromkeys(_evidence.SIDES, _PLACE)
    required = {"activity": _ACTIVITY, "purpose": _TEXT}
    return _object(required, region=_TEXT, places=_NAMES, data=_NAMES, **sides, limits=_PLACES)


def _reasons() -> list[Schema]:
    """A condition, or a combination of earlier reasons by their places."""
    combined = [_object({code: _list(_PLACE, 2)}) for code in ("all", "any")]
    return [_condition(VERDICT_OF.keys() - {UNCONDITIONAL.code}), *combined, _object({"not": _positional(_PLACE)})]


def _condition(codes: Iterable[str]) -> Schema:
    """A condition or note: its code, the names that it is about, what it rests on, and words if they are its own."""
    kinds = {**dict.fromkeys(LISTS, _NAMES), **dict.fromkeys(format_2.ABOUT_DAYS, _DAY), "demand": _PLACE}
    about = _object({}, **{name: kinds.get(name, _TEXT) for name in NAMES})
    return _object({"code": {"enum": sorted(codes)}}, about=about, basis=_BASIS, words=_TEXT)


def _sentences() -> dict[str, Schema]:
    """The sentence of a code, of a condition after the verdict that the code gives."""
    sentence = {**_TEXT, "maxLength": format_2.LONGEST_SENTENCE}
    of_conditions = {code: _positional({"const": verdict.value}, sentence) for code, verdict in VERDICT_OF.items()}
    return {**of_conditions, **dict.fromkeys(OF_NOTES, sentence)}
