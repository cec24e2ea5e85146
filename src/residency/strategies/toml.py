"""TOML of a file's content, in which a made-up register is shown and handed to a loader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

__all__ = ["toml"]


def toml(content: dict[str, Any]) -> str:
    """The text of a file with that content: texts, whole numbers, truth values, days, moments, lists and tables."""
    return "\n".join([*_top_level(content), *_tables(content)]) + "\n"


def _top_level(content: dict[str, Any]) -> Iterator[str]:
    """The lines before the first table."""
    yield from (
        _entry(key, value) for key, value in content.items() if not isinstance(value, dict) and not _rows(value)
    )


def _tables(content: dict[str, Any]) -> Iterator[str]:
    for key, value in content.items():
        if isinstance(value, dict):
            yield from ("", f"[{_key(key)}]", *(_entry(*entry) for entry in value.items()))
        for row in _rows(value):
            yield from ("", f"[[{_key(key)}]]", *(_entry(*entry) for entry in row.items()))


def _rows(value: object) -> list[dict[str, Any]]:
    """The rows of a list of tables; none of anything else."""
    return value if isinstance(value, list) and all(isinstance(row, dict) for row in value) else []


def _entry(key: str, value: object) -> str:
    return f"{_key(key)} = {_value(value)}"


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)


def _value(value: object) -> str:
    match value:
        case dict():
            return f"{{ {', '.join(_entry(*entry) for entry in value.items())} }}"
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case date():
            return value.isoformat()
        case _:
            return json.dumps(value, ensure_ascii=False)
