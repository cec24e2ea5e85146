"""Accounts read one by one: every line is an account or is told, whatever the file holds, and none is held whole."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from residency import BadFile, Tenant
from residency.cli.accounts import TOO_LONG, Account, Accounts
from residency.receipts import recheck
from residency.result.receipt import LONGEST
from support import REGISTER, RESOLVER, TODAY

RECEIPT = RESOLVER.resolve(Tenant("BG"), as_of=TODAY).receipt().bytes
TEXT = RECEIPT.decode()


def read(content: bytes | str, column: str | None = None, id_column: str | None = None) -> list[Account]:
    """The accounts of that content."""
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    return list(Accounts("the file", stream, column, id_column))


def problems(content: bytes | str, *columns: str) -> list[tuple[int, str]]:
    """Line and problem of each account that has one."""
    return [(account.line, account.problem) for account in read(content, *columns) if account.problem]


def refused(content: bytes | str, *columns: str) -> str:
    """The message about a file that has no accounts."""
    with pytest.raises(BadFile) as caught:
        read(content, *columns)
    return caught.value.faults[0].message


def table(*rows: list[object], end: str = "\n") -> str:
    """Rows as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator=end).writerows(rows)
    return text.getvalue()


# --- JSON Lines ---


def test_a_line_is_a_receipt_or_an_object_that_has_one() -> None:
    """As a text, with spaces around it, or as the object that the text says; ids are texts or numbers."""
    lines = [
        TEXT,
        json.dumps({"id": "a", "receipt": f" {TEXT}\n"}),
        json.dumps({"receipt": json.loads(TEXT), "id": 7}, indent=None),
        json.dumps({"id": ["odd"], "receipt": TEXT}),
    ]
    for end in ("\n", "\r\n"):
        assert [
            Account(1, "", RECEIPT),
            Account(2, "a", RECEIPT),
            Account(3, "7", RECEIPT),
            Account(4, "", RECEIPT),
        ] == read("\ufeff" + end.join(lines))


def test_columns_may_have_other_names() -> None:
    """Those that are named must be there; a receipt by itself has none."""
    line = json.dumps({"account": "a", "kept": TEXT, "id": "x"})
    assert [Account(1, "a", RECEIPT)] == read(line, "kept", "account")
    assert [(1, "no column 'acount' of 'account', 'id', 'kept'")] == problems(line, "kept", "acount")
    assert [(1, "no column 'receipt' of 'account', 'id', 'kept'")] == problems(line)
    assert [(1, "no column 'kept' of 'answers', 'as_of', 'format', 'kind', 'library' (2 more)")] == problems(
        TEXT, "kept"
    )
    assert [(1, "no column 'receipt' at all")] == problems("{}")


def test_a_line_that_cannot_be_read_is_told_with_its_number() -> None:
    """The others are read."""
    deep = "[" * 5_000 + "]" * 5_000
    lines = [
        b"{}",
        b"\0",
        b"\xff",
        f'{{"receipt":{deep}}}'.encode(),
        b"[]",
        b'{"id":1,"id":2}',
        b'{"receipt":null}',
        b'{"receipt":" "}',
        b'{"receipt":"\\ud800"}',
        b'{"receipt":1.5}',
        b'{"receipt":' + b"1" * 5_000 + b"}",
        RECEIPT,
    ]
    found = read(b"\n".join(lines))
    assert [*range(1, 13)] == [account.line for account in found]
    assert Account(12, "", RECEIPT) == found[-1]
    assert [
        "no column 'receipt' at all",
        "it cannot be read as JSON: Expecting value: line 1 column 1 (char 0)",
        "it is not UTF-8",
        "it is nested too deeply",
        "expected an object",
        "it cannot be read as JSON: duplicate key in one object",
        "it has no receipt",
        "it has no receipt",
        "half a surrogate pair in the receipt",
        "expected plain JSON, got 1.5 at $",
    ] == [account.problem for account in found[:10]]
    assert found[10].problem.startswith("it cannot be read as JSON: Exceeds the limit")


def test_empty_lines_are_counted() -> None:
    """They are no accounts, and keep their number."""
    accounts = Accounts("the file", io.BytesIO(b"\n" + RECEIPT + b"\n \n" + RECEIPT + b"\n\n"))
    assert [2, 4] == [account.line for account in accounts]
    assert (5, 3, 2 * len(RECEIPT) + 6) == (accounts.line, accounts.empty, accounts.read)
    accounts = Accounts("the file", io.BytesIO(table(["receipt"], [TEXT]).encode() + b"\n\n" + RECEIPT[:0]))
    assert [2] == [account.line for account in accounts]
    assert 2 == accounts.empty


# --- CSV ---


def test_a_header_names_the_columns() -> None:
    """Whichever they are, and in whichever order; a column may span lines."""
    rows: list[list[object]] = [["note", "receipt", "id"], ["two\nlines", TEXT, "a"], ["", TEXT, "b"]]
    for end in ("\n", "\r\n"):
        assert [Account(2, "a", RECEIPT), Account(4, "b", RECEIPT)] == read("\ufeff" + table(*rows, end=end))
    assert [Account(2, "", RECEIPT)] == read(table(["receipt"], [TEXT]))
    assert [Account(2, "a", RECEIPT)] == read(table([" kept ", "account"], [TEXT, "a"]), "kept", "account")
    assert [(2, "it has no receipt")] == problems(table(["id", "receipt"], ["a", ""]))


@pytest.mark.parametrize(
    ("content", "columns", "message"),
    [
        (b"", (), "it has no lines"),
        (b"\n \r\n", (), "it has no lines"),
        (b"\xef\xbb\xbf", (), "it has no lines"),
        (b"id,receipt\n", (), "it has a header and no accounts"),
        (b"id,receipt\n\n", (), "it has a header and no accounts"),
        (b"id,text\n1,2\n", (), "column 'receipt' is not among 'id', 'text'"),
        (b"id,receipt\n1,2\n", ("receipt", "account"), "column 'account' is not among 'id', 'receipt'"),
        (b"receipt,receipt\n", (), "column 'receipt' is twice"),
        (b"[{}]", (), "column 'receipt' is not among '[{}]'"),
        (b"\xff\xfe{\0", (), "its first line cannot be read: it is not UTF-8"),
        (b'"id\nreceipt\n', (), "its first line cannot be read: lines 1 to 2 are one record: it is not CSV: "),
        (b"x" * (LONGEST + 1), (), f"its first line cannot be read: {TOO_LONG}"),
        (b"\0" * 100, (), "column 'receipt' is not among '"),
    ],
)
def test_a_file_without_accounts_is_refused(content: bytes, columns: tuple[str, ...], message: str) -> None:
    """Nothing that was exported must not look as if all held."""
    assert refused(content, *columns).startswith(message)


def test_a_record_that_cannot_be_read_is_told_with_its_lines() -> None:
    """The others are read."""
    good = table([TEXT, "a"])
    header = "receipt,id\n"
    assert [(3, "1 columns, not 2"), (4, "3 columns, not 2")] == problems(f"{header}{good}x\nx,y,z\n{good}")
    assert [(2, "it is not UTF-8")] == problems(header.encode() + b"\xff,1\n" + good.encode())
    assert [(2, "it is not CSV: ',' expected after '\"'")] == problems(f'{header}"x"y,1\n{good}')
    ((line, problem),) = problems(f'{header}{good}"x,1\n{good}')
    assert (3, True) == (line, problem.startswith("lines 3 to 4 are one record: it is not CSV: "))
    ((line, problem),) = problems(f'{header}"x,1\n"y",1\n{good}"z\n{good}')
    assert (2, True) == (line, problem.startswith("lines 2 to 5 are one record: "))


def test_a_quote_that_is_not_closed_ends_where_no_receipt_is_so_long() -> None:
    """What it swallowed is told as lines from to; the next are read again."""
    many = LONGEST // len(table([TEXT])) + 2
    content = 'receipt\n"x\n' + table([TEXT]) * (many + 3)
    found = read(content)
    assert (2, True) == (found[0].line, found[0].problem.endswith("are one record: a quote is not closed"))
    assert {RECEIPT} == {account.receipt for account in found[1:]}
    assert many + 5 == found[-1].line
    long_line = read(f'receipt\n"x\n{"y" * LONGEST}z\n{table([TEXT])}')
    assert [(2, "lines 2 to 3 are one record: a quote is not closed"), (4, "")] == [
        (account.line, account.problem) for account in long_line
    ]


# --- Bounds ---


def test_a_line_that_is_longer_than_a_receipt_is_told_and_not_held() -> None:
    """Of a hundred megabytes on one line, no more than a few are in memory at once."""

    class Endless(io.RawIOBase):
        """A long line between two receipts."""

        def __init__(self) -> None:
            self.pieces: Iterator[bytes] = iter([RECEIPT + b"\n", *[b"x" * 2**20] * 100, b"\n" + RECEIPT])
            self.rest = b""

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            self.rest = self.rest or next(self.pieces, b"")
            taken, self.rest = self.rest[: len(buffer)], self.rest[len(buffer) :]
            buffer[: len(taken)] = taken
            return len(taken)

    tracemalloc.start()
    try:
        found = list(Accounts("the file", io.BufferedReader(Endless())))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [Account(1, "", RECEIPT), Account(2, "", b"", TOO_LONG), Account(3, "", RECEIPT)] == found
    assert most < 20 * 2**20


def test_a_line_may_have_as_many_bytes_as_a_receipt() -> None:
    """And not one more."""
    for more, told in ((0, "expected an object"), (1, TOO_LONG)):
        line = b"{}\n1" + b" " * (LONGEST - 2 + more) + b"\n"
        assert (2, told) == problems(line)[1]


@pytest.mark.slow
@given(st.lists(st.sampled_from([RECEIPT, b'"', b",", b"\n", b"\r", b"\0", b"{", b"}", b"[", b":", b"\xff", b"id"])))
@example([b'"', b"\n", b'"', b'"', b"\n"])
@example([b"{", b"}", b"\n", b'"', b"\n", RECEIPT])
def test_whatever_a_file_holds_each_of_its_lines_is_told(pieces: list[bytes]) -> None:
    """No other error than that it has no accounts; the lines of accounts grow, and each can be asked again."""
    for content in (b"".join(pieces), b"receipt,id\n" + b"".join(pieces), b"{}\n" + b"".join(pieces)):
        try:
            found = read(content)
        except BadFile:
            continue
        lines = [account.line for account in found]
        assert sorted(set(lines)) == lines
        assert len(found) == len(list(recheck((account.receipt for account in found), REGISTER)))


@pytest.mark.slow
def test_no_depth_of_nesting_is_an_error() -> None:
    """About the limit of recursion, on each way: as a line, as a column, within a receipt."""
    for depth in range(300, 1_100, 3):
        deep = b"[" * depth + b"]" * depth
        lines = (
            deep,
            b'{"receipt":' + deep + b"}",
            b'{"id":' + deep + b',"receipt":"x"}',
            RECEIPT.replace(b'"country":"BG"', b'"country":' + deep),
            RECEIPT.replace(b'{"answers":', b'{"answers":{"x":' + deep + b'},"answers":'),
            b'{"receipt":' + RECEIPT.replace(b'"country":"BG"', b'"country":' + deep) + b"}",
        )
        found = read(b"{}\n" + b"\n".join(lines))
        assert [1, 2, 3, 4, 5, 6, 7] == [account.line for account in found]
        replays = list(recheck((account.receipt for account in found), REGISTER))
        assert ["cannot be asked"] * 7 == [replay.outcome for replay in replays]
