"""Files as plain data: everything that can be wrong with a file before its content has a shape."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from ..errors import BadFile, BadInput, Fault

__all__ = ["LARGEST", "bundled", "read"]

LARGEST = 16 * 1024 * 1024
"""The largest file that is read, in bytes."""
DEEPEST = 50
"""How many lists and tables may stand within one another."""


def bundled(folder: str) -> dict[str, Path]:
    """The files shipped in that folder of the package, by name."""
    found = (
        Path(str(entry)) for entry in files("residency").joinpath(folder).iterdir() if entry.name.endswith(".toml")
    )
    return {path.stem: path for path in sorted(found)}


def read(name: str | PathLike[str], folder: str | None = None) -> tuple[str, dict[str, Any]]:
    """What to call the file in messages, and its content; `BadFile` where it cannot be read.

    A plain name of a file shipped in `folder` is that file; anything else is a path, to TOML, or to JSON (`.json`).
    """
    if not isinstance(name, str | PathLike) or isinstance(fspath(name), bytes):
        raise BadInput(f"expected a path, got {name!r}", "pass a text or a pathlib.Path")
    known = {} if folder is None or not isinstance(name, str) else bundled(folder)
    path = known.get(fspath(name), Path(name))
    called = str(name)
    try:
        return called, _parsed(_text(path), path.suffix == ".json")
    except _Unreadable as fault:
        remedy = fault.remedy
        if fault.missing and known:
            remedy = f"give the path of a file, or the name of a bundled one: {', '.join(known)}"
        raise BadFile(called, [Fault(fault.where, fault.what, remedy)]) from None


class _Unreadable(Exception):
    def __init__(self, what: str, remedy: str, *, where: str = "", missing: bool = False) -> None:
        super().__init__(what)
        self.what, self.remedy, self.where, self.missing = what, remedy, where, missing


class _TooDeep(_Unreadable):
    def __init__(self) -> None:
        super().__init__(
            "it is nested too deeply to be read", f"nothing in such a file needs more than {DEEPEST} levels"
        )


def _text(path: Path) -> str:
    try:
        if path.is_dir():
            raise _Unreadable("this is a directory", "give the path of the file in it")
        if not path.exists():
            raise _Unreadable("no such file", "check the path", missing=True)
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        raise _Unreadable(f"it cannot be read: {error.strerror}", "check the path and its permissions") from None
    if len(content) > LARGEST:
        raise _Unreadable("it is larger than 16 MB", "split it, or leave out what is no register")
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _Unreadable("it is not UTF-8", "save it as UTF-8", where=f"line {line}") from None
    if not text.strip():
        raise _Unreadable("it is empty", "the first line of such a file is: format = 1")
    return text


def _parsed(text: str, is_json: bool) -> dict[str, Any]:
    kind = "JSON" if is_json else "TOML"
    try:
        content: Any = json.loads(text, object_pairs_hook=_once) if is_json else tomllib.loads(text)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise _Unreadable(f"it is not {kind}: {_lower(str(error))}", f"mend the {kind} syntax there") from None
    except _Twice as error:
        raise _Unreadable(f"the key {error.args[0]!r} stands twice in one object", "leave one of them") from None
    except RecursionError:
        raise _TooDeep() from None
    except ValueError as error:
        raise _Unreadable(f"a value cannot be read: {_lower(str(error))}", f"mend the {kind} there") from None
    if not isinstance(content, dict):
        raise _Unreadable(f"expected an object, got {content!r:.60}", "the content of the file is one object")
    if _deeper_than(content, DEEPEST):
        raise _TooDeep()
    return content


def _deeper_than(content: object, levels: int) -> bool:
    """Whether lists and tables stand within one another more often than that."""
    layer = [content]
    for _ in range(levels):
        layer = [inner for outer in layer for inner in _inside(outer)]
        if not layer:
            return False
    return True


def _inside(outer: object) -> Iterable[object]:
    match outer:
        case dict():
            return outer.values()
        case list():
            return outer
        case _:
            return ()


class _Twice(Exception):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content:
            raise _Twice(key)
        content[key] = value
    return content


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
