"""The command line: `residency resolve`. Only here is there a clock, and only to ask about today."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import date

from . import Decision, Resolver, Tenant, __version__, load_house_rules, load_register
from .errors import ResidencyError

__all__ = ["main"]

SETTLED, REFUSED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit status is 0 where a region is settled, 1 where it is refused, 2 for bad input."""
    try:
        given = _parser().parse_args(arguments)
        status = _resolve(given)
        sys.stdout.flush()
        return status
    except ResidencyError as error:
        print(f"residency: {error}", *getattr(error, "__notes__", ()), sep="\n", file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that closing it at exit is quiet too
        return SETTLED
    except KeyboardInterrupt:
        return INTERRUPTED


def _resolve(given: argparse.Namespace) -> int:
    register = load_register(given.register)
    rules = None if given.house_rules is None else load_house_rules(given.house_rules, register)
    tenant = Tenant(
        country=given.country,
        agreed_region=given.agreed_region,
        features=given.feature,
        consents=given.consent,
    )
    decision = Resolver(register, house_rules=rules).resolve(tenant, as_of=given.as_of or date.today())
    print(json.dumps(decision.to_dict(), ensure_ascii=False, indent=2) if given.json else _text(decision))
    return REFUSED if decision.region is None else SETTLED


def _text(decision: Decision) -> str:
    return decision.explain()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
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
    resolve.add_argument("--country", required=True, metavar="CODE", help="the tenant's country, ISO 3166-1 alpha-2 (BG)")
    resolve.add_argument("--feature", action="append", default=[], metavar="NAME", help="a feature that is on; repeatable")
    resolve.add_argument("--consent", action="append", default=[], metavar="NAME", help="a consent given; repeatable")
    resolve.add_argument("--agreed-region", metavar="REGION", help="the hosting region agreed with the vendor")
    resolve.add_argument("--register", default="liveagent", metavar="REGISTER", help="a bundled register, or a TOML file")
    resolve.add_argument("--house-rules", metavar="RULES", help="bundled house rules (rest-of-world), or a TOML file")
    resolve.add_argument("--as-of", type=_day, metavar="DAY", help="the day asked about, 2026-11-23 (default: today)")
    resolve.add_argument("--json", action="store_true", help="print the decision as JSON")
    return parser


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise argparse.ArgumentTypeError(f"expected a day as 2026-11-23, got {text!r}")
    return day
