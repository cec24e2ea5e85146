"""JSON Canonicalization Scheme (RFC 8785): one value has one sequence of bytes, to be hashed, signed and compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NoReturn

from ..errors import BadInput, quoted, shortened

__all__ = ["canonical", "from_canonical", "hashed", "short_hash"]

MOST = 2**53 - 1
"""The greatest whole number that every reader of JSON keeps exact."""
_REMEDY = "canonical JSON takes texts, whole numbers up to 2**53 - 1, true, false, null, and lists and objects of these"


def canonical(value: object) -> bytes:
    """The canonical JSON of `value` in UTF-8: no spaces, the keys of objects sorted by their UTF-16 code units.

    `value` is plain JSON types without floats (texts, whole numbers, booleans, `None`, lists or tuples, mappings).
    Raises `BadInput` with the path of anything else, such as half a surrogate pair or a key that is no text.

    >>> canonical({"b": [True, None], "a": "é"}).decode()
    '{"a":"é","b":[true,null]}'
    """
    try:
        plain = _plain(value, "$")
        text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), check_circular=False)
    except RecursionError:
        raise BadInput("it is nested too deeply, or holds itself", "pass plain JSON types") from None
    return text.encode("utf-8")


def from_canonical(stored: bytes) -> Any:
    """The value that has these canonical bytes; `ValueError` where they are no JSON, or another form of it.

    Of what stands twice in an object, or is spaced or sorted otherwise, the bytes differ; a number with a point is none
    that `canonical` writes.
    """
    try:
        value = json.loads(stored, parse_float=_refused, parse_constant=_refused, parse_int=_whole)
        quickly = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except UnicodeEncodeError:
        raise ValueError("it holds half a surrogate pair") from None
    # `canonical` sorts a few rare keys otherwise, and takes ten times as long.
    if quickly != stored and canonical(value) != stored:
        raise ValueError("it is not in canonical form")
    return value


def _whole(number: str) -> int:
    return int(number) if len(number) < len(str(MOST)) else _refused(number)


def _refused(number: str) -> NoReturn:
    raise ValueError(f"{shortened(number)} is no whole number up to 2**53 - 1")


def hashed(value: object) -> str:
    """The SHA-256 of the canonical JSON of `value`, as 64 hexadecimal digits."""
    return sha256(canonical(value)).hexdigest()


def short_hash(value: object) -> str:
    """The first 16 digits of it: enough to tell what was changed by mistake."""
    return hashed(value)[:16]


def _plain(value: object, path: str) -> Any:
    """The value as lists and sorted dictionaries."""
    match value:
        case str():
            return _text(value, path)
        case None | bool():
            return value
        case int() if -MOST <= value <= MOST:
            return int(value)
        case list() | tuple():
            return [_plain(item, f"{path}[{number}]") for number, item in enumerate(value)]
        case Mapping():
            entries = [(_text(key, f"{path} as a key"), item) for key, item in value.items()]
            entries.sort(key=lambda entry: entry[0].encode("utf-16-be"))
            return {key: _plain(item, f"{path}.{key}") for key, item in entries}
        case _:
            raise BadInput(f"expected plain JSON, got {quoted(value)} at {path}", _REMEDY)


def _text(value: object, path: str) -> str:
    """The text; `BadInput` for half a surrogate pair, which UTF-8 cannot say, and for anything else."""
    if not isinstance(value, str):
        raise BadInput(f"expected a text, got {quoted(value)} at {path}", _REMEDY)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise BadInput(
            f"half a surrogate pair in the text {quoted(value)} at {path}", "pass whole characters"
        ) from None
    return value
