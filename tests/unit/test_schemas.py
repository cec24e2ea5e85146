"""JSON Schemas of evidence and receipts: they take what is written, and no key that the readers refuse."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from residency import BadInput, Decision, Resolver, Restriction, Tenant, schemas
from residency.model.canonical import canonical
from residency.result.receipt import Receipt
from snapshot.snapshot import SMALL, asked
from support import DAYS, HOUSE_RULES, REGISTER, RESOLVER, TODAY

OF_EVIDENCE, OF_RECEIPTS = map(Draft202012Validator, (schemas.evidence(), schemas.receipt()))
DEMANDS = {Restriction(within={"EEA"}), Restriction(never_registered_in={"US"}, activities={"hosting"})}
SOME = (
    RESOLVER.resolve(Tenant("BG", features={"voip"}), as_of=TODAY),
    RESOLVER.resolve(Tenant("US", "EU", restrictions=DEMANDS, objections={"aws"}), as_of=TODAY),
    RESOLVER.resolve(Tenant("BG"), as_of=DAYS[0]),
    Resolver(REGISTER, house_rules=HOUSE_RULES).resolve(Tenant("BR"), as_of=TODAY),
)


def evidence_of(decision: Decision) -> dict[str, Any]:
    """What `to_dict` writes, as a file gives it back."""
    read: dict[str, Any] = json.loads(json.dumps(decision.to_dict()))
    return read


def receipt_of(decision: Decision) -> dict[str, Any]:
    """What the bytes of its receipt hold."""
    read: dict[str, Any] = json.loads(decision.receipt().bytes)
    return read


def faults(validator: Any, value: Any) -> list[str]:
    """What is not as the schema says, each with its path."""
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)]


def objects(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every object in it, of one of each list."""
    if isinstance(value, dict):
        yield path
        for key in value:
            yield from objects(value[key], (*path, key))
    elif isinstance(value, list) and value:
        for index in range(len(value)):
            yield from objects(value[index], (*path, index))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    """What stands there."""
    for key in path:
        value = value[key]
    return value


def test_the_schemas_are_schemas_and_refuse_unknown_keys() -> None:
    """Of draft 2020-12; each object names its keys, or says what each of its values is."""
    for schema in (schemas.evidence(), schemas.receipt()):
        Draft202012Validator.check_schema(schema)
        for path in objects(schema):
            if at(schema, path).get("type") == "object":
                assert at(schema, path)["additionalProperties"] not in (True, {}), path


@pytest.mark.parametrize("decision", SOME)
def test_what_is_written_is_as_the_schema_says(decision: Decision) -> None:
    """And what is read back and written again."""
    for each in (decision, Decision.from_dict(evidence_of(decision))):
        assert [] == faults(OF_EVIDENCE, evidence_of(each))
        assert [] == faults(OF_RECEIPTS, receipt_of(each))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "most"), [*((name, 100) for name in SMALL), ("37signals", 10), ("slack", 10)])
def test_what_any_register_writes_is_as_the_schema_says(name: str, most: int) -> None:
    """Under demands, objections and house rules, with closed lists, exceptions, and what is announced."""
    for resolver, tenant, day in asked(name, most):
        decision = resolver.resolve(tenant, as_of=day)
        assert [] == faults(OF_EVIDENCE, evidence_of(decision))
        assert [] == faults(OF_RECEIPTS, receipt_of(decision))


def refused(read: Any, value: Any) -> bool:
    """Whether reading it raises `BadInput`."""
    try:
        read(value)
    except BadInput:
        return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize("decision", SOME)
def test_an_unknown_key_and_a_missing_one_are_refused_by_schema_and_reader_alike(decision: Decision) -> None:
    """In every object; what the schema takes of a name, the reader may know better."""
    for stored, validator, read in (
        (evidence_of(decision), OF_EVIDENCE, Decision.from_dict),
        (receipt_of(decision), OF_RECEIPTS, lambda record: Receipt.read(canonical(record))),
    ):
        assert not refused(read, stored)
        for path in objects(stored):
            values: tuple[Any, ...] = ("x", at(stored, path))
            for value in values if path[:1] != ("labels",) else ({},):  # of labels any name is a key
                changed = copy.deepcopy(stored)
                at(changed, path)["unknown"] = copy.deepcopy(value)
                assert (True, False) == (refused(read, changed), validator.is_valid(changed)), path
        for path in objects(stored):
            for key in at(stored, path):
                changed = copy.deepcopy(stored)
                del at(changed, path)[key]
                assert refused(read, changed) or validator.is_valid(changed), (path, key)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), 2),
        (("kind",), "x"),
        (("as_of",), "2026"),
        (("register", "words"), "x"),
        (("register", "digest"), "12dcd4e4e23d2695"),
        (("answers", "hosts"), []),
        (("answers", "regions", "permitted", "EU"), [[]]),
        (("answers", "regions", "permitted", "EU"), [[], [], ["hosting"]]),
        (("answers", "sub_processors", "permitted", "twilio"), [[], []]),
        (("answers", "sub_processors", "permitted", "twilio"), [[], [], ["x"]]),
        (("answers", "sub_processors", "permitted", "twilio"), [["row.listed"], [], ["service"]]),
        (("answers", "sub_processors", "permitted", "twilio"), [["feature.of:voip"], [], ["service"]]),
        (("answers", "sub_processors", "permitted", "twilio"), [[], [-1], ["service"]]),
        (("answers", "sub_processors", "permitted", "twilio"), {"codes": []}),
    ],
)
def test_a_receipt_of_another_shape_is_no_receipt(path: tuple[str, ...], value: Any) -> None:
    """Positional arrays have just their parts."""
    record = receipt_of(SOME[0])
    at(record, path[:-1])[path[-1]] = value
    assert not OF_RECEIPTS.is_valid(record)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), 1),
        (("reasons", 0), {"all": [0]}),
        (("reasons", 0), {"not": [0, 1]}),
        (("reasons", 0), {"all": [0, 1], "any": [0, 1]}),
        (("reasons", 0), {"code": "unconditional"}),
        (("reasons", 0), {"code": "limit.storage"}),
        (("notes", 0), {"code": "row.listed"}),
        (("sentences", "row.listed"), ["PROHIBITED", "x"]),
        (("sentences", "row.listed"), ["PERMITTED", "x", "x"]),
        (("sentences", "row.listed"), "x"),
        (("sentences", "limit.storage"), "x" * 1_001),
        (("regions", "EU", "verdict"), "ALLOWED"),
        (("regions", "EU", "reason"), "0"),
        (("sub_processors", "aws", "engagements"), []),
    ],
)
def test_evidence_of_another_shape_is_no_evidence(path: tuple[Any, ...], value: Any) -> None:
    """Format 1 has other keys."""
    stored = evidence_of(SOME[0])
    at(stored, path[:-1])[path[-1]] = value
    assert not OF_EVIDENCE.is_valid(stored)
