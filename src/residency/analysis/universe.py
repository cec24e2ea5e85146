"""Universe of a register: all tenants that its answers can tell apart, on all days, counted exactly and iterated."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise, product
from math import prod
from typing import Any, Literal, TypeVar

from attrs import field, frozen

from ..engine.conditions import Fact
from ..engine.placement import find_home
from ..model.conditions import Having
from ..model.places import WORLDWIDE, Extent, Place, countries
from ..model.register import Register
from ..model.rows import ACTIVITIES
from ..model.tenant import Restriction, Tenant
from ..model.timeline import Span

__all__ = ["Choice", "Context", "Demand", "Space", "Universe", "tenant_with"]

Choice = bool | str | None
"""Whether a feature is on, a consent given, an agreement made; an attribute's value, `None` where it is unknown."""

T = TypeVar("T")
_HAVING: tuple[Having, ...] = ("feature", "consent", "agreement")


@frozen
class Context:
    """Countries that no answer tells apart in a span, and the region that a tenant there agreed on, if any."""

    countries: tuple[str, ...]
    agreed: str | None


Kind = Literal["within", "never_in", "never_registered_in"]
Scope = Mapping[str, tuple[str, ...]]
"""What a restriction is about: its `activities` and its `data`; everything where neither is named."""


@frozen
class Demand:
    """What a tenant demands: an objection, or a restriction; or nothing.

    It stands for a restriction on each of its `places`, for each of its `scopes`, which no answer tells apart; `key`
    says what is demanded of the place.
    """

    objection: str | None = None
    key: Kind = "within"
    places: tuple[Place, ...] = ()
    scopes: tuple[Scope, ...] = ()

    @property
    def restriction(self) -> Restriction | None:
        """The first of the restrictions, which stands for all of them."""
        return self._restriction(self.places[0], self.scopes[0]) if self.places else None

    @property
    def size(self) -> int:
        """How many demands it stands for."""
        return max(1, len(self.places) * len(self.scopes))

    def unfolded(self) -> tuple[Demand, ...]:
        """The demands that it stands for, one by one."""
        pairs = product(self.places, self.scopes)
        return tuple(Demand(None, self.key, (place,), (scope,)) for place, scope in pairs) or (self,)

    def _restriction(self, place: Place, scope: Scope) -> Restriction:
        demanded: dict[str, Any] = {self.key: (place,), **scope}
        return Restriction(**demanded)


@frozen(eq=False)
class Space:
    """The tenants of one span of days, as the choices that a tenant is made of; `day` and `last` are two days in it."""

    span: Span
    day: date
    last: date
    contexts: tuple[Context, ...]
    choices: Mapping[Fact, tuple[Choice, ...]]
    demands: tuple[Demand, ...]
    numbers: dict[tuple[int, ...], tuple[int, ...]] = field(factory=dict, repr=False)

    @cached_property
    def context_sizes(self) -> tuple[int, ...]:
        """How many countries each context holds."""
        return tuple(len(context.countries) for context in self.contexts)

    @cached_property
    def demand_sizes(self) -> tuple[int, ...]:
        """How many demands each demand stands for."""
        return tuple(demand.size for demand in self.demands)

    @property
    def size(self) -> int:
        """How many tenants there are, each country and each place of a demand counted."""
        return sum(self.context_sizes) * sum(self.demand_sizes) * prod(map(len, self.choices.values()))


class Universe:
    """All tenants that a register's answers can tell apart, over all spans between the days on which answers change.

    A tenant is a country, an agreed region or none, a state of every feature, consent and agreement, a value or none of
    every attribute, and one demand at most: a restriction on one place (each country, each grouping, or worldwide), for
    everything, one activity, one data category, or one of each; or an objection. A tenant that makes several demands is
    answered as all of them together allow, each of which can only lower an answer; a demand that names several places
    is no point. Days before the register speaks are one span. `len()` is exact; iterating yields every tenant with the
    first day of its span. Countries, and places of demands, that no answer can tell apart are folded in `spaces`.

    `others` are registers that are asked about the same tenants, `days` and `apart` further days, and groups of
    customers, to be told apart. With `demands=False` nobody demands anything; with `fold=False` nothing is folded.
    """

    def __init__(
        self,
        register: Register,
        *,
        others: Sequence[Register] = (),
        days: Iterable[date] = (),
        apart: Iterable[Sequence[Place]] = (),
        demands: bool = True,
        fold: bool = True,
    ) -> None:
        self.register = register
        self._registers, self._apart = (register, *others), tuple(apart)
        self._demands, self._fold, self._days = demands, fold, tuple(days)

    @cached_property
    def spans(self) -> tuple[tuple[Span, date], ...]:
        """The spans, in order, each with a day in it: its first, for the days before the register speaks the last."""
        register, first = self.register, self.register.speaks_from
        edges = {first, *self._days}.union(*(version.change_dates for version in self._registers))
        named = {part for places in self._apart for place in places for part in place.parts}
        groups = register.groupings if self._demands else [group for group in register.groupings if group.id in named]
        edges = edges.union(*(group.change_dates for group in groups))
        starts = sorted(day for day in edges if day >= min((first, *self._days)))
        spans = [Span(start, end) for start, end in pairwise([None, *starts, None])]
        return tuple((span, span.start or (starts[0] - timedelta(days=1))) for span in spans)

    @cached_property
    def choices(self) -> Mapping[Fact, tuple[Choice, ...]]:
        """What a tenant may have, its default first."""
        register = self.register
        having = {"feature": register.features, "consent": register.consents, "agreement": register.agreements}
        found: dict[Fact, tuple[Choice, ...]] = {}
        for kind in _HAVING:
            for name in having[kind]:
                on = kind == "feature" and name in register.on_by_default
                found[kind, name] = (on, not on)
        for name in register.attributes:
            found["attribute", name] = (None, *register.attribute(name).values)
        return found

    @cached_property
    def spaces(self) -> tuple[Space, ...]:
        """The tenants of each span, folded."""
        return tuple(self._space(span, day) for span, day in self.spans)

    @cached_property
    def size(self) -> int:
        """How many points there are: a tenant in a span is one."""
        return sum(space.size for space in self.spaces)

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[tuple[Tenant, date]]:
        for space in self.spaces:
            customers = ((country, context.agreed) for context in space.contexts for country in context.countries)
            demands = [single for demand in space.demands for single in demand.unfolded()]
            for (country, agreed), chosen, demand in product(customers, product(*self.choices.values()), demands):
                facts = dict(zip(self.choices, chosen, strict=True))
                yield tenant_with(self.register, country, agreed, facts, demand), space.day

    def customers(self, day: date) -> tuple[tuple[str, ...], ...]:
        """The countries, in groups that no answer tells apart on that day."""
        return _grouped(sorted(countries()), lambda country: self._fingerprint(country, day) if self._fold else country)

    def _fingerprint(self, country: str, day: date) -> Hashable:
        own = Extent(frozenset((country,)), frozenset((country,)))
        homes = (find_home(register, country, day) for register in self._registers)
        extents = (Extent.union(place.extent(self.register.groups, day) for place in places) for places in self._apart)
        return (*(home.candidates for home in homes), *(own.within(extent).value for extent in extents))

    def _space(self, span: Span, day: date) -> Space:
        last = span.end - timedelta(days=1) if span.end is not None else date.max
        customers = self.customers(day)
        contexts = tuple(Context(group, agreed) for agreed in (None, *self.register.regions) for group in customers)
        demands = tuple(self._demanded(day)) if self._demands else (Demand(),)
        return Space(span, day, date.min if span.start is None else last, contexts, self.choices, demands)

    def _demanded(self, day: date) -> Iterator[Demand]:
        register = self.register
        yield Demand()
        yield from (Demand(objection=name) for name in register.sub_processors)
        extents = {place: place.extent(register.groups, day) for place in self._nameable}
        sites, seats = (self._groups(extents, self._stated(day, seats=seats)) for seats in (False, True))
        kinds: list[tuple[Kind, tuple[tuple[Place, ...], ...]]] = [
            ("within", sites),
            ("never_in", sites),
            ("never_registered_in", seats),
        ]
        for key, groups in kinds:
            for places, scopes in product(groups, self._scopes):
                yield Demand(None, key, places, scopes)

    @cached_property
    def _scopes(self) -> tuple[tuple[Scope, ...], ...]:
        """The scopes of demands, in groups that concern the same rows, as do all activities that no row has."""
        activities: list[Scope] = [{}, *({"activities": (name,)} for name in ACTIVITIES)]
        categories: list[Scope] = [{}, *({"data": (name,)} for name in self.register.data_categories)]
        scopes: list[Scope] = [{**activity, **category} for activity, category in product(activities, categories)]
        rows = {(str(row.activity), row.data) for register in self._registers for row in register.engagements()}
        rows |= {("exception", row.data) for register in self._registers for row in register.exceptions}
        closed = [(row.activity, row.data) for register in self._registers for row in register.closed]

        def fingerprint(scope: Scope) -> Hashable:
            """Which rows and closed lists the scope may concern, which rows may answer it, and what is apart anyway."""
            (activity,), (category,) = scope.get("activities", ("",)), scope.get("data", ("",))
            apart = (activity == "", activity == "hosting", category == "")
            near = {"exception": {"hosting", "backup"}, "backup": {"backup", "hosting"}}
            of_rows = (
                (not activity or activity in near.get(done, {done}), activity == done, data is None or category in data)
                for done, data in sorted(rows, key=repr)
            )
            of_lists = ((done in (None, activity), data is None or category in data) for done, data in closed)
            return apart, tuple(of_rows), tuple(of_lists)

        return _grouped(scopes, fingerprint if self._fold else repr)

    @cached_property
    def _nameable(self) -> tuple[Place, ...]:
        """Every place that a demand may name."""
        return tuple(map(Place, (*sorted(countries()), *sorted(self.register.groups), WORLDWIDE)))

    def _stated(self, day: date, *, seats: bool) -> list[Extent]:
        """Every place, or registered seat, that a row states, as it is on that day."""
        stated = {place for register in self._registers for place in (register.seats if seats else register.sites)}
        extents = {place.extent(self.register.groups, day) for place in stated}
        return sorted(extents, key=lambda extent: (sorted(extent.sure), sorted(extent.possible), sorted(extent.names)))

    def _groups(self, extents: Mapping[Place, Extent], stated: Sequence[Extent]) -> tuple[tuple[Place, ...], ...]:
        """The places in groups: everything that is stated is within, or apart from, all places of a group alike."""

        def fingerprint(place: Place) -> Hashable:
            named = extents[place]
            held = tuple((extent.within(named).value, extent.never_in(named).value) for extent in stated)
            return held if self._fold else place

        return _grouped(extents, fingerprint)


def tenant_with(
    register: Register, country: str, agreed: str | None, facts: Mapping[Fact, Choice], demand: Demand
) -> Tenant:
    """The tenant with these facts and this demand; a fact that is not among them is in its default state."""
    features = {name: state for (kind, name), state in facts.items() if kind == "feature"}
    by_default = register.on_by_default
    return Tenant(
        country,
        agreed,
        [name for name, on in features.items() if on and name not in by_default],
        [name for (kind, name), state in facts.items() if kind == "consent" and state],
        agreements=[name for (kind, name), state in facts.items() if kind == "agreement" and state],
        switched_off=[name for name, on in features.items() if not on and name in by_default],
        attributes=[(n, value) for (kind, n), value in facts.items() if kind == "attribute" and isinstance(value, str)],
        restrictions=() if demand.restriction is None else (demand.restriction,),
        objections=() if demand.objection is None else (demand.objection,),
    )


def _grouped(items: Iterable[T], fingerprint: Callable[[T], Hashable]) -> tuple[tuple[T, ...], ...]:
    """The items in groups with the same fingerprint, in the order of the first of each group."""
    groups: dict[Hashable, list[T]] = {}
    for item in items:
        groups.setdefault(fingerprint(item), []).append(item)
    return tuple(map(tuple, groups.values()))
