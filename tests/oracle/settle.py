"""A second implementation for any register, by another algorithm: settle every unknown in every way, and see.

It reads the content of the files as they are written and knows two truth values only. Where it meets something unknown
it calls `ask`, and the whole question is put again for each of the choices: what is true in all worlds is PERMITTED,
what is true in none is PROHIBITED. It shares no code with the library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Row = dict[str, Any]
Members = Callable[[str, date], tuple[frozenset[str], frozenset[str]]]

YES, NO, OPEN = "PERMITTED", "PROHIBITED", "UNDETERMINED"
NOWHERE = None


ALIKE = {"backup": {"backup", "hosting"}}
"""The activities whose demands are about another one too."""
MOST = 2_000
"""The worlds looked at for one question."""


class TooManyWorlds(Exception):
    """Too much is unknown to look at all of it."""


@dataclass(frozen=True)
class Settled:
    """The verdicts by id; `ambiguous` are the questions in which one unknown was met twice."""

    settled: str | None
    regions: dict[str, str]
    sub_processors: dict[str, str]
    narrowed: dict[tuple[str, str, str | None], str]
    ambiguous: frozenset[str]


@dataclass
class Worlds:
    """All ways to settle what is asked, one after the other."""

    script: list[int] = field(default_factory=list)
    asked: list[tuple[object, Sequence[Any]]] = field(default_factory=list)
    known: dict[object, Any] = field(default_factory=dict)
    twice: bool = False

    def ask(self, atom: object, choices: Iterable[Any]) -> Any:
        """What the atom is in this world."""
        if atom in self.known:
            self.twice = True
            return self.known[atom]
        options = list(choices)
        position = len(self.asked)
        if position == len(self.script):
            self.script.append(0)
        self.asked.append((atom, options))
        self.known[atom] = options[self.script[position]]
        return self.known[atom]

    def every(self, question: Callable[[], bool]) -> tuple[str, bool]:
        """The verdict over all worlds, and whether an unknown was met twice; two worlds that differ are enough."""
        found, self.script, self.twice = set(), [], False
        for _ in range(MOST):
            self.asked, self.known = [], {}
            found.add(question())
            if len(found) == 2:
                return OPEN, self.twice
            while self.script and self.script[-1] + 1 == len(self.asked[len(self.script) - 1][1]):
                self.script.pop()
            if not self.script:
                return (YES if found == {True} else NO), self.twice
            self.script[-1] += 1
        raise TooManyWorlds


@dataclass
class Case:
    """One register, house rules, tenant and day."""

    register: Row
    rules: Row
    tenant: Row
    day: date
    members: Members
    countries: frozenset[str]
    worlds: Worlds = field(default_factory=Worlds)
    settled: str | None = None

    def ask(self, *atom: object, choices: Iterable[Any] = (True, False)) -> Any:
        """What is unknown."""
        return self.worlds.ask(atom, choices)

    # --- Places ---

    def in_force(self, row: Row) -> bool:
        """Whether the day is in the row's span."""
        return bool(row.get("since", date.min) <= self.day < row.get("until", date.max))

    def extent(self, place: str) -> tuple[frozenset[str], frozenset[str]]:
        """The countries surely, and possibly, of a place."""
        sure: frozenset[str] = frozenset()
        possible: frozenset[str] = frozenset()
        for part in place.split("|"):
            if part == "worldwide":
                more = (self.countries, self.countries)
            elif len(part) == 2 and part != "EU":
                more = (frozenset({part}), frozenset({part}))
            else:
                more = self.members(part, self.day)
            sure, possible = sure | more[0], possible | more[1]
        return sure, possible

    def outcomes(self, place: str, demanded: list[str]) -> set[bool]:
        """Whether what is somewhere within the place is within all that is demanded: every way it may turn out."""
        sure = frozenset[str]().union(*(self.extent(each)[0] for each in demanded))
        possible = frozenset[str]().union(*(self.extent(each)[1] for each in demanded))
        found = set()
        for country in self.extent(place)[1]:
            found |= {True} if country in sure else {True, False} if country in possible else {False}
        return found

    def somewhere(self, who: object, place: str, number: int, demand: Row, *, seat: bool = False) -> bool:
        """Whether a place keeps a demand."""
        if "within" in demand:
            ways = sorted(self.outcomes(place, demand["within"]))
            return bool(ways[0] if len(ways) == 1 else self.ask("within", who, place, number, choices=ways))
        kept = True
        for never in demand["never_registered_in" if seat else "never_in"]:
            ways = sorted(self.outcomes(place, [never]))
            inside = ways[0] if len(ways) == 1 else self.ask("inside", who, place, number, choices=ways)
            kept = not inside and kept
        return kept

    def places_keep(self, who: object, places: list[str] | None, number: int, demand: Row) -> bool:
        """Whether all places keep a demand."""
        if places is None:
            return bool(self.ask("place", who, number))
        return all([self.somewhere(who, place, number, demand) for place in places])

    def places_of(self, row: Row, region: str | None) -> list[str] | None:
        """The places of a row."""
        places = row.get("places")
        for site in row.get("sites", []):
            if self.in_force(site):
                return self.places_of(site, None)
        if places == "as the region":
            return next(self.places_of(each, None) for each in self.register["regions"] if each["id"] == region)
        return ["worldwide"] if places == "worldwide" else places

    # --- Where the tenant is ---

    def customer_regions(self) -> list[Row]:
        """The register's, then the house rules', those in force."""
        rows = [*self.register.get("customer_regions", []), *self.rules.get("customer_regions", [])]
        return [row for row in rows if self.in_force(row)]

    def home(self) -> tuple[Row | None, bool]:
        """The first customer region of the tenant's country, and whether it is known to be."""
        for row in self.customer_regions():
            if row["customers"] == "everyone else":
                return row, True
            extents = [self.extent(place) for place in row["customers"]]
            if any(self.tenant["country"] in sure for sure, _ in extents):
                return row, True
            if any(self.tenant["country"] in possible for _, possible in extents):
                return row, False
        return None, True

    def customer_in(self, name: str) -> bool:
        """Whether it is the tenant's customer region."""
        row, known = self.home()
        if row is None:
            return False
        if known:
            return bool(row["id"] == name)
        every = [*self.register.get("customer_regions", []), *self.rules.get("customer_regions", [])]
        order = [each["id"] for each in every]
        return order.index(name) >= order.index(row["id"]) and bool(self.ask("customer in", name))

    def offered(self, region: str) -> bool:
        """Whether the region is in force."""
        return self.in_force(next(each for each in self.register["regions"] if each["id"] == region))

    def placed(self, region: str) -> bool:
        """Whether placement alone puts the data there, be it offered that day or not."""
        rule, agreed = self.register["placement"], self.tenant.get("agreed_region")
        everywhere = [*(each["id"] for each in self.register["regions"]), NOWHERE]
        if agreed is not None:
            if "agreed" not in rule:
                return bool(self.ask("where", choices=everywhere) == region)
            return bool(agreed == region and self.holds(rule.get("agreed_when"), None))
        match rule["rule"]:
            case "by-customer":
                row, known = self.home()
                if row is None or not known:
                    return bool(self.ask("where", choices=everywhere) == region)
                if "home" not in row:
                    return bool(self.ask("where", choices=everywhere) == region)
                return bool(row["home"] == region)
            case "fixed":
                return bool(rule["region"] == region)
            case "free-choice":
                return True
            case _:
                return bool(self.ask("where", choices=everywhere) == region)

    def located(self, region: str) -> bool:
        """Whether the data is in the end in that region."""
        if self.settled is not None:
            return region == self.settled
        if self.register["placement"]["rule"] != "free-choice" or self.tenant.get("agreed_region") is not None:
            return self.placed(region)
        free = [each["id"] for each in self.register["regions"] if self.placed(each["id"])]
        return bool(region in free and self.ask("choice", choices=[*free, NOWHERE]) == region)

    def known_in(self, region: str) -> bool:
        """The same for a condition: where the data is nowhere by placement, it may yet be anywhere."""
        names = [each["id"] for each in self.register["regions"]]
        if self.located(region) or self.settled is not None or any([self.located(name) for name in names]):
            return self.located(region)
        return bool(self.ask("in the end", choices=[*names, NOWHERE]) == region)

    # --- Conditions ---

    def holds(self, when: Row | None, supposed: str | None) -> bool:
        """Whether a condition holds; `supposed` is the region in which the data is taken to be, if it is."""
        parts = []
        for key, value in (when or {}).items():
            match key:
                case "feature":
                    default = {n for n, each in self.register["features"].items() if each.get("default") == "on"}
                    parts.append(value in (default | set(self.given("features"))) - set(self.given("switched_off")))
                case "consent" | "agreement":
                    parts.append(value in self.given(key + "s"))
                case "customer_in":
                    parts.append(self.customer_in(value))
                case "region_in":
                    parts.append(value == supposed if supposed is not None else self.known_in(value))
                case "attribute" | "tension":
                    wanted = [when["is"]] if isinstance(when["is"], str) else when["is"]  # type: ignore[index]
                    parts.append(self.value(key, value) in wanted)
                case "not_stated":
                    parts.append(self.ask(key, value))
                case "all" | "any":
                    told = [self.holds(each, supposed) for each in value]
                    parts.append(all(told) if key == "all" else any(told))
                case "not":
                    parts.append(not self.holds(value, supposed))
        return all(parts)

    def given(self, key: str) -> list[str]:
        """What the tenant names."""
        return list(self.tenant.get(key, []))

    def value(self, kind: str, name: str) -> str:
        """The tenant's attribute, or the side of a tension that is taken."""
        if kind == "attribute":
            told = self.tenant.get("attributes", {}).get(name)
            choices = self.register["attributes"][name]["values"]
        else:
            readings = [each.get("resolves", {}) for each in self.register.get("readings", {}).values()]
            resolved = [*readings, *self.rules.get("resolve", [])]
            told = next((each["is"] for each in resolved if each.get("tension") == name), None)
            choices = [side["is"] for side in self.register["tensions"][name]["sides"]]
        return str(told if told is not None else self.ask(kind, name, choices=[*choices, "something else"]))

    def not_forbidden(self, name: str, supposed: str | None) -> bool:
        """Whether no house rule forbids it."""
        rules = [rule for rule in self.rules.get("forbid", []) if rule["who"] == name]
        return all(["when" in rule and not self.holds(rule["when"], supposed) for rule in rules])

    # --- Demands ---

    def restrictions(self) -> list[tuple[int, Row]]:
        """The tenant's, numbered."""
        return list(enumerate(self.tenant.get("restrictions", [])))

    def covers_data(self, who: object, data: list[str] | None, number: int, demand: Row) -> bool:
        """Whether the demand is about this data."""
        if not demand.get("data"):
            return True
        if data is None:
            return bool(self.ask("data", who, number))
        return bool(set(data) & set(demand["data"]))

    def keeps(self, who: object, party: Row | None, row: Row, region: str | None) -> bool:
        """Whether an engagement keeps every demand and objection."""
        kept = [party is None or party["id"] not in self.given("objections")]
        for number, demand in self.restrictions():
            if demand.get("activities") and not ALIKE.get(row["activity"], {row["activity"]}) & set(
                demand["activities"]
            ):
                continue
            covered = self.covers_data(who, row.get("data"), number, demand)
            if "never_registered_in" in demand:
                satisfied = self.seat(party, number, demand)
            else:
                satisfied = self.places_keep(who, self.places_of(row, region), number, demand)
            kept.append(not covered or satisfied)
        return all(kept)

    def seat(self, party: Row | None, number: int, demand: Row) -> bool:
        """Whether a company, and its parent, is registered where the demand allows."""
        name = "" if party is None else party["id"]
        own = None if party is None else party.get("registered_in")
        parent = None if party is None else party.get("parent", {}).get("registered_in")
        kept = [
            self.somewhere(("seat", name), own, number, demand, seat=True) if own else self.ask("seat", name, number)
        ]
        if parent:
            kept.append(self.somewhere(("parent", name), parent, number, demand, seat=True))
        elif party is not None and "parent" in party:
            kept.append(self.ask("parent's seat", name, number))
        return all(kept)

    # --- The questions ---

    def region(self, region: Row) -> bool:
        """Whether the data may be stored there."""
        name = region["id"]
        rows = [self.offered(name), self.placed(name), self.not_forbidden(name, name), self.somebody(name)]
        storage = [
            (number, demand)
            for number, demand in self.restrictions()
            if "never_registered_in" not in demand and "hosting" in (demand.get("activities") or ["hosting"])
        ]
        for number, demand in storage:
            rows.append(self.places_keep(("region", name), self.places_of(region, None), number, demand))
            for index, row in enumerate(self.register.get("exceptions", [])):
                if not self.in_force(row) or name not in row.get("regions", [name]):
                    continue
                about = self.covers_data(("exception", index), row.get("data"), number, demand)
                kept = self.places_keep(("exception", index), self.places_of(row, None), number, demand)
                rows.append(not self.holds(row.get("when"), name) or not about or kept)
        return all([*rows, *self.copies(name)])

    def copies(self, name: str) -> Iterable[bool]:
        """Whether each backup of that region, and what the vendor itself stores in it, keeps the demands."""
        for index, row in enumerate(self.register.get("own_infrastructure", [])):
            if name in row.get("regions", []):
                stores = [
                    self.in_force(row),
                    self.authorised((None, index, name), row),
                    self.holds(row.get("when"), name),
                ]
                yield not all(stores) or self.keeps((None, index, name), None, row, name)
        for party in self.register["sub_processors"]:
            for index, row in enumerate(party["engagements"]):
                if row["activity"] == "backup" and name in row.get("regions", [name]):
                    region = name if "regions" in row else None
                    happens = [
                        self.in_force(row),
                        self.authorised((party["id"], index), row),
                        self.holds(row.get("when"), name),
                    ]
                    yield not all(happens) or self.keeps((party["id"], index, region), party, row, region)

    def authorised(self, who: object, row: Row) -> bool:
        """Whether an engagement that is listed is authorised too."""
        day = row.get("authorised", date.min)
        return bool(self.ask("authorised", who)) if day == "not stated" else bool(day <= self.day)

    def somebody(self, name: str) -> bool:
        """Whether somebody could store the data in that region, and no share of it is left without."""
        rows = list(self.hosting(name))
        if not rows:
            return bool(self.ask("nobody", name))
        found = [self.stores_and_may(*row, name) for row in rows]
        shares = sorted({category for *_, row in rows for category in row.get("data", [])})
        left = []
        for share in (*shares, None) if shares else ():
            those = [self.stores_and_may(*row, name) for row in rows if share in row[-1].get("data", [share])]
            left.append(any(stores for stores, _ in those) and not any(stores and may for stores, may in those))
        return any(stores and may for stores, may in found) and not any(left)

    def hosting(self, name: str) -> Iterable[tuple[Row | None, int, Row]]:
        """Who is listed for storing there; None is the vendor itself."""
        own = self.register.get("own_infrastructure", [])
        for party in [*self.register["sub_processors"], None]:
            for index, row in enumerate(own if party is None else party["engagements"]):
                if row["activity"] == "hosting" and name in row.get("regions", [name]):
                    yield party, index, row

    def stores_and_may(self, party: Row | None, index: int, row: Row, name: str) -> tuple[bool, bool]:
        """Whether one of them would store there, and whether that is allowed and keeps the demands."""
        region = name if "regions" in row else None
        who = (party["id"] if party else None, index, region)
        stores = [self.in_force(row), self.authorised(who, row), self.holds(row.get("when"), name)]
        if region is None:
            stores.append(self.ask("its region", who))
        may = [self.keeps(who, party, row, region)]
        if party:
            may += [self.not_forbidden(party["id"], name), self.breaks_nothing(party, name)]
        return all(stores), all(may)

    def breaks_nothing(self, party: Row, name: str) -> bool:
        """Whether no engagement that would apply with the data in that region breaks a demand."""
        broken = []
        for index, row in enumerate(party["engagements"]):
            for region in row.get("regions", [None]):
                who = (party["id"], index, region)
                does = [self.in_force(row), self.authorised(who, row), self.holds(row.get("when"), name)]
                if region is not None:
                    does += [region == name, self.offered(region)]
                elif row["activity"] == "hosting":
                    does.append(self.ask("its region", who))
                broken.append(all(does) and not self.keeps(who, party, row, region))
        return not any(broken)

    def sub_processor(self, party: Row, activity: str | None = None, data: str | None = None) -> bool:
        """Whether it may touch the data, for that activity and that data if they are given."""
        sides = [
            self.sides(party, index, row, region, data)
            for index, row in enumerate(party["engagements"])
            for region in row.get("regions", [None])
            if activity in (None, row["activity"]) and (data is None or data in row.get("data", [data]))
        ]
        if not sides:
            return bool(self.ask("not listed", party["id"]))
        some = any(applies and allowed and keeps for applies, allowed, keeps in sides)
        return some and not any(applies and not keeps for applies, _, keeps in sides)

    def sides(self, party: Row, index: int, row: Row, region: str | None, data: str | None) -> tuple[bool, bool, bool]:
        """Whether an engagement applies, is allowed by the house rules, and keeps the demands."""
        who = (party["id"], index, region)
        applies = [self.in_force(row), self.authorised((party["id"], index), row), self.holds(row.get("when"), None)]
        if data is not None and "data" not in row:
            applies.append(self.ask("concerns", who))
        if region is not None:
            applies += [self.located(region), self.offered(region)]
        elif row["activity"] == "hosting":
            applies.append(self.ask("its region", who))
        names = [party["id"], *([] if region is None else [region])]
        allowed = [self.not_forbidden(name, None) for name in names]
        return all(applies), all(allowed), self.keeps(who, party, row, region)


def settle(
    register: Row,
    tenant: Row,
    day: date,
    members: Members,
    countries: frozenset[str],
    rules: Row | None = None,
    activities: Sequence[str] = ("hosting", "backup", "service"),
) -> Settled:
    """Every verdict for one tenant on one day, also for each of the activities and each data category."""
    names = [each["id"] for each in register["regions"]]
    parties = [each["id"] for each in register["sub_processors"]]
    if day < date.fromisoformat(str(register.get("speaks_from") or register["published"])):
        return Settled(None, dict.fromkeys(names, OPEN), dict.fromkeys(parties, OPEN), {}, frozenset())
    case = Case(register, rules or {}, tenant, day, members, countries)
    every, ambiguous = case.worlds.every, set()
    placed = {name: every(lambda name=name: case.placed(name)) for name in names}  # type: ignore[misc]
    left = [name for name, (verdict, _) in placed.items() if verdict != NO]
    case.settled = left[0] if len(left) == 1 and placed[left[0]][0] == YES else None
    told: dict[str, str] = {}
    for rows, ask in ((register["regions"], case.region), (register["sub_processors"], case.sub_processor)):
        for row in rows:
            told[row["id"]], twice = every(lambda row=row, ask=ask: ask(row))  # type: ignore[misc]
            if twice or any(again for _, again in placed.values()):
                ambiguous.add(row["id"])
    narrowed = {}
    for party in register["sub_processors"]:
        for activity in activities:
            for data in (None, *register.get("data", {})):
                narrowed[party["id"], activity, data], twice = every(
                    lambda party=party, activity=activity, data=data: case.sub_processor(party, activity, data)  # type: ignore[misc]
                )
                if twice or any(again for _, again in placed.values()):
                    ambiguous.add(f"{party['id']} {activity} {data}")
    regions, others = {n: told[n] for n in names}, {n: told[n] for n in parties}
    return Settled(case.settled, regions, others, narrowed, frozenset(ambiguous))
