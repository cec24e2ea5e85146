"""Where something stands in a file: the keys and numbers that lead to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..errors import shortened

__all__ = ["Path", "fault_order", "written"]

Path = tuple[str | int, ...]


def fault_order(content: object) -> Callable[[Path], tuple[int, ...]]:
    """A sort key that puts paths in the order of the file; what is missing comes before what is there."""
    places: dict[int, dict[str | int, int]] = {}  # of the keys of each table, which is looked through once

    def positions(path: Path) -> Iterator[int]:
        here: Any = content
        for step in path:
            if isinstance(here, dict):
                if step not in here:
                    return
                if id(here) not in places:
                    places[id(here)] = {key: place for place, key in enumerate(here)}
                yield places[id(here)][step]
            else:
                yield int(step)
            here = here[step]

    return lambda path: tuple(positions(path))


def written(path: Path) -> str:
    """The path as messages show it."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{shortened(step)}" for step in path)
