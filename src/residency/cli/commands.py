"""The commands: each reads what its arguments name, asks the library, and prints what is answered."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from .. import (
    BadInput,
    Decision,
    HouseRules,
    Register,
    Resolver,
    Restriction,
    Tenant,
    load_house_rules,
    load_register,
    validate,
)
from ..report.resolve import lines, reason_lines
from .output import BAD_INPUT, Progress, complain, explained, say, say_all, terminal, width

__all__ = [
    "NO",
    "YES",
    "check",
    "decision_of",
    "format_reference",
    "greet",
    "house_rules_of",
    "list_names",
    "resolve",
    "say_json",
    "say_lines",
    "status_of",
    "table",
    "write",
]

YES, NO = 0, 1
"""Exit statuses: a region is settled, a register sound, a receipt holds; or not."""

EXAMPLES = """\
where a tenant's data may live, and which sub-processors may touch it:
  residency resolve --country BG --feature voip
why, for all or for one of them:
  residency resolve --country BG --why
  residency resolve --country BG --why twilio
what may be asked about, and by which argument:
  residency list liveagent
your own register, once written down:
  residency check my-vendor.toml
  residency resolve --country BG --register my-vendor.toml
what to keep of an answer, to ask again later with residency replay:
  residency receipt --country BG --feature voip
every answer as a table, to join with your tenants:
  residency table liveagent --output table.csv
more: residency --help, residency COMMAND --help"""


def greet(options: Namespace) -> int:
    """Print examples: the command without any argument."""
    return say_lines(explained(EXAMPLES.split("\n")), YES)


def resolve(options: Namespace) -> int:
    """Answer for one tenant."""
    narrowed = {"activity": options.activity, "data": options.data}
    if (options.json or options.full) and any(narrowed.values()):
        whole = "--json" if options.json else "--full"
        raise BadInput(f"{whole} is the whole decision, of all activities and data", f"leave out {whole}, or the other")
    decision = decision_of(options)
    status = status_of(decision)
    if options.json:
        return say_json(decision.to_dict(), status)
    if options.full:
        return say_lines(explained(decision.explain().split("\n")), status)
    if options.why == "":
        return say_lines(explained(reason_lines(decision, **narrowed)), status)
    if options.why is not None:
        return say_lines(explained(decision.explain(options.why, **narrowed).split("\n")), status)
    return say_lines(lines(decision, width(), **narrowed), status)


def decision_of(options: Namespace) -> Decision:
    """The decision that the arguments of a question ask for."""
    register = load_register(options.register)
    resolver = Resolver(register, house_rules=house_rules_of(options, register))
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
    return resolver.resolve(tenant, as_of=options.as_of or date.today())  # noqa: DTZ011 (the one clock: the day where the command is run)


def status_of(decision: Decision) -> int:
    """The exit status of a decision: whether a region is settled and permitted."""
    return NO if decision.region is None else YES


def list_names(options: Namespace) -> int:
    """List the names of a register, each kind with the argument that takes it; or print its file, if it is bundled."""
    from ..files import bundled_text
    from ..report.choices import choices, lines

    if options.toml:
        return say(bundled_text(options.register).rstrip("\n"), YES)

    register = load_register(options.register)
    return say_json(choices(register), YES) if options.json else say_lines(lines(register, width()), YES)


def check(options: Namespace) -> int:
    """Check a register, and prove its laws."""
    from ..analysis import check as prove
    from ..analysis import lint, worth
    from ..analysis.summary import Report, failed_cases
    from ..files import load_contents
    from ..report.check import lines

    file = load_contents(options.register)
    rules = house_rules_of(options, file.register)
    register = Resolver(file.register, house_rules=rules).register
    with Progress() as progress:
        report = Report(
            register=register,
            findings=(*validate(register), *lint(register, file.claims)),
            cases=len(file.cases),
            failed=tuple(failed_cases(file.cases, Resolver(file.register))),
            proofs=prove(
                file.register, claims=file.claims, house_rules=rules, workers=options.workers, progress=progress
            ),
            register_name=str(options.register),
            rules_name=options.house_rules,
            worth=worth(register, file.claims, progress) if options.worth else None,
        )
    status = YES if report.sound else NO
    if options.json:
        return say_json(report.to_dict(), status)
    return say_lines(explained(report.lines()) if options.verbose else lines(report, width()), status)


def table(options: Namespace) -> int:
    """Write a register's decision table."""
    from ..tables import Table, to_csv, to_sql

    if options.output is None and terminal(sys.stdout):
        complain(
            "residency: standard output is a terminal, and a table has many thousand rows\n"
            f"note: residency table {options.register} --output FILE; or, to print it here, --output -"
        )
        return BAD_INPUT
    register = load_register(options.register)
    answers = Table(register, house_rules=house_rules_of(options, register))
    texts = to_csv(answers) if options.sql is None else (f"{text}\n" for text in to_sql(answers, options.sql))
    return say_all(texts, YES) if options.output in (None, "-") else write("table", Path(options.output), texts, YES)


def format_reference(options: Namespace) -> int:
    """Print the reference of the register format."""
    from ..files.format_docs import json_schema, reference

    return say_json(json_schema(), YES) if options.json else say(reference(), YES)


def house_rules_of(options: Namespace, register: Register) -> HouseRules | None:
    """The house rules that the arguments name, if any."""
    return None if options.house_rules is None else load_house_rules(options.house_rules, register)


def say_lines(texts: Iterable[str], status: int) -> int:
    """Print the lines; the exit status is the one passed where they can be written."""
    return say("\n".join(texts), status)


def say_json(value: Mapping[str, Any], status: int) -> int:
    """Print the value as JSON; the exit status is the one passed where it can be written."""
    return say(json.dumps(value, ensure_ascii=False, indent=2), status)


def write(kind: str, path: Path, texts: Iterator[str], status: int) -> int:
    """Write the texts of a table or receipt to a file, which is touched only once the first of the rows is known."""
    start = list(islice(texts, 2))
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(start)
            file.writelines(texts)
    except OSError as error:
        complain(f"residency: the {kind} cannot be written to {str(path)!r}: {error.strerror}")
        return BAD_INPUT
    return status
