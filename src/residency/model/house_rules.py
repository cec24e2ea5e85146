"""House rules: the operator's own additions to a register, where it is silent, or stricter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from attrs import evolve, frozen

from ..errors import BadInput, UnknownName, nearest, quoted, raise_together
from .conditions import Condition, Has, In, Is, single
from .places import WORLDWIDE, Place, countries
from .register import Register
from .rows import CustomerRegion, Prohibition, Source, Tension, candidate_regions
from .timeline import Span

__all__ = ["HouseRules", "Placed", "Resolution", "cited", "names_of", "not_by_customer", "under"]

MOST_COMPARED = 50_000_000
"""The most comparisons of rows, rules and days that are made to see whom house rules place."""

KnownNames = Mapping[str, Mapping[str, Collection[str]]]
"""Names by kind, each with the values that it can have (empty where it has none)."""


@frozen
class Resolution:
    """A house rule that takes one side of a tension which no reading resolves."""

    rule: str
    tension: str
    side: str


@frozen
class HouseRules:
    """The operator's rules for one register, with who decided them and when; each has a `Source` that says why.

    They come after the register's own rows, so they can place only customers whom it leaves undetermined; prohibitions
    only tighten; a tension is resolved only where no reading does. `load_house_rules` checks that none tries more, and
    `over` checks it again, as the register may not be the one that they were loaded with.
    """

    register_id: str
    decided_by: str
    decided_on: date
    customer_regions: tuple[CustomerRegion, ...] = ()
    prohibitions: tuple[Prohibition, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    sources: tuple[Source, ...] = ()

    def over(self, register: Register) -> Register:
        """The register with these rules in it.

        Raises `BadInput` where they are for another register, name what this one does not know, or try too much.
        """
        if self.register_id != register.id:
            raise BadInput(
                f"these house rules are for register {self.register_id!r}, not {register.id!r}",
                "load the house rules written for this register",
            )
        if register.house_rules is not None:
            raise BadInput(f"register {register.id!r} has house rules already", "put all of them in one file")
        raise_together(self._faults(register), f"the house rules over register {register.id!r}")
        return evolve(
            register,
            customer_regions=register.customer_regions + self.customer_regions,
            prohibitions=register.prohibitions + self.prohibitions,
            tensions=tuple(self._resolved(tension) for tension in register.tensions),
            sources=register.sources + self.sources,
            house_rules=(self.decided_by, self.decided_on),
        )

    def _resolved(self, tension: Tension) -> Tension:
        for rule in self.resolutions:
            if rule.tension == tension.id:
                return evolve(tension, resolution=rule.side, basis=(rule.rule,))
        return tension

    # --- The checks of loading, made again for the register that the rules are laid over ---

    def _faults(self, register: Register) -> Iterator[BadInput]:
        yield from self._id_faults(register)
        yield from self._placing_faults(register)
        yield from self._prohibition_faults(register)
        yield from self._resolution_faults(register)

    def _id_faults(self, register: Register) -> Iterator[BadInput]:
        remedy = "give the house rule an id of its own"
        own_regions = {region.id for region in register.customer_regions}
        authors = {source.id: source.author for source in register.sources}
        placing = (region.id for region in self.customer_regions)
        forbidding, resolving = (rule.rule for rule in self.prohibitions), (rule.rule for rule in self.resolutions)
        for name in dict.fromkeys((*placing, *forbidding, *resolving)):
            if name in own_regions:
                yield BadInput(f"house rule {name!r} would widen the register's own customer region", remedy)
            elif name in authors:
                yield BadInput(f"house rule {name!r} has the id of a {authors[name]} of the register", remedy)

    def _placing_faults(self, register: Register) -> Iterator[BadInput]:
        rule, placed = register.placement.rule, Placed(register)
        for region in self.customer_regions:
            where = f" in house rule {region.id!r}"
            if rule != "by-customer":
                yield BadInput(*not_by_customer(region.id, register))
            for place in region.customers or ():
                try:
                    place.checked(register.groups, where)
                except BadInput as fault:
                    yield fault
            if region.home is not None and region.home not in register.regions:
                yield UnknownName("hosting region", region.home, register.regions, where)
            if rule == "by-customer":
                yield from (BadInput(message, remedy) for _, message, remedy in placed.faults(region))
            placed.add(region)

    def _prohibition_faults(self, register: Register) -> Iterator[BadInput]:
        known = names_of(register)
        placing = {region.id: () for region in self.customer_regions}
        known = {**known, "customer region": {**known["customer region"], **placing}}
        for rule in self.prohibitions:
            where, kind = f" in house rule {rule.rule!r}", "hosting region or sub-processor"
            if rule.who not in known[kind]:
                yield UnknownName(kind, rule.who, known[kind], where)
            for condition in () if rule.when is None else single(rule.when):
                yield from _condition_faults(condition, known, where)

    def _resolution_faults(self, register: Register) -> Iterator[BadInput]:
        known = names_of(register)
        resolved = {tension.id for tension in register.tensions if tension.resolution is not None}
        for rule in self.resolutions:
            condition = Is("tension", rule.tension, (rule.side,))
            yield from _condition_faults(condition, known, f" in house rule {rule.rule!r}")
            if rule.tension in resolved:
                message = f"house rule {rule.rule!r} resolves {rule.tension!r}, which a reading resolves"
                yield BadInput(message, "leave it out")


def _condition_faults(condition: Condition, known: KnownNames, where: str) -> Iterator[BadInput]:
    """Faults of a single condition: the name or the values in it that the register does not know."""
    match condition:
        case Has(kind, name) | In(kind, name) | Is(kind, name) if name not in known[kind]:
            yield UnknownName(kind, name, known[kind], where)
        case Is(kind, name, values):
            choices = known[kind][name]
            for value in values:
                if value not in choices:
                    yield BadInput(f"{kind} {name!r} cannot be {value!r}{where}", nearest(value, sorted(choices)))


def under(house_rules: object, register: Register) -> Register:
    """The register with the house rules in it; `BadInput` where they are no `HouseRules`, or do not fit it."""
    if not isinstance(house_rules, HouseRules):
        raise BadInput(f"expected house rules, got {quoted(house_rules)}", "pass what load_house_rules returned")
    return house_rules.over(register)


def names_of(register: Register) -> KnownNames:
    """Names by kind that house rules and other files about the register may use, each with its values."""
    kinds = {
        "feature": register.features,
        "consent": register.consents,
        "agreement": register.agreements,
        "data category": register.data_categories,
        "hosting region": register.regions,
        "sub-processor": register.sub_processors,
        "hosting region or sub-processor": (*register.regions, *register.sub_processors),
        "customer region": tuple(region.id for region in register.customer_regions),
    }
    return {
        **{kind: dict.fromkeys(names, ()) for kind, names in kinds.items()},
        "attribute": {name: register.attribute(name).values for name in register.attributes},
        "tension": {tension.id: [side for side, _ in tension.sides] for tension in register.tensions},
    }


# --- Whom house rules may place ---


def not_by_customer(rule: str, register: Register) -> tuple[str, str]:
    """Message and remedy for a rule that places customers where the register does not place by customer."""
    basis = cited(register, register.placement.basis)
    return (
        f"rule {rule!r} places customers, but register {register.id!r} does not place by customer",
        f"leave it out: placement is {register.placement.rule!r} [{basis}]",
    )


class Placed:
    """Customers placed so far: by the register, and by each house rule that was added."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._rules: list[CustomerRegion] = []
        self._customer_regions: dict[tuple[str, date], CustomerRegion | None] = {}
        self._compared = 0

    def add(self, rule: CustomerRegion) -> None:
        """Count the customers of the rule as placed, for the rules after it."""
        self._rules.append(rule)
        self._customer_regions.clear()

    def faults(self, rule: CustomerRegion) -> Iterator[tuple[int | None, str, str]]:
        """Faults of the rule, where it places a country a second time or places nobody: place number, message, remedy.

        The number is `None` where the fault is about all of its places.
        """
        places = rule.customers or ()
        checked = [self._clash(rule, place) if place.text in countries() else None for place in places]
        clashes = [(number, *clash) for number, clash in enumerate(checked) if clash is not None]
        yield from clashes
        groups = [place for place in places if all(part in self._register.groups for part in place.parts)]
        customers = [Place(WORLDWIDE)] if rule.customers is None else groups if groups == list(places) else None
        if customers is not None and not clashes and not self._places_anybody(customers, rule.span):
            message = f"rule {rule.id!r} places nobody: the register or an earlier rule places all of these customers"
            yield None, message, "leave it out, or put it before the rule that places them"

    def _clash(self, rule: CustomerRegion, place: Place) -> tuple[str, str] | None:
        """Message and remedy where the register or an earlier rule places this country on a day of the rule."""
        regions = {day: self._customer_region(place.text, day) for day in self._days(rule.span)}
        clashes = {day: region for day, region in regions.items() if region is not None}
        if not clashes:
            return None
        first, region = next(iter(clashes.items()))
        placer = "an earlier rule" if region in self._rules else "the register"
        message = (
            f"rule {rule.id!r} places {place.text!r}, which {placer} places: from {first} it is in customer"
            f" region {region.id!r} [{cited(self._register, region.basis)}]"
        )
        later = [day for day in regions if day > max(clashes)]
        advice = f"write since = {later[0]}" if later else "leave it out"
        return message, f"{advice}: house rules place only customers whom the register leaves undetermined"

    def _places_anybody(self, groups: Iterable[Place], span: Span) -> bool:
        """Whether on some day of the span some country of these groupings is placed by nothing else."""
        return any(
            self._customer_region(country, day) is None
            for day in self._days(span)
            for place in groups
            for country in sorted(place.extent(self._register.groups, day).possible)  # sorted for a stable count
        )

    def _customer_region(self, country: str, day: date) -> CustomerRegion | None:
        """The customer region, of the register or an earlier rule, that surely holds the country on `day`."""
        if (country, day) not in self._customer_regions:
            rows = (*self._register.customer_regions, *self._rules)
            self._count(sum(1 + len(row.customers or ()) for row in rows))
            self._customer_regions[country, day] = candidate_regions(rows, self._register.groups, country, day)[-1]
        return self._customer_regions[country, day]

    def _count(self, compared: int) -> None:
        """Add to the number of comparisons; `BadInput` where it exceeds `MOST_COMPARED`."""
        self._compared += compared
        if self._compared > MOST_COMPARED:
            message = "too many customers, rules and days to compare with one another"
            raise BadInput(message, "write fewer rules, or fewer customers in each")

    def _days(self, span: Span) -> list[date]:
        """Days that stand for the span: the first of each stretch in which no placement changes."""
        register = self._register
        self._count(len(register.change_dates) + len(self._rules))
        first = register.speaks_from if span.start is None else max(span.start, register.speaks_from)
        edges = {first, *register.change_dates}.union(*(rule.span.change_dates for rule in self._rules))
        return [day for day in sorted(edges) if day >= first and day in span]


def cited(register: Register, basis: Iterable[str]) -> str:
    """A basis as messages cite it: each clause or reading of the register, or house rule, that it names."""
    return "; ".join(register.references.get(name, f"house rule {name}") for name in basis)
