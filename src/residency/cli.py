"""The command line: `resolve`, `check`, `table`, `format`. Only here is a clock read: for today, and for progress."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from io import TextIOWrapper
from typing import NoReturn

from . import Resolver, Restriction, Tenant, __version__, load_house_rules, load_register, validate
from .errors import ResidencyError, escaped, quoted, shortened

__all__ = ["main"]

SETTLED, REFUSED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 0 for yes (settled, sound), 1 for no, 2 for bad input."""
    _use_utf_8()
    if sys.stdout is None:
        _complain(
            "residency: the answer cannot be written: standard output is closed\nnote: send it to a file or a pipe"
        )
        return BAD_INPUT
    try:
        options = _parser().parse_args(arguments)
        status: int = options.run(options)
        return status
    except ResidencyError as error:
        _complain("\n".join([f"residency: {error}", *getattr(error, "__notes__", ())]))
        return BAD_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED


def _use_utf_8() -> None:
    """Write UTF-8, whatever the locale."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _resolve(options: argparse.Namespace) -> int:
    register = load_register(options.register)
    rules = None if options.house_rules is None else load_house_rules(options.house_rules, register)
    demands = {key: getattr(options, key) for key in ("within", "never_in", "never_registered_in")}
    tenant = Tenant(
        country=options.country,
        agreed_region=options.agreed_region,
        features=options.feature,
        consents=options.consent,
        agreements=options.agreement,
        switched_off=options.switched_off,
        attributes=options.attribute,
        restrictions=[Restriction(**{key: places}) for key, places in demands.items() if places],
        objections=options.objection,
    )
    decision = Resolver(register, house_rules=rules).resolve(tenant, as_of=options.as_of or date.today())  # noqa: DTZ011 (the one clock: the day where the command is run)
    text = json.dumps(decision.to_dict(), ensure_ascii=False, indent=2) if options.json else decision.explain()
    return _say(text, REFUSED if decision.region is None else SETTLED)


def _check(options: argparse.Namespace) -> int:
    from .analysis import check, lint, worth
    from .analysis.summary import Report, failed_cases
    from .files import load_contents

    file = load_contents(options.register)
    rules = None if options.house_rules is None else load_house_rules(options.house_rules, file.register)
    resolver = Resolver(file.register, house_rules=rules)
    progress = _Progress()
    report = Report(
        register=resolver.register,
        findings=(*validate(resolver.register), *lint(resolver.register, file.claims)),
        cases=len(file.cases),
        failed=tuple(failed_cases(file.cases, Resolver(file.register))),
        proofs=check(file.register, claims=file.claims, house_rules=rules, workers=options.workers, progress=progress),
        register_name=str(options.register),
        rules_name=options.house_rules,
        worth=worth(resolver.register, file.claims, progress) if options.worth else None,
    )
    progress.done()
    text = json.dumps(report.to_dict(), ensure_ascii=False, indent=2) if options.json else "\n".join(report.lines())
    return _say(text, SETTLED if report.sound else REFUSED)


def _table(options: argparse.Namespace) -> int:
    from .tables import Table, to_csv, to_sql

    register = load_register(options.register)
    rules = None if options.house_rules is None else load_house_rules(options.house_rules, register)
    table = Table(register, house_rules=rules)
    if options.sql is None:
        return _say_all(to_csv(table), SETTLED)
    return _say_all((f"{statement}\n" for statement in to_sql(table, options.sql)), SETTLED)


class _Progress:
    """A bar on standard error, where that is a terminal and the work takes longer than a second."""

    WIDTH = 20

    def __init__(self) -> None:
        self._start, self._shown = time.monotonic(), False

    def __call__(self, done: int, of: int, says: str) -> None:
        if sys.stderr is not None and sys.stderr.isatty() and time.monotonic() - self._start > 1:
            bar = "#" * (self.WIDTH * done // of)
            sys.stderr.write(f"\r\x1b[K[{bar:.<{self.WIDTH}}] {done} of {of}: {says:.60}")
            sys.stderr.flush()
            self._shown = True

    def done(self) -> None:
        """Remove the bar."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _format(options: argparse.Namespace) -> int:
    from .files.format_docs import json_schema, reference

    return _say(json.dumps(json_schema(), ensure_ascii=False, indent=2) if options.json else reference(), SETTLED)


def _say(text: str, status: int) -> int:
    """Print the answer; the exit status is the same where whoever reads it closes the pipe early."""
    return _say_all([f"{text}\n"], status)


def _say_all(texts: Iterable[str], status: int) -> int:
    """Print the texts as they come."""
    try:
        for text in texts:
            print(text, end="")
        print(end="", flush=True)
    except BrokenPipeError:
        _forget_output()
    except OSError as error:
        _forget_output()
        _complain(f"residency: the answer cannot be written: {error.strerror}")
        return BAD_INPUT
    return status


def _forget_output() -> None:
    """Send further output nowhere, so that closing the stream at exit does not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(text: str) -> None:
    if sys.stderr is not None:
        with suppress(OSError):
            print(text, file=sys.stderr, flush=True)


class _Parser(argparse.ArgumentParser):
    """Argument parser that prints its help as answers are printed, and its errors as other errors."""

    def _print_message(self, message: str, file: object = None) -> None:  # argparse calls it for help and version
        if _say(message.rstrip("\n"), SETTLED) != SETTLED:
            self.exit(BAD_INPUT)

    def error(self, message: str) -> NoReturn:
        """Print what is wrong with the arguments, and exit."""
        _complain(f"{self.format_usage()}{self.prog}: error: {escaped(shortened(message, 600))}")
        self.exit(BAD_INPUT)


def _parser() -> _Parser:
    parser = _Parser(
        prog="residency",
        description="Where a tenant's data may live, and which sub-processors may touch it, on a given day, and why.",
        epilog="This is no legal advice: it says what the sources state, not what the law allows.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"residency {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    resolve = commands.add_parser(
        "resolve",
        help="answer for one tenant",
        description="Answer for one tenant. Exit status: 0 a region is settled, 1 it is refused, 2 bad input.",
        allow_abbrev=False,
    )
    resolve.add_argument(
        "--country", required=True, metavar="CODE", help="the tenant's country, ISO 3166-1 alpha-2 (BG)"
    )
    resolve.add_argument("--agreed-region", metavar="REGION", help="the hosting region agreed with the vendor")
    for name, metavar, words in _REPEATABLE:
        kind = _pair if name == "--attribute" else str
        resolve.add_argument(name, action="append", default=[], type=kind, metavar=metavar, help=f"{words}; repeatable")
    resolve.add_argument(
        "--register", default="liveagent", metavar="REGISTER", help="a bundled register, or a TOML file"
    )
    resolve.add_argument("--house-rules", metavar="RULES", help="bundled house rules (rest-of-world), or a TOML file")
    resolve.add_argument("--as-of", type=_day, metavar="DAY", help="the day asked about, 2026-11-23 (default: today)")
    resolve.add_argument("--json", action="store_true", help="print the decision as JSON")
    resolve.set_defaults(run=_resolve)
    check = commands.add_parser(
        "check",
        help="check a register, and prove its laws for all tenants",
        description="Check a register: its faults and gaps, its cases, every law and claim for all tenants there are."
        " Exit status: 0 sound, 1 a fault, a failing case, or a law that is broken or not covered, 2 bad input.",
        allow_abbrev=False,
    )
    _add_register_arguments(check)
    check.add_argument("--worth", action="store_true", help="also tell what each rule decides, and which law notices")
    check.add_argument(
        "--workers", type=_count, default=1, metavar="N", help="processes to share the work (default: 1)"
    )
    check.add_argument("--json", action="store_true", help="print the report as JSON")
    check.set_defaults(run=_check)
    table = commands.add_parser(
        "table",
        help="print a register's answers as a table to join",
        description="Print a register's decision table: every answer for tenants without restrictions or objections, as"
        " CSV (all quoted, NULL is \\N) or SQL. Exit status: 0 printed, 2 bad input.",
        allow_abbrev=False,
    )
    _add_register_arguments(table)
    table.add_argument("--sql", metavar="NAME", help="print statements that create a table of this name, and fill it")
    table.set_defaults(run=_table)
    format_command = commands.add_parser(
        "format",
        help="print the reference of the register format",
        description="Print the reference of the register format in Markdown, or its JSON Schema for editors.",
        allow_abbrev=False,
    )
    format_command.add_argument("--json", action="store_true", help="print the JSON Schema")
    format_command.set_defaults(run=_format)
    return parser


def _add_register_arguments(command: argparse.ArgumentParser) -> None:
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
        raise argparse.ArgumentTypeError(f"expected a number from 1 to 64, got {quoted(text)}")
    return int(text)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise argparse.ArgumentTypeError(f"expected an attribute as NAME=VALUE, got {quoted(text)}")
    return name, value


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise argparse.ArgumentTypeError(f"expected a day as 2026-11-23, got {quoted(text)}")
    return day
