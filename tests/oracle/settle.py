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
_ALIKE = ("activity", "purpose", "data", "when", "since", "until", "authorised")
"""What two rows have in common of which one is for a region and the other for others."""
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

    def named(self, places: list[str]) -> tuple[frozenset[str], frozenset[str]]:
        """The countries surely, and possibly, of several places together."""
        extents = [self.extent(each) for each in places]
        return frozenset().union(*(each[0] for each in extents)), frozenset().union(*(each[1] for each in extents))

    def outcomes(self, place: str, demanded: list[str], *, inside: bool) -> set[bool]:
        """Whether what is at the place is within all that is demanded, or outside of it: every way it may turn out."""
        sure, possible = self.named(demanded)
        everywhere = place.removeprefix("everywhere in ")
        parts = set(("worldwide" if place == "everywhere" else everywhere).split("|"))
        if parts <= {part for each in demanded for part in each.split("|")}:
            return {inside}
        if everywhere == place and place != "everywhere":
            found = set[bool]()
            for country in self.extent(place)[1]:
                found |= {True} if country in sure else {True, False} if country in possible else {False}
            return found if inside else {not each for each in found}
        surely, may_be = self.extent("worldwide" if place == "everywhere" else everywhere)
        if inside:  # each country of it: none that may be there may be outside; or one that is there is outside
            kept, broken = all(each in sure for each in may_be), any(each not in possible for each in surely)
        else:
            kept, broken = all(each not in possible for each in may_be), any(each in sure for each in surely)
        return {True} if may_be and kept else {False} if broken else {True, False}

    def somewhere(self, who: object, place: str, number: int, demand: Row, *, seat: bool = False) -> bool:
        """Whether a place keeps a demand."""
        key = "within" if "within" in demand else "never_registered_in" if seat else "never_in"
        ways = sorted(self.outcomes(place, demand[key], inside=key == "within"))
        return bool(ways[0] if len(ways) == 1 else self.ask(key, who, place, number, choices=ways))

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
        return [places] if isinstance(places, str) else places

    # --- Where the tenant is ---

    def customer_regions(self) -> list[Row]:
        """The register's, then the house rules', those in force."""
        rows = [*self.register.get("customer_regions", []), *self.rules.get("customer_regions", [])]
        return [row for row in rows if self.in_force(row)]

    def home(self) -> Row | None:
        """The first customer region of the tenant's country: it may be in one of which that is not known, or not."""
        for row in self.customer_regions():
            if row["customers"] == "everyone else":
                return row
            sure, possible = self.named(row["customers"])
            country = self.tenant["country"]
            if country in sure or (country in possible and self.ask("customer", row["id"])):
                return row
        return None

    def customer_in(self, name: str) -> bool:
        """Whether it is the tenant's customer region."""
        row = self.home()
        return row is not None and bool(row["id"] == name)

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
                row = self.home()
                if row is None or "home" not in row:
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
        nowhere = party is None and row["activity"] == "hosting" and "regions" not in row and "places" not in row
        for number, demand in self.restrictions():
            if nowhere and "never_registered_in" not in demand:
                continue
            named = set(demand.get("activities") or ())
            if named and row["activity"] != "not stated" and not ALIKE.get(row["activity"], {row["activity"]}) & named:
                continue
            covered = not named or row["activity"] != "not stated" or self.ask("activity", who, number)
            covered = self.covers_data(who, row.get("data"), number, demand) and covered
            if "never_registered_in" in demand:
                satisfied = self.seat(party, number, demand)
            else:
                satisfied = self.places_keep(who, self.places_of(row, region), number, demand)
            kept.append(not covered or satisfied)
        return all(kept)

    def seat(self, party: Row | None, number: int, demand: Row) -> bool:
        """Whether a company, and its parent, is registered where the demand allows."""
        name = "the vendor" if party is None else party["id"]
        party = self.register.get("seat", {}) if party is None else party
        own, parent = party.get("registered_in"), party.get("parent", {}).get("registered_in")
        kept = [
            self.somewhere(("seat", name), own, number, demand, seat=True) if own else self.ask("seat", name, number)
        ]
        if parent:
            kept.append(self.somewhere(("parent", name), parent, number, demand, seat=True))
        elif "parent" in party:
            kept.append(self.ask("parent's seat", name, number))
        return all(kept)

    # --- The questions ---

    def region(self, region: Row) -> bool:
        """Whether the data may be stored there."""
        name = region["id"]
        rows = [self.offered(name), self.placed(name), self.not_forbidden(name, name), self.somebody(name)]
        for number, demand in self.restrictions():
            named = set(demand.get("activities") or ())
            seats = "never_registered_in" in demand
            if seats:
                rows.append(bool(named) or self.seat(None, number, demand))
            elif not named or "hosting" in named:
                rows.append(self.places_keep(("region", name), self.places_of(region, None), number, demand))
            for index, row in self.exceptions(name):
                if named and not named & {"hosting", "backup"}:
                    continue
                about = not named or "hosting" in named or self.ask("a copy", index, number)
                about = self.covers_data(("exception", index), row.get("data"), number, demand) and about
                if seats:
                    kept = self.ask("who stores", index, number)
                else:
                    kept = self.places_keep(("exception", index), self.places_of(row, None), number, demand)
                rows.append(not self.excepted(index, row, name) or not about or kept)
        return all([*rows, *self.unavoidable(name), *self.answered(name)])

    def exceptions(self, name: str) -> Iterable[tuple[object, Row]]:
        """The exceptions to a region; one to others alone may be one to a region that the list does not know."""
        for index, row in enumerate(self.register.get("exceptions", [])):
            if self.in_force(row) and name in row.get("regions", [name]):
                yield index, row
            elif self.in_force(row) and not self.listed(name):
                yield (index, "not listed"), {**{key: row[key] for key in row if key != "places"}, "not listed": name}

    def excepted(self, index: object, row: Row, name: str) -> bool:
        """Whether an exception applies."""
        holds = self.holds(row.get("when"), name)
        return holds and ("not listed" not in row or bool(self.ask("not listed", index)))

    def listed(self, name: str) -> bool:
        """Whether the list knows the region."""
        return bool(next(each for each in self.register["regions"] if each["id"] == name).get("listed", True))

    def rows(self, party: Row | None, regions: Iterable[str | None]) -> Iterable[tuple[Any, Row, str | None]]:
        """What a party (None: the vendor) does in these regions, each row by itself; `None` is in none in particular.

        A row for other regions alone may be for one that the list does not know yet too, at no place that is stated.
        """
        name, own = None if party is None else party["id"], self.register.get("own_infrastructure", [])
        every = own if party is None else party["engagements"]
        for index, row in enumerate(every):
            for region in regions:
                if region in row.get("regions", [None]):
                    yield (name, index, region), row, region
        for region in regions:
            if region is not None and not self.listed(region):
                done = []
                for index, row in enumerate(every):
                    what = [row.get(key) for key in _ALIKE]
                    if "regions" in row and what not in done:
                        done.append(what)
                        alike = [each for each in every if what == [each.get(key) for key in _ALIKE]]
                        if not any(region in each.get("regions", []) for each in alike):
                            left = {key: row[key] for key in row if key != "places"}
                            yield (name, index, region), {**left, "not listed": region}, region

    def applies(self, who: Any, row: Row, supposed: str | None) -> bool:
        """Whether a row is in force, and its condition holds; storage that names no region may be in any."""
        parts = [self.in_force(row), self.authorised(who[:2], row), self.holds(row.get("when"), supposed)]
        if "not listed" in row:
            parts.append(self.ask("not listed", who))
        if row["activity"] == "hosting" and "regions" not in row and "not listed" not in row:
            parts.append(self.ask("its region", who))
        return all(parts)

    def unavoidable(self, name: str) -> Iterable[bool]:
        """Whether each copy and key of that region, and all that the vendor itself does there, keeps the demands."""
        for party in (None, *self.register["sub_processors"]):
            for who, row, region in self.rows(party, (name, None)):
                if party is None or row["activity"] in ("backup", "keys"):
                    yield not self.applies(who, row, name) or self.keeps(who, party, row, region)

    def answered(self, name: str) -> Iterable[bool]:
        """Whether something tells who does each thing that a demand names, with each data category that it names."""
        for _, demand in self.restrictions():
            named = set(demand.get("activities") or ())
            activities: list[str | None] = [
                *sorted(named - (set() if "never_registered_in" in demand else {"hosting"}))
            ]
            if not named and demand.get("data"):
                activities = [None]
            for activity in activities:
                rows = [each for each in self.everything(name) if each[1]["activity"] in (activity, "not stated")]
                if activity is None:
                    rows = [*self.everything(name), *self.stored_elsewhere(name)]
                clear = [row for _, row in rows if row["activity"] != "not stated"]
                stated = sorted({each for row in clear for each in row.get("data", [])})
                for data in demand.get("data") or [*stated, None]:
                    yield self.somebody_does(name, activity, data, rows)

    def everything(self, name: str) -> list[tuple[Any, Row]]:
        """Whatever is done in a region, by whomever."""
        parties = (None, *self.register["sub_processors"])
        return [(who, row) for party in parties for who, row, _ in self.rows(party, (name, None))]

    def stored_elsewhere(self, name: str) -> list[tuple[Any, Row]]:
        """The exceptions, as rows."""
        return [(("exception", index), {**row, "activity": "exception"}) for index, row in self.exceptions(name)]

    def somebody_does(self, name: str, activity: str | None, data: str | None, rows: list[tuple[Any, Row]]) -> bool:
        """Whether somebody listed does it, or a closed list says that nobody else does and nobody listed may do it."""
        surely, may_be = False, False
        for who, row in rows:
            if data not in row.get("data", [data]):
                continue
            does = self.excepted(who[1], row, name) if row["activity"] == "exception" else self.applies(who, row, name)
            surely = surely or (does and row["activity"] != "not stated")
            may_be = may_be or does
        closed = any(
            row["of"] == "everybody" and self.closes(row, activity, data, name)
            for row in self.register.get("closed", [])
        )
        return surely or (closed and not may_be) or bool(self.ask("not answered", activity, data))

    def closes(self, row: Row, activity: str | None, data: str | None, region: str | None) -> bool:
        """Whether a closed list is about that."""
        about = (("activity", activity), ("data", data), ("regions", region))
        return self.in_force(row) and all(key not in row or value in _as_list(row[key]) for key, value in about)

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
        shares = sorted({category for _, _, row, _ in rows for category in row.get("data", [])})
        left = []
        for share in (*shares, None) if shares else ():
            those = [self.stores_and_may(*row, name) for row in rows if share in row[2].get("data", [share])]
            left.append(any(stores for stores, _ in those) and not any(stores and may for stores, may in those))
        return any(stores and may for stores, may in found) and not any(left)

    def hosting(self, name: str) -> Iterable[tuple[Row | None, Any, Row, str | None]]:
        """Who is listed for storing there; None is the vendor itself."""
        for party in [*self.register["sub_processors"], None]:
            for who, row, region in self.rows(party, (name, None)):
                if row["activity"] == "hosting":
                    yield party, who, row, region

    def stores_and_may(self, party: Row | None, who: Any, row: Row, region: str | None, name: str) -> tuple[bool, bool]:
        """Whether one of them would store there, and whether that is allowed and keeps the demands."""
        stores = self.applies(who, row, name)
        may = [self.keeps(who, party, row, region)]
        if party:
            may += [self.not_forbidden(party["id"], name), self.breaks_nothing(party, name)]
        return stores, all(may)

    def breaks_nothing(self, party: Row, name: str) -> bool:
        """Whether no engagement that would apply with the data in that region breaks a demand."""
        broken = []
        for who, row, region in self.rows(party, [None, *(each["id"] for each in self.register["regions"])]):
            does = [self.applies(who, row, name)]
            if region is not None:
                does += [region == name, self.offered(region)]
            broken.append(all(does) and not self.keeps(who, party, row, region))
        return not any(broken)

    def sub_processor(
        self, party: Row, activity: str | None = None, data: str | None = None, unlisted: bool | None = None
    ) -> bool:
        """Whether it may touch the data, for that activity and that data if they are given.

        It may do that beside what is listed where `unlisted` is None; else that is known to be so, or not.
        """
        asked = activity is not None or data is not None
        sides = [
            self.sides(party, who, row, region, activity, data)
            for who, row, region in self.rows(party, [None, *(each["id"] for each in self.register["regions"])])
            if activity in (None, row["activity"]) or row["activity"] == "not stated"
            if data is None or data in row.get("data", [data])
        ]
        some = any(applies and allowed and keeps for applies, allowed, keeps in sides)
        if asked and unlisted is None:
            some = self.ask("not listed", party["id"]) or some
        return some and not any(applies and not keeps for applies, _, keeps in sides)

    def closed_for(self, activity: str | None, data: str | None) -> bool:
        """Whether a list of sub-processors is closed for that where the tenant's data is."""
        return any(self.closes(row, activity, data, self.settled) for row in self.register.get("closed", []))

    def sides(
        self, party: Row, who: Any, row: Row, region: str | None, activity: str | None, data: str | None
    ) -> tuple[bool, bool, bool]:
        """Whether an engagement applies, is allowed by the house rules, and keeps the demands."""
        applies = [self.applies(who, row, None)]
        if data is not None and "data" not in row:
            applies.append(self.ask("concerns", who))
        if activity not in (None, row["activity"]):
            applies.append(self.ask("is that", who))
        if region is not None:
            applies += [self.located(region), self.offered(region)]
        names = [party["id"], *([] if region is None else [region])]
        allowed = [self.not_forbidden(name, None) for name in names]
        return all(applies), all(allowed), self.keeps(who, party, row, region)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


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
                known = False if told[party["id"]] == NO or case.closed_for(activity, data) else None
                narrowed[party["id"], activity, data], twice = every(
                    lambda party=party, activity=activity, data=data, known=known: case.sub_processor(  # type: ignore[misc]
                        party, activity, data, known
                    )
                )
                if twice or party["id"] in ambiguous or any(again for _, again in placed.values()):
                    ambiguous.add(f"{party['id']} {activity} {data}")
    regions, others = {n: told[n] for n in names}, {n: told[n] for n in parties}
    return Settled(case.settled, regions, others, narrowed, frozenset(ambiguous))
