"""Parsing: files to plain data, refusing what is wrong with a file before its content is structured."""

from __future__ import annotations

import json
import re
import stat
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from ..errors import BadFile, BadInput, Fault, quoted

__all__ = ["DEEPEST", "LARGEST", "LONGEST_KEY", "LONGEST_LINE", "MOST", "MOST_VALUES", "bundled", "read"]

LARGEST = 16 * 1024 * 1024
"""The largest file that is read, in bytes."""
DEEPEST = 50
"""How many levels deep lists and tables may be nested."""
LONGEST_KEY = 10
"""How many names a dotted key of TOML may have: each line after a table's key goes through all of them."""
LONGEST_LINE = 100_000
"""How many characters a line of TOML may have."""
MOST = 500_000
"""How many lists and tables a file may hold: each may take a kilobyte of memory while TOML is read."""
MOST_VALUES = 1_000_000
"""How many values a TOML file may hold: a hundred thousand are read in a second."""

_NO_FILE = {
    stat.S_IFDIR: ("this is a directory", "give the path of the file in it"),
    stat.S_IFIFO: ("this is a pipe", "save what it gives to a file, and give the path of that"),
    stat.S_IFSOCK: ("this is a socket", "give the path of a file"),
    stat.S_IFCHR: ("this is a device", "give the path of a file"),
    stat.S_IFBLK: ("this is a device", "give the path of a file"),
}
"""What may be found at a path and is not read (it may never end), with message and remedy."""
_NO_STRUCTURE = re.compile(
    r'''"""(?:[^"\\]++|\\(?:.|\Z)|"{1,2}+(?!"))*+(?:"{3,5}|\Z)|'''
    r"""'''(?:[^']++|'{1,2}+(?!'))*+(?:'{3,5}|\Z)|"""
    r"""(?:"(?:[^"\\\n]++|\\[^\n])*+"?|'[^'\n]*+'?|\#[^\n]*+|[^.\[\]{},=\n"'\#]++)""",
    re.DOTALL,
)
"""All of TOML but what makes its lists and tables: texts (also unclosed), comments, names, numbers, spaces.

Nothing in it is tried twice, so it takes time linear in the length of the text.
"""


def bundled(folder: str) -> dict[str, Path]:
    """The TOML files shipped in that folder of the package, by name without the suffix."""
    paths = (
        Path(str(entry)) for entry in files("residency").joinpath(folder).iterdir() if entry.name.endswith(".toml")
    )
    return {path.stem: path for path in sorted(paths)}


def read(name: str | PathLike[str], folder: str | None = None) -> tuple[str, dict[str, Any]]:
    """The file's name for messages, and its content; raises `BadFile` where it cannot be read.

    A plain name of a file shipped in `folder` is that file; anything else is a path, to TOML, or to JSON (`.json`).
    """
    if not isinstance(name, str | PathLike) or isinstance(fspath(name), bytes):
        raise BadInput(f"expected a path, got {quoted(name)}", "pass a text or a pathlib.Path")
    names = {} if folder is None or not isinstance(name, str) else bundled(folder)
    path = names.get(fspath(name), Path(name))
    file_name = str(name)
    try:
        return file_name, _parsed(_text(path), path.suffix == ".json")
    except _Unreadable as fault:
        remedy = fault.remedy
        if fault.missing and names:
            remedy = f"give the path of a file, or the name of a bundled one: {', '.join(names)}"
        raise BadFile(file_name, [Fault(fault.where, fault.message, remedy)]) from None


class _Unreadable(Exception):
    def __init__(self, message: str, remedy: str, *, where: str = "", missing: bool = False) -> None:
        super().__init__(message)
        self.message, self.remedy, self.where, self.missing = message, remedy, where, missing


class _TooDeep(_Unreadable):
    def __init__(self) -> None:
        super().__init__(
            "it is nested too deeply to be read", f"nothing in such a file needs more than {DEEPEST} levels"
        )


class _TooMany(_Unreadable):
    def __init__(self, most: str) -> None:
        super().__init__(f"it holds more than {most}", "split it")


def _text(path: Path) -> str:
    try:
        if not path.exists():
            raise _Unreadable("no such file", "check the path", missing=True)
        kind = _NO_FILE.get(stat.S_IFMT(path.stat().st_mode))
        if kind is not None:
            raise _Unreadable(*kind)
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
    if not is_json:
        _check_bounds(text)
    try:
        content: Any = json.loads(text, object_pairs_hook=_unique_keys) if is_json else tomllib.loads(text)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise _Unreadable(f"it is not {kind}: {_lower(str(error))}", f"fix the {kind} syntax there") from None
    except _DuplicateKey as error:
        raise _Unreadable(f"duplicate key {quoted(error.args[0])} in one object", "remove one of them") from None
    except RecursionError:
        raise _TooDeep() from None
    except ValueError as error:
        raise _Unreadable(f"a value cannot be read: {_lower(str(error))}", f"fix the {kind} there") from None
    _check_depth(content)
    if not isinstance(content, dict):
        raise _Unreadable(f"expected an object, got {quoted(content)}", "the content of the file is one object")
    return content


def _check_bounds(text: str) -> None:
    """Refuse a text that would take long, or much memory, to read as TOML, before it is read."""
    longest = max(text.split("\n"), key=len)
    if len(longest) > LONGEST_LINE:
        line = text[: text.index(longest)].count("\n") + 1
        message = f"a line of {len(longest):,} characters, which may have {LONGEST_LINE:,}"
        raise _Unreadable(message, "a list may be written on several lines", where=f"line {line}")
    structure = _NO_STRUCTURE.sub("", text)
    if "." * LONGEST_KEY in structure:
        raise _Unreadable(f"a dotted key of more than {LONGEST_KEY} names", "write tables within tables")
    if sum(map(structure.count, ".[{")) > MOST:
        raise _TooMany(f"{MOST:,} lists and tables")
    if sum(map(structure.count, ",=")) > MOST_VALUES:
        raise _TooMany(f"{MOST_VALUES:,} values")


def _check_depth(content: dict[str, Any]) -> None:
    """Refuse content that holds too many lists and tables, or nests them too deeply."""
    layer: list[dict[str, Any] | list[Any]] = [content]
    number = 0
    for _ in range(DEEPEST):
        layer = [inner for outer in layer for inner in _inside(outer) if isinstance(inner, dict | list)]
        number += len(layer)
        if number > MOST:
            raise _TooMany(f"{MOST:,} lists and tables")
        if not layer:
            return
    raise _TooDeep()


def _inside(outer: dict[str, Any] | list[Any]) -> Iterable[object]:
    return outer.values() if isinstance(outer, dict) else outer


class _DuplicateKey(Exception):
    pass


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content:
            raise _DuplicateKey(key)
        content[key] = value
    return content


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
