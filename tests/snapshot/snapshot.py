"""A digest of very many answers of each register: what a change that should change no answer leaves as it is.

The questions are made here, of the registers' own names and nothing else, so that they stay the same whatever becomes
of the library: every change date and the days around it, half of the tenants with demands on several places, activities
and data categories, a quarter of them under house rules. What is digested is all that a decision says but its words.

    python tests/snapshot/snapshot.py            # the digests, beside those that are kept (some minutes)
    python tests/snapshot/snapshot.py --all      # of ten times as many questions of real registers (an hour)
    python tests/snapshot/snapshot.py --keep     # and keep them; of the registers that are named after it, if any are
    python tests/snapshot/compare.py OLD_SRC OLD_HASHES NEW_HASHES  # of what kind each change is
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Container, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from residency import (
    BadFile,
    Decision,
    HouseRules,
    Register,
    Resolver,
    Restriction,
    Tenant,
    load_cases,
    load_house_rules,
    load_register,
)

HERE = Path(__file__).parent
KEPT = HERE / "digests.json"
DAYS = HERE / "days.json"
"""Every day on which an answer of the register may change, the days around it, and some others."""
PAGES = {path.stem: path for path in sorted((HERE.parent / "registers").glob("*.toml"))}
RULINGS = sorted((HERE.parent / "cases" / "rulings").glob("*.toml"))
SMALL = {
    path.stem: path
    for path in (*RULINGS, HERE.parent / "cases" / "base" / "register.toml", *sorted(HERE.glob("*.toml")))
}
"""Made-up registers of a few rows, which have what real ones have seldom."""
NAMES = ("liveagent", "example", *PAGES, *SMALL)
FEW, SOME, MANY, ALL = 60, 500, 2_000, 20_000
"""How many questions are asked of each register: by each test run, of real and of small ones; by the command; and, of
real ones, with `--all`."""
NARROWED = "narrowed"
"""The key of the digest of answers about one activity and data category, which small registers have."""
DEMANDS = 500
"""How many sets of restrictions there are to choose from, for each register."""

COUNTRIES = (
    *("AT", "AU", "AX", "BG", "BR", "CA", "CH", "CY", "DE", "FO", "FR", "GB", "GF", "GG", "GI", "GL", "GP", "HK", "IE"),
    *("IN", "IS", "JE", "JP", "KR", "LI", "MQ", "MX", "NC", "NO", "PM", "PR", "RE", "SG", "SJ", "US", "VI", "XK", "YT"),
)
PLACES = (
    *("AU", "BG", "BR", "CA", "CA|US", "CH", "DE", "FR", "GB", "IE", "IN", "JP", "NO", "SG", "SJ", "US", "EEA", "EU"),
    *("Americas", "Asia", "Europe", "worldwide"),
)
ACTIVITIES = ("hosting", "backup", "delivery", "keys", "service", "support")
_WORDS = re.compile(r'"words": "(?:[^"\\]|\\.)*", |, "words": "(?:[^"\\]|\\.)*"')


@cache
def resolvers(name: str) -> tuple[Register, Resolver, Resolver]:
    """The register, a resolver, and one under house rules."""
    register = load_register({**PAGES, **SMALL}.get(name, name))
    return register, Resolver(register), Resolver(register, house_rules=_house_rules(register))


def _house_rules(register: Register) -> HouseRules:
    """Rules of every kind that the register takes."""
    head = f'format = 1\nregister = "{register.id}"\ndecided_by = "us"\ndecided_on = 2024-02-01\n'
    forbidden = [*register.sub_processors[::3], *register.regions[:1]]
    conditions = [f'{{ feature = "{name}" }}' for name in register.features[:1]]
    conditions += [f'{{ consent = "{name}" }}' for name in register.consents[:1]]
    conditions += [f'{{ not = {{ region_in = "{name}" }} }}' for name in register.regions[-1:]]
    rules = [
        f'[[forbid]]\nid = "h{number}"\nwho = "{who}"\nbecause = "b"\n'
        + (f"when = {conditions[number % len(conditions)]}\n" if conditions and number else "")
        for number, who in enumerate(forbidden)
    ]
    rules += [
        f'[[resolve]]\nid = "t{number}"\ntension = "{each.id}"\nis = "{each.sides[-1][0]}"\nbecause = "b"\n'
        for number, each in enumerate(register.tensions)
        if each.resolution is None
    ]
    placed = '[[customer_regions]]\nid = "rest"\ncustomers = "everyone else"\nbecause = "b"\n'
    placing = [f'{placed}home = "{name}"\n' for name in register.regions[-1:]]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rules.toml")
        for more in (placing, []):
            path.write_text("\n".join([head, *more, *rules]), "utf-8")
            try:
                return load_house_rules(path, register)
            except BadFile:  # the register places everybody itself, or nobody by customer
                continue
    raise AssertionError(f"no house rules for {register.id}")


def questions(name: str, most: int) -> Iterator[tuple[Tenant, date, bool]]:
    """Tenants, days, and whether they are asked under house rules; of fewer questions the first of more.

    A small register's own cases come first: what they ask is drawn seldom.
    """
    register, random = resolvers(name)[0], Random(name)
    cases = load_cases(SMALL[name]) if name in SMALL else ()
    yield from ((case.tenant, case.as_of, False) for case in cases[:most])
    days = [date.fromisoformat(day) for day in _days(name)]
    demands = [_demands(register, random) for _ in range(DEMANDS)]
    for number in range(most - len(cases)):
        demanded = random.choice(demands) if number % 2 else ()
        yield _tenant(register, random, demanded), random.choice(days), number % 8 in (2, 5)


def _days(name: str) -> list[str]:
    """The days that are kept; of a register that is new, those around each change, and one that is later."""
    kept_days: dict[str, list[str]] = json.loads(DAYS.read_text("utf-8"))
    changes = resolvers(name)[0].change_dates
    around = {(day + timedelta(days=shift)).isoformat() for day in changes for shift in (-1, 0, 1)}
    return kept_days.get(name) or sorted({*around, "2026-11-28"})


def _days_as_text(days: dict[str, list[str]]) -> str:
    lines = (f"  {json.dumps(name)}: {json.dumps(each)}" for name, each in days.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def asked(name: str, most: int) -> Iterator[tuple[Resolver, Tenant, date]]:
    """The questions, each with the resolver that is asked."""
    _, plain, under_rules = resolvers(name)
    yield from ((under_rules if ruled else plain, tenant, day) for tenant, day, ruled in questions(name, most))


def _demands(register: Register, random: Random) -> tuple[Restriction, ...]:
    return tuple(_restriction(register, random) for _ in range(random.choice((1, 1, 2, 3))))


def _tenant(register: Register, random: Random, demands: tuple[Restriction, ...]) -> Tenant:
    def some(names: tuple[str, ...]) -> list[str]:
        return [name for name in names if random.random() < 0.4]

    on = sorted(register.on_by_default)
    attributes = {each: random.choice((None, *register.attribute(each).values)) for each in register.attributes}
    return Tenant(
        country=random.choice(COUNTRIES),
        agreed_region=random.choice(register.regions) if register.regions and random.random() < 0.5 else None,
        features=some(tuple(each for each in register.features if each not in on)),
        consents=some(register.consents),
        agreements=some(register.agreements),
        switched_off=some(tuple(on)),
        attributes=[(each, value) for each, value in attributes.items() if value is not None],
        restrictions=demands,
        objections=random.sample(register.sub_processors, 1) if demands and random.random() < 0.1 else (),
    )


def _restriction(register: Register, random: Random) -> Restriction:
    places = random.sample(PLACES, random.choice((1, 1, 2, 3)))
    activities = random.sample(ACTIVITIES, random.choice((0, 0, 1, 2)))
    data = random.sample(register.data_categories, min(len(register.data_categories), random.choice((0, 0, 1, 2))))
    key = random.choice(("within", "within", "never_in", "never_registered_in"))
    return Restriction(**{key: places}, activities=activities, data=data)


def lines(name: str, most: int, only: Container[int] | None = None) -> Iterator[tuple[int, str]]:
    """The decisions with their numbers, each as one line of JSON without `words`."""
    for number, (resolver, tenant, day) in enumerate(asked(name, most)):
        if only is None or number in only:
            decision, ruled = resolver.resolve(tenant, as_of=day), resolver is resolvers(name)[2]
            yield number, _plain({**_whole(decision), "ruled": ruled})


def _whole(decision: Decision) -> dict[str, Any]:
    """All that a decision says."""
    answers = (*decision.region_answers, *decision.sub_processor_answers)
    return {
        "tenant": decision.tenant.to_dict(),
        "as_of": decision.as_of.isoformat(),
        "region": decision.region,
        "settled": decision.settled,
        "hosts": decision.hosts,
        "to_disclose": decision.to_disclose,
        "announced": {name: day and day.isoformat() for name, day in decision.announced.items()},
        "notices": [note.to_dict() for note in decision.notes],
        "answers": {answer.id: answer.to_dict() for answer in answers},
        "sources": [source.to_dict() for source in decision.sources],
    }


def narrowed(register: Register) -> Iterator[tuple[str, str | None, str | None]]:
    """Each sub-processor with each activity and data category, and with none, as `Decision.answer` takes them."""
    for who in register.sub_processors:
        for activity in (None, *ACTIVITIES):
            yield from ((who, activity, data) for data in (None, *register.data_categories))


def narrowed_digest(name: str) -> str:
    """A digest of the narrowed answers of the first decisions, each as `lines` writes a decision."""
    told = sha256()
    for resolver, tenant, day in asked(name, FEW):
        decision = resolver.resolve(tenant, as_of=day)
        for who, activity, data in narrowed(resolver.register):
            answer = decision.answer(who, activity=activity, data=data)
            told.update(_plain({"id": answer.id, **answer.to_dict()}).encode("utf-8"))
    return told.hexdigest()[:32]


def _plain(told: dict[str, Any]) -> str:
    return _WORDS.sub("", json.dumps(told, sort_keys=True, ensure_ascii=False))


def hashes(name: str, most: int) -> list[str]:
    """A hash of each decision."""
    return [sha256(line.encode("utf-8")).hexdigest()[:16] for _, line in lines(name, most)]


def digests(each: Sequence[str]) -> dict[str, str]:
    """The digests of the first hashes, after each number of them that is kept."""
    told = [most for most in (FEW, SOME, MANY, ALL) if most <= len(each)]
    return {str(most): sha256("".join(each[:most]).encode("ascii")).hexdigest()[:32] for most in told}


def kept() -> dict[str, dict[str, str]]:
    """The digests that are kept, by register."""
    told: dict[str, dict[str, str]] = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    return told


def main(arguments: Sequence[str]) -> int:
    """Ask everything; the exit status is 1 where something is not as it is kept."""
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=NAMES, metavar="REGISTER", help="ask these alone")
    parser.add_argument("--keep", action="store_true", help="keep the digests")
    parser.add_argument("--all", action="store_true", help=f"ask {ALL:,} questions of real registers, not {MANY:,}")
    parser.add_argument("--hashes", type=Path, metavar="FOLDER", help="write a hash of each decision there")
    parser.add_argument("--show", metavar="REGISTER", help="print the decisions whose numbers are read, as JSON")
    given = parser.parse_args(arguments)
    if given.show is not None:
        for number, line in lines(given.show, ALL, frozenset(json.load(sys.stdin))):
            print(number, line, sep="\t")
        return 0
    with ProcessPoolExecutor(2) as pool:
        most = [ALL if given.all and name not in SMALL else MANY for name in given.names]
        every = dict(zip(given.names, pool.map(hashes, given.names, most), strict=True))
    found, before = {name: digests(each) for name, each in every.items()}, kept()
    for name in SMALL.keys() & found.keys():
        found[name][NARROWED] = narrowed_digest(name)
    changed = [name for name, told in found.items() if told.items() - before.get(name, {}).items()]
    for name in found:
        print(f"{name}: {len(every[name]):,} questions {'NOT AS KEPT' if name in changed else 'as kept'}")
    if given.hashes is not None:
        given.hashes.mkdir(parents=True, exist_ok=True)
        for name, each in every.items():
            (given.hashes / name).write_text("\n".join(each), "ascii")
    if given.keep:  # of an answer that changed, what was kept of more questions goes
        found = {name: told if name in changed else {**before[name], **told} for name, told in found.items()}
        KEPT.write_text(json.dumps({**before, **found}, indent=2, sort_keys=True) + "\n", "utf-8")
        days = {**json.loads(DAYS.read_text("utf-8")), **{name: _days(name) for name in found}}
        DAYS.write_text(_days_as_text(days), "utf-8")
    return int(not given.keep and bool(changed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
