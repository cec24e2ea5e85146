"""What tests of stored decisions and receipts share: one with one value of it changed."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import Any

__all__ = ["mutations", "parts", "put"]

Path = tuple[str | int, ...]


def parts(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value in it but the whole, with its path."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield (*path, key), part
        yield from parts(part, (*path, key))


def put(record: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """The record with that value at the path, or without it where the value is `...`; what is not on it is shared."""
    changed: dict[str, Any] = copy(record)
    holder: Any = changed
    for key in path[:-1]:
        holder[key] = copy(holder[key])
        holder = holder[key]
    if value is ...:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return changed


def mutations(record: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The record with one value left out, replaced by a neighbour of its kind, or repeated."""
    for path, value in parts(record):
        for name, other in _others(value):
            yield f"{path} {name}", put(record, path, other)


def _others(value: Any) -> Iterator[tuple[str, Any]]:
    yield "left out", ...
    if isinstance(value, str):
        yield "another text", {"PERMITTED": "PROHIBITED", "EU": "US", "linode": "aws"}.get(value, value + "x")
        yield "no text", 5
    elif isinstance(value, int):
        yield "one more", value + 1
        yield "one less", value - 1
        yield "as true or false", bool(value)
    elif isinstance(value, list) and value:
        yield "repeated", [*value, value[-1]]
        yield "reversed", value[::-1] if value[::-1] != value else [*value, "x"]
    elif isinstance(value, dict):
        yield "with an unknown key", {**value, "unknown": "x"}
