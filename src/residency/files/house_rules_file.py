"""House rules files: the second pass, against the register that the rules are laid over, to `HouseRules`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from os import PathLike
from typing import Any

from ..errors import BadInput, quoted
from ..model.house_rules import HouseRules, Placed, Resolution, cited, not_by_customer
from ..model.register import Register
from ..model.resources import Resource
from ..model.rows import CustomerRegion, Prohibition, Source
from .parse import read
from .schema import HouseRulesFile
from .semantics import HasId, Semantics
from .structure import Path, structured

__all__ = ["house_rules_of", "load_house_rules"]


def load_house_rules(source: str | PathLike[str] | Resource, register: Register) -> HouseRules:
    """See `residency.load_house_rules`."""
    if not isinstance(register, Register):
        raise BadInput(f"expected a Register, got {quoted(register)}", "pass what load_register returned")
    parsed = read(source, "registers/house-rules")
    return house_rules_of(parsed.content, parsed.name, register)


def house_rules_of(content: dict[str, Any], file_name: str, register: Register) -> HouseRules:
    """The house rules that a file of this content holds; `file_name` is its name in messages."""
    return _HouseRulesReader(file_name, content, register).house_rules()


class _HouseRulesReader:
    """Reader of one house-rules file."""

    def __init__(self, file_name: str, content: dict[str, Any], register: Register) -> None:
        self.file = structured(content, HouseRulesFile, file_name)
        self.register = register
        self.semantics = Semantics(file_name, content, register.groups)
        self._declare()

    def house_rules(self) -> HouseRules:
        """The house rules; raises `BadFile` with every fault."""
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
        self.semantics.done()
        return HouseRules(**values)

    def _declare(self) -> None:
        file, register, semantics = self.file, self.register, self.semantics
        if file.register != register.id:
            message = f"these house rules are for register {quoted(file.register)}, not {register.id!r}"
            semantics.fault(("register",), message, "load them with the register that they were written for")
        if register.house_rules is not None:
            semantics.fault((), f"register {register.id!r} has house rules already", "put all of them in one file")
        semantics.register_names(register)
        rows: list[tuple[str, Sequence[HasId]]] = [
            ("customer_regions", file.customer_regions),
            ("forbid", file.forbid),
            ("resolve", file.resolve),
        ]
        taken = {source.id: f"a {source.author} of the register" for source in register.sources}
        bases = {region.id: cited(register, region.basis) for region in register.customer_regions}
        for key, rules in rows:
            for index, rule in enumerate(rules):
                path: Path = (key, index, "id")
                semantics.id(path, rule.id)
                remedy = "give the rule an id of its own"
                if rule.id in bases:
                    message = f"rule {rule.id!r} would widen the register's own customer region [{bases[rule.id]}]"
                    semantics.fault(path, message, remedy)
                elif rule.id in taken:
                    semantics.fault(path, f"duplicate id {rule.id!r}", f"it names {taken[rule.id]}; {remedy}")
                taken.setdefault(rule.id, "another house rule")
        semantics.known["customer region"] = dict.fromkeys([*bases, *(rule.id for rule in file.customer_regions)], ())

    # --- Customers ---

    def _customer_regions(self) -> Iterator[CustomerRegion]:
        rows, semantics, register = self.file.customer_regions, self.semantics, self.register
        rule, placed = register.placement.rule, Placed(register)
        for index, row in enumerate(rows):
            path: Path = ("customer_regions", index)
            if rule != "by-customer":
                semantics.fault(path, *not_by_customer(row.id, register))
            span = semantics.span(path, row)
            places = semantics.customers((*path, "customers"), row.customers, last=row is rows[-1])
            home = semantics.name((*path, "home"), "hosting region", row.home)
            region = CustomerRegion(row.id, places, home, (row.id,), span)
            if rule == "by-customer":
                self._check_placed((*path, "customers"), placed, region)
            placed.add(region)
            yield region

    def _check_placed(self, path: Path, placed: Placed, region: CustomerRegion) -> None:
        """Note a fault where a rule places a country that is placed already, or places nobody."""
        try:
            for number, message, remedy in placed.faults(region):
                self.semantics.fault(path if number is None else (*path, number), message, remedy)
        except BadInput as error:  # too much to compare: report what was found so far
            self.semantics.fault(path, error.message, error.remedy)
            self.semantics.done()

    # --- Prohibitions and resolutions ---

    def _prohibitions(self) -> Iterator[Prohibition]:
        for index, row in enumerate(self.file.forbid):
            path: Path = ("forbid", index)
            subject = self.semantics.name((*path, "who"), "hosting region or sub-processor", row.who)
            yield Prohibition(row.id, subject, self.semantics.condition((*path, "when"), row.when))

    def _resolutions(self) -> Iterator[Resolution]:
        resolved = {tension.id: tension.basis for tension in self.register.tensions if tension.resolution is not None}
        for index, row in enumerate(self.file.resolve):
            path: Path = ("resolve", index)
            self.semantics.name((*path, "tension"), "tension", row.tension)
            self.semantics.value((*path, "is"), "tension", row.tension, row.is_)
            if row.tension in resolved:
                basis = cited(self.register, resolved[row.tension])
                message = f"rule {row.id!r} resolves tension {row.tension!r}, which is resolved already [{basis}]"
                self.semantics.fault((*path, "tension"), message, "leave it out: house rules resolve only what is open")
            resolved.setdefault(row.tension, (row.id,))
            yield Resolution(row.id, row.tension, row.is_)

    # --- Sources ---

    def _sources(self) -> Iterator[Source]:
        file = self.file
        for region in file.customer_regions:
            names = region.customers if isinstance(region.customers, str) else _listed(region.customers)
            yield self._source(
                region.id,
                f"customers in {names} are placed in region {region.home}, where the register leaves them undetermined",
                region.because,
            )
        for rule in file.forbid:
            yield self._source(
                rule.id, f"{rule.who} is forbidden{' under a condition' if rule.when else ''}", rule.because
            )
        for row in file.resolve:
            yield self._source(row.id, f"tension {row.tension} is resolved as {row.is_}", row.because)

    def _source(self, name: str, says: str, because: str) -> Source:
        at = f"decided by {self.file.decided_by} on {self.file.decided_on}"
        return Source(name, "house rule", says, at=at, because=because)


def _listed(places: Sequence[str]) -> str:
    return " and ".join([", ".join(places[:-1]), places[-1]]) if len(places) > 1 else "".join(places)
