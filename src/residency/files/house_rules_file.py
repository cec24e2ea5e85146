"""House rules from TOML, checked against the register that they are laid over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from os import PathLike
from typing import Any

from ..errors import BadInput, quoted
from ..house_rules import HouseRules, Resolution
from ..placement import first_home
from ..places import Place, countries
from ..register import CustomerRegion, Prohibition, Register, Source
from ..timeline import Span
from .meaning import HasId, Meaning
from .raw import read
from .shapes import HouseRulesFile
from .strict import Path, shaped

__all__ = ["house_rules_of", "load_house_rules"]

MOST_COMPARED = 50_000_000
"""How often a customer of one rule is compared with one of another, on one day: two millions take a second at most."""


def load_house_rules(source: str | PathLike[str], register: Register) -> HouseRules:
    """See `residency.load_house_rules`."""
    if not isinstance(register, Register):
        raise BadInput(f"expected a Register, got {quoted(register)}", "pass what load_register returned")
    called, content = read(source, "registers/house-rules")
    return house_rules_of(content, called, register)


def house_rules_of(content: dict[str, Any], called: str, register: Register) -> HouseRules:
    """The house rules that a file of this content holds; `called` is the file's name in messages."""
    return _Reading(called, content, register).house_rules()


class _Reading:
    """One house-rules file on its way to `HouseRules`."""

    def __init__(self, called: str, content: dict[str, Any], register: Register) -> None:
        self.file = shaped(content, HouseRulesFile, called)
        self.register = register
        self.meaning = Meaning(called, content, register.groups)
        self.placing: list[CustomerRegion] = []
        self._homes: dict[tuple[str, date], CustomerRegion | None] = {}
        self._compared = 0
        self._references = {source.id: source.reference for source in register.sources}
        self._declare()

    def house_rules(self) -> HouseRules:
        """The house rules, or `BadFile`."""
        file = self.file
        values: dict[str, Any] = {
            "register_id": file.register,
            "decided_by": file.decided_by,
            "decided_on": file.decided_on,
            "customer_regions": tuple(self._customer_regions()),
            "prohibitions": tuple(self._prohibitions()),
            "resolutions": tuple(self._resolutions()),
            "sources": tuple(self._sources()),
        }
        self.meaning.done()
        return HouseRules(**values)

    def _declare(self) -> None:
        file, register, meaning = self.file, self.register, self.meaning
        if file.register != register.id:
            message = f"these house rules are for register {quoted(file.register)}, not {register.id!r}"
            meaning.fault(("register",), message, "load them with the register that they were written for")
        if register.house_rules is not None:
            meaning.fault((), f"register {register.id!r} has house rules already", "put all of them in one file")
        meaning.register_names(register)
        rows: list[tuple[str, Sequence[HasId]]] = [
            ("customer_regions", file.customer_regions),
            ("forbid", file.forbid),
            ("resolve", file.resolve),
        ]
        taken = {source.id: f"a {source.author} of the register" for source in register.sources}
        widened = {region.id: self._cited(region.basis) for region in register.customer_regions}
        for key, rules in rows:
            for index, rule in enumerate(rules):
                path: Path = (key, index, "id")
                meaning.id(path, rule.id)
                own = "give the rule an id of its own"
                if rule.id in widened:
                    message = f"rule {rule.id!r} would widen the register's own customer region [{widened[rule.id]}]"
                    meaning.fault(path, message, own)
                elif rule.id in taken:
                    meaning.fault(path, f"duplicate id {rule.id!r}", f"it names {taken[rule.id]}; {own}")
                taken.setdefault(rule.id, "another house rule")
        meaning.known["customer region"] = dict.fromkeys([*widened, *(rule.id for rule in file.customer_regions)], ())

    # --- Customers ---

    def _customer_regions(self) -> Iterator[CustomerRegion]:
        rows, meaning, register = self.file.customer_regions, self.meaning, self.register
        rule = register.placement.rule
        for index, row in enumerate(rows):
            path: Path = ("customer_regions", index)
            if rule != "by-customer":
                message = f"rule {row.id!r} places customers, but register {register.id!r} does not place by customer"
                cited = self._cited(register.placement.basis)
                meaning.fault(path, message, f"leave it out: placement is {rule!r} [{cited}]")
            span = meaning.span(path, row)
            places = meaning.customers((*path, "customers"), row.customers, last=row is rows[-1])
            home = meaning.name((*path, "home"), "hosting region", row.home)
            if rule == "by-customer" and places is not None:
                self._only_undetermined((*path, "customers"), row.id, places, span)
            region = CustomerRegion(row.id, places, home, (row.id,), span)
            self.placing.append(region)
            self._homes.clear()
            yield region

    def _only_undetermined(self, path: Path, rule: str, places: tuple[Place, ...], span: Span) -> None:
        """Nobody is placed twice by code, and a rule places somebody at all."""
        free = [not self._placed_already((*path, number), rule, place, span) for number, place in enumerate(places)]
        known = [place for place in places if all(part in self.register.groups for part in place.parts)]
        if all(free) and len(known) == len(places) and not self._places_somebody(known, span):
            message = f"rule {rule!r} places nobody: the register or an earlier rule places all of these customers"
            self.meaning.fault(path, message, "leave it out, or put it before the rule that places them")

    def _placed_already(self, path: Path, rule: str, place: Place, span: Span) -> bool:
        """A country written by its own code must not be one that something else places on a day of the rule."""
        if place.text not in countries():
            return False
        homes = {day: self._home(place.text, day) for day in self._days(span)}
        clashes = {day: home for day, home in homes.items() if home is not None}
        if not clashes:
            return False
        first, there = next(iter(clashes.items()))
        who = "an earlier rule" if there in self.placing else "the register"
        message = (
            f"rule {rule!r} places {place.text!r}, which {who} places: from {first} it is in customer"
            f" region {there.id!r} [{self._cited(there.basis)}]"
        )
        later = [day for day in homes if day > max(clashes)]
        free = f"write since = {later[0]}" if later else "leave it out"
        remedy = f"{free}: house rules place only customers whom the register leaves undetermined"
        self.meaning.fault(path, message, remedy)
        return True

    def _places_somebody(self, places: Sequence[Place], span: Span) -> bool:
        """Whether on some day some country of these groupings is placed by nothing else."""
        return any(
            self._home(country, day) is None
            for day in self._days(span)
            for place in places
            for country in place.extent(self.register.groups, day).possible
        )

    def _home(self, country: str, day: date) -> CustomerRegion | None:
        """The customer region, of the register or a rule before this one, that surely holds the country."""
        if (country, day) not in self._homes:
            rows = (*self.register.customer_regions, *self.placing)
            self._count(sum(1 + len(row.customers or ()) for row in rows))
            home = first_home(rows, self.register.groups, country, day)
            self._homes[country, day] = home.candidates[-1]
        return self._homes[country, day]

    def _count(self, compared: int) -> None:
        """Refuse rules that take too long to compare."""
        self._compared += compared
        if self._compared > MOST_COMPARED:
            message = "too many customers, rules and days to compare with one another"
            self.meaning.fault(("customer_regions",), message, "write fewer rules, or fewer customers in each")
            self.meaning.done()

    def _days(self, span: Span) -> list[date]:
        """The first day of each stretch of the span on which nobody's place changes."""
        register = self.register
        self._count(len(register.change_dates) + len(self.placing))
        first = register.speaks_from if span.start is None else max(span.start, register.speaks_from)
        edges = {first, *register.change_dates}.union(*(region.span.change_dates for region in self.placing))
        return [day for day in sorted(edges) if day >= first and day in span]

    # --- Prohibitions and resolutions ---

    def _prohibitions(self) -> Iterator[Prohibition]:
        for index, row in enumerate(self.file.forbid):
            path: Path = ("forbid", index)
            who = self.meaning.name((*path, "who"), "hosting region or sub-processor", row.who)
            yield Prohibition(row.id, who, self.meaning.condition((*path, "when"), row.when))

    def _resolutions(self) -> Iterator[Resolution]:
        resolved = {tension.id: tension.basis for tension in self.register.tensions if tension.resolution is not None}
        for index, row in enumerate(self.file.resolve):
            path: Path = ("resolve", index)
            self.meaning.name((*path, "tension"), "tension", row.tension)
            self.meaning.value((*path, "is"), "tension", row.tension, row.is_)
            if row.tension in resolved:
                cited = self._cited(resolved[row.tension])
                message = f"rule {row.id!r} resolves tension {row.tension!r}, which is resolved already [{cited}]"
                self.meaning.fault((*path, "tension"), message, "leave it out: house rules resolve only what is open")
            resolved.setdefault(row.tension, (row.id,))
            yield Resolution(row.id, row.tension, row.is_)

    # --- Sources ---

    def _sources(self) -> Iterator[Source]:
        file = self.file
        for region in file.customer_regions:
            whom = region.customers if isinstance(region.customers, str) else _listed(region.customers)
            yield self._source(
                region.id,
                f"customers in {whom} are placed in region {region.home}, where the register leaves them undetermined",
                region.because,
            )
        for rule in file.forbid:
            yield self._source(
                rule.id, f"{rule.who} is forbidden{' under a condition' if rule.when else ''}", rule.because
            )
        for each in file.resolve:
            yield self._source(each.id, f"tension {each.tension} is resolved as {each.is_}", each.because)

    def _source(self, name: str, says: str, because: str) -> Source:
        at = f"decided by {self.file.decided_by} on {self.file.decided_on}"
        return Source(name, "house rule", says, at=at, because=because)

    def _cited(self, basis: Sequence[str]) -> str:
        return "; ".join(self._references.get(name, f"house rule {name}") for name in basis)


def _listed(places: Sequence[str]) -> str:
    return " and ".join([", ".join(places[:-1]), places[-1]]) if len(places) > 1 else "".join(places)
