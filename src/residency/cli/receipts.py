"""The commands about receipts: one is written, asked again, and very many are."""

from __future__ import annotations

import csv
import json
import os
import stat
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import tee
from pathlib import Path
from typing import BinaryIO

from attrs import evolve

from .. import BadInput, Decision, Receipt, bundled, load_register
from ..errors import escaped, quoted
from ..receipts import Replay, verify
from ..receipts import recheck as rechecked
from ..receipts import replay as replayed
from ..report.layout import cut
from ..report.replay import HELD, lines, plain, plain_changes, row
from .accounts import MARK, Account, Accounts, bad_file, opened, unreadable
from .commands import NO, YES, decision_of, house_rules_of, say_json, say_lines, status_of, write
from .output import BAD_INPUT, Progress, complain, explained, say, say_all, terminal, width

__all__ = ["receipt", "recheck", "replay"]

EVERY = 1_000
"""After how many accounts progress is shown."""
MEGABYTE = 1_000_000


def receipt(options: Namespace) -> int:
    """Print the receipt of the answer for one tenant."""
    decision = decision_of(options)
    text, status = decision.receipt().bytes.decode("utf-8"), status_of(decision)
    if options.output in (None, "-"):
        return say(text, status)
    return write("receipt", Path(options.output), iter([f"{text}\n"]), status)


def replay(options: Namespace) -> int:
    """Ask again what a receipt, or a stored decision, was asked."""
    kept = _kept(options.file)
    register = load_register(options.register or _bundled(kept))
    rules = house_rules_of(options, register)
    if isinstance(kept, Receipt):
        found = replayed(kept, register, house_rules=rules)
    else:
        found = verify(kept, register, house_rules=rules)
    status = YES if found.outcome in HELD else NO
    return say_json(plain(found, kept), status) if options.json else say_lines(lines(found, kept, width()), status)


def _kept(name: str) -> Receipt | Decision:
    """The receipt or stored decision of a file."""
    from ..files.parse import LARGEST, read_json

    with opened(name) as stream:
        try:
            content = stream.read(LARGEST + 1)
        except OSError as error:
            raise unreadable(name, error) from None
    if len(content) > LARGEST:
        raise bad_file(name, "it is larger than 16 MB", "residency recheck reads a file of many receipts")
    stored = content.removeprefix(MARK).strip()
    if not stored:
        raise bad_file(name, "it is empty", "residency receipt prints a receipt to keep")
    record = read_json(name, stored)
    return Receipt.read(stored) if "kind" in record else Decision.from_dict(record)


def _bundled(kept: Receipt | Decision) -> str:
    """The name of the bundled register that was asked."""
    if kept.register_id not in bundled():
        raise BadInput(f"it is of register {quoted(kept.register_id)}, which is not bundled", "name it with --register")
    return kept.register_id


def recheck(options: Namespace) -> int:
    """Ask again what the receipts of many accounts were asked, and print those that do not hold."""
    register = load_register(options.register)
    rules = house_rules_of(options, register)
    with opened(options.file) as stream, Progress() as progress:
        name = "standard input" if options.file == "-" else options.file
        run = Run(Accounts(name, stream, options.column, options.id), _size(stream), progress)
        accounts, read = tee(run.accounts)  # of which one account is held at most: both are taken in step
        replays = rechecked((account.receipt for account in read), register, house_rules=rules, as_of=options.as_of)
        status = say_all(run.texts(zip(accounts, replays, strict=True), options.json), YES)
    if status == BAD_INPUT:
        return status
    if run.complete:  # else whoever reads the rows has read enough
        complain("\n".join(explained([run.counted()], sys.stderr)))
    return YES if run.holds else NO


class Run:
    """One run over accounts, which counts outcomes and shows progress: `holds` while all receipts do."""

    def __init__(self, accounts: Accounts, size: int | None, progress: Progress) -> None:
        self.accounts, self.holds, self.complete = accounts, True, False
        self._size, self._progress = size, progress
        self._outcomes: Counter[str] = Counter()

    def texts(self, replays: Iterable[tuple[Account, Replay]], as_json: bool) -> Iterator[str]:
        """The accounts that do not hold: JSON Lines, short lines for a terminal, or CSV with a header."""
        for number, (account, replay) in enumerate(replays):
            found = evolve(replay, problem=account.problem) if account.problem else replay
            self._outcomes[row(found)[0]] += 1
            if number % EVERY == 0:
                self._show(number)
            if found.outcome not in HELD:
                header = _csv(_COLUMNS) if self.holds and not as_json and not terminal(sys.stdout) else ""
                self.holds = False
                self._progress.clear()
                yield header + _text(account, found, as_json)
        self.complete = True

    def _show(self, number: int) -> None:
        """Show how many megabytes of the file are read; of a pipe how many receipts."""
        says = f"{number:,} receipts"
        if self._size is None:
            self._progress(number, None, says)
        else:
            self._progress(min(self.accounts.read // MEGABYTE, self._size), self._size, f"MB, {says}")

    def counted(self) -> str:
        """How many there were, by outcome."""
        number = sum(self._outcomes.values())
        parts = [f"{outcome} {count:,}" for outcome, count in self._outcomes.most_common()]
        empty = [f"empty lines {self.accounts.empty:,}"] if self.accounts.empty else []
        return f"of {number:,} receipts: {', '.join([*parts, *empty])}"


_COLUMNS = ("line", "id", "outcome", "because", "detail")


def _text(account: Account, found: Replay, as_json: bool) -> str:
    """One account on one line, nothing in it that acts on a terminal."""
    outcome, because, detail = row(found)
    if as_json:  # as ASCII
        values = (account.line, account.id, outcome, list(found.because), detail)
        record = {**dict(zip(_COLUMNS, values, strict=True)), "changes": plain_changes(found)}
        return json.dumps(record) + "\n"
    if not terminal(sys.stdout):
        return _csv((str(account.line), account.id, outcome, because, detail))
    reasons = f" because of {because}" if because else ""
    named = f"{account.id} (line {account.line})" if account.id else f"line {account.line}"
    return cut(f"{named}: {outcome}{reasons}: {detail}", width()) + "\n"


def _csv(values: tuple[str, ...]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerow(map(escaped, values))
    return text.getvalue()


def _size(stream: BinaryIO) -> int | None:
    """The megabytes of a file, at least one; None of a pipe, of which nobody knows."""
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):  # a program replaced standard input
        return None
    return max(1, found.st_size // MEGABYTE) if stat.S_ISREG(found.st_mode) else None
