"""Accounts with their receipts, read one by one from JSON Lines or CSV; what cannot be read is told and not skipped."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from attrs import frozen

from ..errors import BadFile, BadInput, Fault, listed, quoted
from ..model.canonical import canonical
from ..result.receipt import KIND, LONGEST

__all__ = ["MARK", "Account", "Accounts", "bad_file", "opened", "unreadable"]

COLUMN, ID = "receipt", "id"
"""The columns that have the receipt and the account's id, where no others are named."""
MARK = b"\xef\xbb\xbf"
"""The byte order mark that some editors write before UTF-8."""
TOO_LONG = f"it has more than {LONGEST:,} bytes, which a receipt has at most"


@frozen
class Account:
    """One account of a file: the line at which it starts, its id, and its receipt or why there is none."""

    line: int
    id: str
    receipt: bytes
    problem: str = ""


class Accounts:
    """The accounts of a stream, in its order: JSON Lines where it begins with an object, else CSV with a header.

    No more is held than one line, and of a line that is longer than a receipt nothing. `line` is the last that was
    read, `empty` how many lines were empty, `read` how many bytes were read. Raises `BadFile` where there are no
    accounts, or a column is missing.
    """

    def __init__(self, name: str, stream: BinaryIO, column: str | None = None, id_column: str | None = None) -> None:
        self.name, self.line, self.empty, self.read = name, 0, 0, 0
        self._stream, self._column, self._id = stream, column, id_column

    def __iter__(self) -> Iterator[Account]:
        lines = self._lines()
        first = next(self._filled(lines), b"")
        if first == b"":
            raise bad_file(self.name, "it has no lines", "pass a file of accounts with their receipts")
        if first is not None and first.lstrip().startswith(b"{"):
            yield self._of_object(first)
            yield from map(self._of_object, self._filled(lines))
        else:
            yield from self._of_csv(first, lines)

    # --- Lines ---

    def _lines(self) -> Iterator[bytes | None]:
        """The lines, each counted; None is one that is too long, which is read past in pieces."""
        while line := self._read():
            self.line += 1
            if len(line) <= LONGEST:
                yield line.removeprefix(MARK) if self.line == 1 else line
                continue
            while line and not line.endswith(b"\n"):
                line = self._read()
            yield None

    def _read(self) -> bytes:
        try:
            line = self._stream.readline(LONGEST + 1)
        except OSError as error:
            raise unreadable(self.name, error) from None
        self.read += len(line)
        return line

    def _filled(self, lines: Iterator[bytes | None]) -> Iterator[bytes | None]:
        """The lines that are not empty; those that are, are counted."""
        for line in lines:
            if line is None or line.strip():
                yield line
            else:
                self.empty += 1

    # --- JSON Lines ---

    def _of_object(self, line: bytes | None) -> Account:
        if line is None:
            return Account(self.line, "", b"", TOO_LONG)
        try:
            record = json.loads(line.strip().decode("utf-8"), object_pairs_hook=_object)
        except UnicodeDecodeError:
            return Account(self.line, "", b"", "it is not UTF-8")
        except RecursionError:
            return Account(self.line, "", b"", "it is nested too deeply")
        except ValueError as error:
            return Account(self.line, "", b"", f"it cannot be read as JSON: {error}")
        if not isinstance(record, dict):
            return Account(self.line, "", b"", "expected an object")
        name = record.get(self._id or ID)
        account_id = str(name) if isinstance(name, str | int) else ""
        missing = [key for key in (self._id, self._column) if key is not None and key not in record]
        if not missing and self._column is None and record.get("kind") == KIND:
            return Account(self.line, account_id, line.strip())
        missing = missing or [key for key in (self._column or COLUMN,) if key not in record]
        if missing:
            found = f"of {listed(sorted(record))}" if record else "at all"
            return Account(self.line, account_id, b"", f"no column {quoted(missing[0])} {found}")
        return self._account(self.line, account_id, record[self._column or COLUMN])

    @staticmethod
    def _account(line: int, account_id: str, value: object) -> Account:
        """The account whose column of the receipt has that value: a text, or the object that the text says."""
        if value is None or (isinstance(value, str) and not value.strip()):
            return Account(line, account_id, b"", "it has no receipt")
        try:
            receipt = value.strip().encode("utf-8") if isinstance(value, str) else canonical(value)
        except UnicodeEncodeError:
            return Account(line, account_id, b"", "half a surrogate pair in the receipt")
        except BadInput as problem:
            return Account(line, account_id, b"", str(problem))
        return Account(line, account_id, receipt)

    # --- CSV ---

    def _of_csv(self, first: bytes | None, lines: Iterator[bytes | None]) -> Iterator[Account]:
        csv.field_size_limit(LONGEST)
        records = self._records(first, lines)
        _, header = next(records)
        if isinstance(header, str):
            raise bad_file(self.name, f"its first line cannot be read: {header}", _EXPECTED)
        names = [name.strip() for name in header]
        needed = [self._column or COLUMN, *([] if self._id is None else [self._id])]
        for name in needed:
            if names.count(name) != 1:
                found = "twice" if name in names else f"not among {listed(names)}"
                raise bad_file(self.name, f"column {quoted(name)} is {found}", _EXPECTED)
        place = names.index(needed[0])
        name = self._id or ID
        id_place = names.index(name) if name in names else None
        number = None
        for number, record in records:
            if isinstance(record, str):
                yield Account(number, "", b"", record)
            elif len(record) != len(names):
                yield Account(number, "", b"", f"{_span(number, self.line)}{len(record)} columns, not {len(names)}")
            else:
                yield self._account(number, "" if id_place is None else record[id_place], record[place])
        if number is None:
            raise bad_file(self.name, "it has a header and no accounts", "pass a file of accounts with their receipts")

    def _records(self, first: bytes | None, lines: Iterator[bytes | None]) -> Iterator[tuple[int, list[str] | str]]:
        """The records, each with its first line: its columns, which may span lines, or why it cannot be read."""
        line: bytes | None = first
        while True:
            start, pieces, size, quotes = self.line, [line], len(line or b""), (line or b"").count(b'"')
            while quotes % 2 and size <= LONGEST and (more := next(lines, b"")) != b"":
                pieces.append(more)
                size = LONGEST + 1 if more is None else size + len(more)
                quotes += 0 if more is None else more.count(b'"')
            yield start, self._columns(start, pieces, size)
            following = next(self._filled(lines), b"")
            if following == b"":
                return
            line = following

    def _columns(self, start: int, pieces: list[bytes | None], size: int) -> list[str] | str:
        """The columns of a record, or why it cannot be read."""
        if size > LONGEST or None in pieces:
            return TOO_LONG if len(pieces) == 1 else f"{_span(start, self.line)}a quote is not closed"
        try:
            text = b"".join(piece for piece in pieces if piece is not None).decode("utf-8")
            return next(csv.reader([text], strict=True), [])
        except UnicodeDecodeError:
            return f"{_span(start, self.line)}it is not UTF-8"
        except csv.Error as error:
            return f"{_span(start, self.line)}it is not CSV: {error}"


_EXPECTED = (
    "pass JSON Lines, each a receipt or an object with a column 'receipt', or CSV in UTF-8 whose header names it;"
    " --column and --id name other columns"
)


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """The bytes of that file, or of standard input where the name is `-`; raises `BadFile` where there are none."""
    if name == "-":
        stream = getattr(sys.stdin, "buffer", None)
        if stream is None:
            raise bad_file("standard input", "it is closed", "pipe something into it, or give the path of a file")
        yield stream
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115 (closed below: only opening it may fail here)
    except (OSError, ValueError) as error:  # ValueError: no path has a NUL
        raise unreadable(name, error) from None
    with file:
        yield file


def bad_file(name: str, message: str, remedy: str) -> BadFile:
    """A file of that name with one fault, which is about all of it."""
    return BadFile(name, [Fault("", message, remedy)])


def unreadable(name: str, error: OSError | ValueError) -> BadFile:
    """A file of that name that the system does not give."""
    return bad_file(name, f"it cannot be read: {getattr(error, 'strerror', None) or error}", "check the path")


def _span(first: int, last: int) -> str:
    return "" if first == last else f"lines {first} to {last} are one record: "


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key in one object")
    return found
