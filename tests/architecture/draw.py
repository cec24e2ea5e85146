"""Draws the rooms of the package from its imports, as the Mermaid text that stands in the page on its architecture.

python tests/architecture/draw.py
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import residency

PACKAGE = Path(residency.__file__).parent
ROOT = "residency"
ROOMS = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
Rooms = dict[str, set[str]]


def room_of(module: tuple[str, ...]) -> str:
    """The room of a module, by its path within the package; the package itself is a room too."""
    return module[0] if module and module[0] in ROOMS else ROOT


def imported(path: Path) -> Iterator[tuple[str, ...]]:
    """Each module of the package that a file imports, wherever in it, those for types too."""
    place = path.relative_to(PACKAGE).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            above = place[: len(place) - node.level]
            named = tuple((node.module or "").split(".")) if node.module else ()
            yield from ([(*above, *named)] if named else [(*above, alias.name) for alias in node.names])


def rooms() -> Rooms:
    """The rooms that each room imports."""
    found: Rooms = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).with_suffix("").parts
        here = room_of(tuple(part for part in place if part != "__init__"))
        found.setdefault(here, set()).update(map(room_of, imported(path)))
    return {room: others - {room} for room, others in found.items()}


def reached(start: str, every: Rooms) -> set[str]:
    """The rooms that one leads to, on any way."""
    found, left = set[str](), [start]
    while left:
        new = every.get(left.pop(), set()) - found
        found |= new
        left.extend(new)
    return found


def picture() -> str:
    """An arrow from each room to those that it imports, but for those to which another arrow leads anyhow."""
    every = rooms()
    lines = ["```mermaid", "graph TD"]
    for room in sorted(every):
        implied = set[str]().union(*(reached(other, every) for other in every[room]))
        lines += [f"    {room} --> {other}" for other in sorted(every[room] - implied)]
    return "\n".join([*lines, "```"])


if __name__ == "__main__":
    sys.stdout.write(picture() + "\n")
