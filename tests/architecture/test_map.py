"""The map of the house is the house: the picture of the rooms, and the table of what is in each."""

from __future__ import annotations

import re
from pathlib import Path

from architecture.draw import PACKAGE, picture, reached, rooms

ROOT = Path(__file__).parents[2]


def test_the_picture_is_drawn_from_the_imports() -> None:
    """`python tests/architecture/draw.py` prints it."""
    assert picture() in (ROOT / "docs" / "explanation" / "architecture.md").read_text("utf-8")


def test_no_room_is_above_itself() -> None:
    """Imports for types included."""
    every = rooms()
    assert {"analysis", "engine", "errors", "files", "model", "result", "strategies"} <= every.keys()
    assert not [room for room in every if room in reached(room, every)]


def test_each_module_is_on_the_map() -> None:
    """And no other: a row of the table names a room and what is in it."""
    table = re.findall(r"^\| `(\w+)/` \| (.+) \|$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE)
    named = {(room, name) for room, words in table for name in re.findall(r"`(\w+)`", words)}
    paths = (path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if not path.name.startswith("_"))
    there = {(path.parts[0] if len(path.parts) > 1 else "residency", path.stem) for path in paths}
    assert there == named
