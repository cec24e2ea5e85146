"""The reference of the register format and its JSON Schema: made from the shapes, true, and up to date."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import fields_dict
from jsonschema import Draft202012Validator

from residency.files.format_docs import json_schema, reference, tables
from residency.files.structure import key_of

DOCS = Path(__file__).parents[3] / "docs" / "reference"
BASE = Path(__file__).parents[2] / "cases" / "base"
SCHEMA = json_schema()


def schema_of(name: str) -> dict[str, Any]:
    """The schema of one table."""
    own: dict[str, Any] = SCHEMA["$defs"].get(name, SCHEMA)
    return own


def every_key() -> Iterator[Any]:
    """Every key of every table, with its example."""
    for table in tables():
        for name, each in fields_dict(table).items():
            key = key_of(name)
            yield pytest.param(table.__name__, key, each.metadata["example"], id=f"{table.__name__}.{key}")


def faults(schema: dict[str, Any], value: Any) -> list[str]:
    """What the schema has against the value; a day stands as its text in JSON."""
    plain = json.loads(json.dumps(value, default=date.isoformat))
    checker = Draft202012Validator(
        {**schema, "$defs": SCHEMA["$defs"]}, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    return [error.message for error in checker.iter_errors(plain)]


def test_the_pages_are_those_that_the_command_prints() -> None:
    """`residency format > docs/reference/register-format.md`, and `--json` likewise."""
    assert reference() + "\n" == (DOCS / "register-format.md").read_text("utf-8")
    assert SCHEMA == json.loads((DOCS / "register.schema.json").read_text("utf-8"))


@pytest.mark.parametrize(("table", "key", "example"), list(every_key()))
def test_every_key_has_an_example_that_is_valid_toml_of_its_type(table: str, key: str, example: str) -> None:
    """The one that the reference shows."""
    content = tomllib.loads(f"{key} = {example}")
    assert [] == faults(schema_of(table)["properties"][key], content[key])
    assert f"| `{key}` |" in reference()


def test_the_schema_is_a_schema() -> None:
    """Of the draft that it names, closed in every table, every key with its meaning."""
    Draft202012Validator.check_schema(SCHEMA)
    for table in (SCHEMA, *SCHEMA["$defs"].values()):
        assert table["additionalProperties"] is False
        assert all(each["description"] for each in table["properties"].values())


@pytest.mark.parametrize("name", ["register", "versions"])
def test_the_schema_accepts_what_the_library_accepts(name: str) -> None:
    """A register with a row of every kind."""
    assert [] == faults(SCHEMA, tomllib.loads((BASE / f"{name}.toml").read_text("utf-8")))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fromat": 1}, "Additional properties are not allowed ('fromat' was unexpected)"),
        ({"format": 2}, "2 is not one of [1]"),
        ({"vendor": " "}, r"' ' does not match '\\S'"),
        ({"published": "soon"}, "'soon' is not a 'date'"),
        ({"regions": "EU"}, "'EU' is not of type 'array'"),
        ({"placement": {"rule": "free", "basis": ["2"]}}, "'free' is not one of"),
        ({"placement": {"rule": "free-choice"}}, "'basis' is a required property"),
    ],
)
def test_the_schema_refuses_what_the_library_refuses(change: dict[str, Any], message: str) -> None:
    """The shape alone: what rows mean together only the library checks."""
    content = {**tomllib.loads((BASE / "register.toml").read_text("utf-8")), **change}
    assert message in "\n".join(faults(SCHEMA, content))
