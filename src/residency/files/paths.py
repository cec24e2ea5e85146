"""Paths into a file: the keys and indexes that lead to a value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..errors import shortened

__all__ = ["Path", "fault_order", "written"]

Path = tuple[str | int, ...]


def fault_order(content: object) -> Callable[[Path], tuple[int, ...]]:
    """A sort key that puts paths in the order of the file; a key that is missing comes before those that are there."""
    known: dict[int, dict[str | int, int]] = {}  # positions of the keys of a table, by its id: worked out once

    def positions(path: Path) -> Iterator[int]:
        value: Any = content
        for step in path:
            if isinstance(value, dict):
                if step not in value:
                    return
                if id(value) not in known:
                    known[id(value)] = {key: position for position, key in enumerate(value)}
                yield known[id(value)][step]
            else:
                yield int(step)
            value = value[step]

    return lambda path: tuple(positions(path))


def written(path: Path) -> str:
    """The path as messages show it, `$.regions[0].basis`."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{shortened(step)}" for step in path)
