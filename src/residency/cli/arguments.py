"""The arguments of the command, and its help."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any, NoReturn

from .. import __version__
from ..errors import escaped, quoted, shortened
from ..model.rows import ACTIVITIES
from . import commands, receipts
from .output import BAD_INPUT, complain, say

__all__ = ["parser"]


class _Parser(ArgumentParser):
    """Argument parser that prints its help as answers are printed, and its errors as other errors."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False)

    def _print_message(self, message: str, file: object = None) -> None:  # argparse calls it for help and version
        if say(message.rstrip("\n"), 0) != 0:
            self.exit(BAD_INPUT)

    def error(self, message: str) -> NoReturn:
        """Print what is wrong with the arguments, and exit."""
        complain(f"{self.format_usage()}{self.prog}: error: {escaped(shortened(message, 600))}")
        self.exit(BAD_INPUT)


def parser() -> ArgumentParser:
    """The parser of all commands; what it returns has `run`, which takes it and returns the exit status."""
    whole = _Parser(
        prog="residency",
        description="Where a tenant's data may live, and which sub-processors may touch it, on a given day, and why.",
        epilog="This is no legal advice: it says what the sources state, not what the law allows.",
    )
    whole.add_argument("--version", action="version", version=f"residency {__version__}")
    whole.set_defaults(run=commands.greet)
    added = whole.add_subparsers(title="commands", metavar="COMMAND")
    _add_resolve(
        added.add_parser(
            "resolve",
            help="answer for one tenant",
            description="Answer for one tenant. Exit status: 0 a region is settled, 1 it is refused, 2 bad input.",
            epilog="example: residency resolve --country BG --feature voip --as-of 2026-11-23",
        )
    )
    _add_receipt(
        added.add_parser(
            "receipt",
            help="print the receipt of an answer, to keep",
            description="Print the receipt of the answer for one tenant: one line, to keep and to ask again later."
            " Exit status: 0 a region is settled, 1 it is refused, 2 bad input.",
            epilog="example: residency receipt --country BG --feature voip --output bg.receipt",
        )
    )
    _add_replay(
        added.add_parser(
            "replay",
            help="ask again what a receipt or a stored decision was asked",
            description="Ask a register again what a receipt, or a decision stored as JSON, was asked: whether it still"
            " answers so, what differs, and because of what. Exit status: 0 it holds, be it in other words; 1 it does"
            " not (other reasons, another name or purpose, other answers, or it cannot be asked any more);"
            " 2 bad input.",
            epilog="example: residency replay bg.receipt",
        )
    )
    _add_recheck(
        added.add_parser(
            "recheck",
            help="ask again what the receipts of many accounts were asked",
            description="Ask a register again for many accounts, and print those whose receipts do not hold, as CSV or"
            " JSON Lines. The file is JSON Lines (each line a receipt, or an object with an id and a receipt) or CSV"
            " with a header. Exit status: 0 all hold, be it in other words; 1 some do not, or cannot be read; 2 bad"
            " input.",
            epilog="example: residency recheck accounts.csv --id account --column receipt > changed.csv",
        )
    )
    _add_list(
        added.add_parser(
            "list",
            help="list the names that a register knows",
            description="List a register's regions, features, consents and other names, each kind with its argument.",
            epilog="example: residency list liveagent",
        )
    )
    _add_check(
        added.add_parser(
            "check",
            help="check a register, and prove its laws for all tenants",
            description="Check a register: its faults and gaps, its cases, every law and claim for all tenants."
            " Exit status: 0 sound, 1 a fault, a failing case, or a law that is broken or not covered, 2 bad input.",
            epilog="example: residency check my-vendor.toml",
        )
    )
    _add_table(
        added.add_parser(
            "table",
            help="write a register's answers as a table to join",
            description="Write a register's decision table: every answer for tenants without restrictions or"
            " objections, as CSV (all quoted, NULL is \\N) or SQL. Exit status: 0 written, 2 bad input.",
            epilog="example: residency table liveagent --output table.csv",
        )
    )
    _add_format(
        added.add_parser(
            "format",
            help="print the reference of the register format",
            description="Print the reference of the register format in Markdown, or its JSON Schema for editors.",
            epilog="example: residency format --json > register.schema.json",
        )
    )
    return whole


def _add_question(command: ArgumentParser) -> None:
    """Add the arguments of a question: which tenant, on which day, by which register."""
    command.add_argument(
        "--country", required=True, metavar="CODE", help="the tenant's country, ISO 3166-1 alpha-2 (BG)"
    )
    command.add_argument("--agreed-region", metavar="REGION", help="the hosting region agreed with the vendor")
    for name, metavar, words in _REPEATABLE:
        kind = _pair if name == "--attribute" else str
        command.add_argument(name, action="append", default=[], type=kind, metavar=metavar, help=f"{words}; repeatable")
    command.add_argument(
        "--register", default="liveagent", metavar="REGISTER", help="a bundled register, or a TOML file"
    )
    command.add_argument("--house-rules", metavar="RULES", help="bundled house rules (rest-of-world), or a TOML file")
    command.add_argument("--as-of", type=_day, metavar="DAY", help="the day asked about, 2026-11-23 (default: today)")


def _add_resolve(command: ArgumentParser) -> None:
    _add_question(command)
    command.add_argument(
        "--activity",
        choices=ACTIVITIES,
        metavar="ACTIVITY",
        help=f"who may touch the data for it: {', '.join(ACTIVITIES)}",
    )
    command.add_argument("--data", metavar="NAME", help="who may touch this data category")
    shown = command.add_mutually_exclusive_group()
    shown.add_argument(
        "--why", nargs="?", const="", metavar="ID", help="the reasons of all answers, or of one region or sub-processor"
    )
    shown.add_argument("--full", action="store_true", help="the whole explanation, with all that it cites in full")
    shown.add_argument("--json", action="store_true", help="print the decision as JSON")
    command.set_defaults(run=commands.resolve)


def _add_receipt(command: ArgumentParser) -> None:
    _add_question(command)
    command.add_argument("--output", metavar="FILE", help="the file to write (default: -, standard output)")
    command.set_defaults(run=receipts.receipt)


def _add_replay(command: ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="a receipt, or a stored decision; - is standard input")
    command.add_argument(
        "--register", metavar="REGISTER", help="a bundled register, or a TOML file (default: the bundled one of its id)"
    )
    command.add_argument("--house-rules", metavar="RULES", help="under these house rules, bundled or a TOML file")
    command.add_argument("--json", action="store_true", help="print what came of it as JSON, every change with codes")
    command.set_defaults(run=receipts.replay)


def _add_recheck(command: ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="accounts, as JSON Lines or CSV; - is standard input")
    command.add_argument("--column", metavar="NAME", help="the column that has the receipt's text (default: receipt)")
    command.add_argument("--id", metavar="NAME", help="the column that has the account's id (default: id, if any)")
    command.add_argument(
        "--register", default="liveagent", metavar="REGISTER", help="a bundled register, or a TOML file"
    )
    command.add_argument("--house-rules", metavar="RULES", help="under these house rules, bundled or a TOML file")
    command.add_argument("--as-of", type=_day, metavar="DAY", help="ask about this day (default: each about its own)")
    command.add_argument("--json", action="store_true", help="print JSON Lines, with every change, instead of CSV")
    command.set_defaults(run=receipts.recheck)


def _add_list(command: ArgumentParser) -> None:
    command.add_argument(
        "register", nargs="?", default="liveagent", metavar="REGISTER", help="a bundled register, or a TOML file"
    )
    shown = command.add_mutually_exclusive_group()
    shown.add_argument("--toml", action="store_true", help="print the bundled register's own file, to start from")
    shown.add_argument("--json", action="store_true", help="print the names as JSON")
    command.set_defaults(run=commands.list_names)


def _add_check(command: ArgumentParser) -> None:
    _add_register(command)
    command.add_argument("--worth", action="store_true", help="also tell what each rule decides, and which law notices")
    command.add_argument(
        "--workers", type=_count, default=1, metavar="N", help="processes to share the work (default: 1)"
    )
    shown = command.add_mutually_exclusive_group()
    shown.add_argument("-v", "--verbose", action="store_true", help="each finding with its lines, each proof")
    shown.add_argument("--json", action="store_true", help="print the report as JSON")
    command.set_defaults(run=commands.check)


def _add_table(command: ArgumentParser) -> None:
    _add_register(command)
    command.add_argument("--sql", metavar="NAME", help="write statements that create a table of this name, and fill it")
    command.add_argument(
        "--output", metavar="FILE", help="the file to write; - is standard output, also where that is a terminal"
    )
    command.set_defaults(run=commands.table)


def _add_format(command: ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print the JSON Schema")
    command.set_defaults(run=commands.format_reference)


def _add_register(command: ArgumentParser) -> None:
    """Add the arguments of a command about a whole register: which one, and under which house rules."""
    command.add_argument("register", metavar="REGISTER", help="a bundled register, or a TOML file")
    command.add_argument("--house-rules", metavar="RULES", help="under these house rules, bundled or a TOML file")


_REPEATABLE = (
    ("--feature", "NAME", "a feature that is on"),
    ("--switched-off", "NAME", "a feature on by default that is off"),
    ("--consent", "NAME", "a consent given"),
    ("--agreement", "NAME", "an agreement that exists"),
    ("--attribute", "NAME=VALUE", "an attribute of the tenant"),
    ("--within", "PLACE", "a restriction: only within these places (EEA, CH)"),
    ("--never-in", "PLACE", "a restriction: in none of these places (IN)"),
    ("--never-registered-in", "PLACE", "a restriction: nobody registered there (US)"),
    ("--objection", "NAME", "a sub-processor that it objects to"),
)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 64:
        raise ArgumentTypeError(f"expected a number from 1 to 64, got {quoted(text)}")
    return int(text)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise ArgumentTypeError(f"expected an attribute as NAME=VALUE, got {quoted(text)}")
    return name, value


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise ArgumentTypeError(f"expected a day as 2026-11-23, got {quoted(text)}")
    return day
