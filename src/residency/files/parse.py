"""Parsing: files to plain data, refusing what is wrong with a file before its content is structured."""

from __future__ import annotations

import errno
import json
import re
import stat
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from importlib.resources import files
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from attrs import frozen

from ..errors import BadFile, BadInput, Fault, UnknownName, quoted
from ..model.normalise import plain_text
from ..model.resources import Resource

__all__ = [
    "DEEPEST",
    "LARGEST",
    "LONGEST_KEY",
    "LONGEST_LINE",
    "MOST",
    "MOST_VALUES",
    "Parsed",
    "bundled",
    "bundled_names",
    "bundled_text",
    "read",
    "read_given",
    "read_json",
]

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
"""How many values a TOML file, or a mapping, may hold: a hundred thousand are read in a second."""

_FOLDERS = {"register": "registers", "house rules": "registers/house-rules"}
"""The folder of each kind of file that is shipped by name."""
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


def bundled_names(kind: str) -> tuple[str, ...]:
    """See `residency.bundled`."""
    if kind not in _FOLDERS:
        raise UnknownName("kind of bundled file", kind, _FOLDERS)
    return tuple(bundled(_FOLDERS[kind]))


def bundled(folder: str) -> dict[str, Path]:
    """The TOML files shipped in that folder of the package, by name without the suffix."""
    paths = (
        Path(str(entry)) for entry in files("residency").joinpath(folder).iterdir() if entry.name.endswith(".toml")
    )
    return {path.stem: path for path in sorted(paths)}


def bundled_text(name: str) -> str:
    """The file of the bundled register of that name, as text; `UnknownName` if there is none."""
    paths = bundled("registers")
    if name not in paths:
        raise UnknownName("bundled register", name, paths)
    return paths[name].read_text("utf-8")


@frozen
class Parsed:
    """Plain data that was read: its name in messages, the content, and whether its days are texts, as JSON has none."""

    name: str
    content: dict[str, Any]
    days_as_texts: bool = False


def read(source: str | PathLike[str] | Resource, folder: str | None = None) -> Parsed:
    """The content of a file; raises `BadFile` where it cannot be read.

    A plain name of a file shipped in `folder` is that file; anything else is a path or a resource of a package, to
    TOML, or to JSON (`.json`).
    """
    if isinstance(source, str | PathLike) and isinstance(fspath(source), str):
        names = {} if folder is None or not isinstance(source, str) else bundled(folder)
        path = names.get(fspath(source), Path(source))
        with _refusing(str(source), names):
            return _of_file(str(source), path.suffix == ".json", _bytes(path))
    if isinstance(source, Resource) and not isinstance(source, PathLike):
        with _refusing(source.name):
            return _of_file(source.name, source.name.endswith(".json"), _bytes(source))
    remedy = "pass a text, a pathlib.Path, or a resource of a package; residency.read_register reads a mapping"
    raise BadInput(f"expected a path, got {quoted(source)}", remedy)


def read_given(source: str | Mapping[str, Any]) -> Parsed:
    """The content of a TOML text, or of a mapping that some parser returned; raises `BadFile` as `read` does."""
    if isinstance(source, str):
        if source.strip() and not {"=", "\n"} & set(source):
            remedy = "residency.load_register takes the name or the path of a file"
            raise BadInput(f"expected a TOML text, got {quoted(source)}", remedy)
        with _refusing("the text"):
            if len(source.encode("utf-8", "surrogatepass")) > LARGEST:
                raise _TooLarge()
            return Parsed("the text", _parsed(_not_empty(source), is_json=False))
    if isinstance(source, Mapping):
        with _refusing("the mapping"):
            return Parsed("the mapping", _Copy().table(source, 1), days_as_texts=True)
    remedy = "decode bytes as UTF-8; residency.load_register reads a file"
    raise BadInput(f"expected a TOML text or a mapping, got {quoted(source)}", remedy)


def read_json(name: str, content: bytes) -> dict[str, Any]:
    """The object that the bytes of a JSON file of that name hold; raises `BadFile` as `read` does."""
    with _refusing(name):
        return _of_file(name, is_json=True, content=content).content


@contextmanager
def _refusing(name: str, names: Iterable[str] = ()) -> Iterator[None]:
    """Raise what is unreadable as a `BadFile` of that name; `names` are those that could have been meant."""
    try:
        yield
    except _Unreadable as fault:
        remedy = fault.remedy
        if fault.missing and "\n" in name:
            remedy = "give the path of a file; residency.read_register reads a text"
        elif fault.missing and names:
            remedy = f"give the path of a file, or the name of a bundled one: {', '.join(names)}"
        raise BadFile(name, [Fault(fault.where, fault.message, remedy)]) from None


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


class _TooLarge(_Unreadable):
    def __init__(self) -> None:
        super().__init__("it is larger than 16 MB", "split it, or leave out what is no register")


def _bytes(source: Path | Resource) -> bytes:
    try:
        _check_there(source)
        with source.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        message, remedy = f"it cannot be read: {error.strerror or error}", "check the path and its permissions"
        missing = error.errno == errno.ENAMETOOLONG  # no file has such a name: it may be a text
        raise _Unreadable(message, remedy, missing=missing) from None
    if len(content) > LARGEST:
        raise _TooLarge()
    return content


def _check_there(source: Path | Resource) -> None:
    if isinstance(source, Path):
        if not source.exists():
            raise _Unreadable("no such file", "check the path", missing=True)
        kind = _NO_FILE.get(stat.S_IFMT(source.stat().st_mode))
        if kind is not None:
            raise _Unreadable(*kind)
    elif source.is_dir():
        raise _Unreadable(*_NO_FILE[stat.S_IFDIR])
    elif not source.is_file():
        raise _Unreadable("no such file", "check its name, and that the package was built with it")


def _of_file(name: str, is_json: bool, content: bytes) -> Parsed:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _Unreadable("it is not UTF-8", "save it as UTF-8", where=f"line {line}") from None
    return Parsed(name, _parsed(_not_empty(text), is_json), is_json)


def _not_empty(text: str) -> str:
    """The text without a byte order mark."""
    text = text.removeprefix("\ufeff")
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


class _Copy:
    """A copy of a mapping in plain dicts, lists and texts, which later changes of the mapping do not reach.

    It is bounded while it is made: where one list stands in many places, as in YAML, each is a copy.
    """

    def __init__(self) -> None:
        self.values = self.letters = 0

    def table(self, mapping: Mapping[Any, Any], level: int) -> dict[str, Any]:
        """The copy of a mapping at that level."""
        table: dict[str, Any] = {}
        for key, value in mapping.items():
            if not isinstance(key, str):
                raise _Unreadable(f"expected texts as keys, got {quoted(key)}", "names are texts")
            table[self._value(key, level)] = self._value(value, level)
        return table

    def _value(self, value: Any, level: int) -> Any:
        self.values += 1
        if self.values > MOST_VALUES:
            raise _TooMany(f"{MOST_VALUES:,} values")
        if isinstance(value, str):
            self.letters += len(value)
            if self.letters > LARGEST:
                raise _TooLarge()
            return plain_text(value)
        if not isinstance(value, Mapping | list | tuple):
            return _plain(value)
        if level == DEEPEST:
            raise _TooDeep()
        if isinstance(value, Mapping):
            return self.table(value, level + 1)
        return [self._value(entry, level + 1) for entry in value]


def _plain(value: Any) -> Any:
    """The value of no subclass: parsers that keep how a file was written return their own numbers and days."""
    match value:
        case bool() | datetime():
            return value
        case int():
            return int(value)
        case date():
            return date(value.year, value.month, value.day)
        case _:
            return value


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
