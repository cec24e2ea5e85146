"""Of what kind each changed decision is: the old library and the new one are asked again what their hashes tell apart.

    python tests/snapshot/snapshot.py --hashes OLD_HASHES    # in a checkout of the old library, and in the new one
    python tests/snapshot/compare.py OLD_SRC OLD_HASHES NEW_HASHES

A kind is told by the conditions that an answer gained or lost. One of no kind is printed, and the exit status is 1.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from residency import load_register

SNAPSHOT = Path(__file__).with_name("snapshot.py")
ALIKE = {"demand.kept", "demand.broken", "demand.unclear"}
CODES = {
    **dict.fromkeys(("demand.not-answered", "list.closed", "exception.copy-not-stated", "limit.silent"), "answered"),
    **dict.fromkeys(("demand.vendor-seat-not-stated", "demand.vendor-parent-seat-not-stated", "limit.own"), "vendor"),
    **dict.fromkeys((f"{code}-apart" for code in ALIKE), "places"),
    **dict.fromkeys(("customer.not-among", "customer.unknown", "placement.home-unknown"), "homes"),
}
Leaf = tuple[str, str]


def leaves(reason: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The single conditions of a stored reason."""
    if not reason["parts"]:
        yield reason
    for part in reason["parts"]:
        yield from leaves(part)


def told(answer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All conditions and notes of an answer."""
    reasons = [answer["reason"], *(each[side] for each in answer.get("engagements", []) for side in SIDES)]
    for reason in reasons:
        yield from leaves(reason)
    yield from answer["limits"]


SIDES = ("applies", "allowed", "keeps")


def kinds(old: dict[str, Any], new: dict[str, Any], beside: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Each kind of change, with how a verdict changed; `beside` is what rests on rows that are newly held."""
    tenant = new["tenant"]
    if old["to_disclose"] != new["to_disclose"] or "announced" in new:
        yield "announced", ""
    if old["notices"] != new["notices"]:
        yield "cited", "a notice"
    for part in ("regions", "sub_processors"):
        for name, after in new[part].items():
            before = old[part][name]
            if before != after:
                move = f"{part}: {before['verdict']} to {after['verdict']}"
                found = set(_kinds(before, after, tenant, part, beside))
                yield from ((kind, move) for kind in sorted(found) or ["OF NO KIND"])


def _kinds(
    before: dict[str, Any], after: dict[str, Any], tenant: dict[str, Any], part: str, beside: frozenset[str]
) -> Iterator[str]:
    """The kind of each condition that was gained; where none was, of each that was lost."""
    keys = [
        {(each["code"], json.dumps(each["about"], sort_keys=True)): each for each in told(one)}
        for one in (before, after)
    ]
    gained, lost = keys[1].keys() - keys[0].keys(), keys[0].keys() - keys[1].keys()
    scoped = any(each["activities"] or each["data"] for each in tenant["restrictions"])
    for key in gained or lost:
        code, about = key
        rests = frozenset((keys[1] if gained else keys[0])[key]["basis"])
        if code in CODES:
            yield CODES[code]
        elif ", the vendor, is" in about:
            yield "vendor"
        elif code.startswith("demand.") and _of_places(json.loads(about), tenant):
            yield "places"
        elif part == "regions" and scoped and not code.startswith("demand."):
            yield "answered"
        elif part == "regions" and tenant["restrictions"] and rests & beside:
            yield "keys, exceptions that may be copies, the vendor's rows"
        elif gained or before["verdict"] == after["verdict"]:
            yield f"OF NO KIND ({code})"
    if not gained | lost:
        yield "cited"


def _of_places(about: dict[str, str], tenant: dict[str, Any]) -> bool:
    """Whether what is demanded names a grouping that the place names too, the EEA, or several places never to be in."""
    demands = tenant["restrictions"]
    several = any(len(each["never_in"] or each["never_registered_in"] or ()) > 1 for each in demands)
    named = {
        place for each in demands for key in ("within", "never_in", "never_registered_in") for place in each[key] or ()
    }
    there = about.get("places", "")
    return several or "EEA" in there or "EEA" in named or there in named or "SJ" in there


def shown(source: str | None, name: str, numbers: list[int]) -> Iterator[dict[str, Any]]:
    """The decisions of those numbers, by the library in that folder."""
    environment = {**os.environ, **({} if source is None else {"PYTHONPATH": source})}
    command = [sys.executable, str(SNAPSHOT), "--show", name]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as asked:
        assert asked.stdin is not None
        assert asked.stdout is not None
        json.dump(numbers, asked.stdin)
        asked.stdin.close()
        for line in asked.stdout:
            yield json.loads(line.split("\t", 1)[1])


def main(source: str, before: str, after: str, most: int = 10**9) -> int:
    """Print how many decisions changed, of which kinds; the exit status is 1 where one is of none."""
    unexplained = 0
    for path in sorted(Path(after).iterdir()):
        old, new = (Path(folder, path.name).read_text("ascii").split() for folder in (before, after))
        numbers = [number for number, (one, other) in enumerate(zip(old, new, strict=False)) if one != other]
        count: Counter[tuple[str, str]] = Counter()
        page = SNAPSHOT.parents[1] / "registers" / f"{path.name}.toml"
        register = load_register(page if page.exists() else path.name)
        print(f"{path.name}: {len(numbers)} of {len(new)} decisions changed")
        asked = numbers[:most]
        demanding = 0
        keys = (each.basis for each in register.engagements() if each.activity == "keys")
        own = (each.basis for each in register.own_infrastructure)
        elsewhere = (each.basis for each in register.exceptions)
        beside = frozenset(name for basis in (*keys, *own, *elsewhere) for name in basis)
        for one, other in zip(shown(source, path.name, asked), shown(None, path.name, asked), strict=True):
            found = set(kinds(one, other, beside)) or {("cited", "sources")}
            count.update(found)
            demanding += bool(other["tenant"]["restrictions"] or other["tenant"]["objections"])
            plain = {kind for kind, _ in found} - {"announced", "cited", "homes"}
            if any("OF NO KIND" in kind for kind in plain) or (plain and not other["tenant"]["restrictions"]):
                unexplained += 1
                print("  of no kind:", json.dumps(other["tenant"]), other["as_of"], sorted(found))
        print(f"  {demanding} of {len(asked)} that were looked at demand or object")
        for (kind, move), number in sorted(count.items()):
            print(f"  {number:6} {kind} {move}")
    return int(unexplained > 0)


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(main(given[0], given[1], given[2], int(given[3]) if given[3:] else 10**9))
