"""A register asked about cells: each answer works on no more of the tenants than it depends on, and is kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date

from attrs import evolve, frozen

from ..answer import Answer
from ..conditions import All, Any, Condition, Facts, Has, Is, Located, Not, evaluate
from ..demands import Demands
from ..placement import find_home, known_facts
from ..reason import UNCONDITIONAL, Reason, all_of
from ..register import Engagement, HostingRegion, Register, ResidencyException, SubProcessor
from ..situation import Situation, engagement_answer
from ..tenant import Tenant
from .cells import ByFact, ByNumber, Cell, Dimension, Lazy, Names, Seen, Split
from .universe import Choice, Demand, Fact, Space, tenant_with

__all__ = ["Asked", "Told", "facts_of", "verdict_told"]

Told = Callable[[Reason], Hashable]
"""What of a reason is told apart: of two that tell the same, one stands for both."""


def verdict_told(reason: Reason) -> Hashable:
    """Its verdict, and whether each condition in it rests on something."""
    return reason.verdict.value, all(leaf.basis or leaf == UNCONDITIONAL for leaf in reason.leaves())


class Asked:
    """One register on one day of a space.

    A cell that is asked about is split where the answer depends on what its tenants differ in. `renamed` gives the
    register's own names for names of the space, where they differ.
    """

    def __init__(
        self,
        register: Register,
        space: Space,
        day: date,
        *,
        told: Told = verdict_told,
        renamed: Mapping[str, str] | None = None,
    ) -> None:
        self.register, self.space, self.day, self.told = register, space, day, told
        self._own = renamed or {}
        self._spaces = {own: name for name, own in self._own.items()}
        nobody = Tenant(space.contexts[0].countries[0])
        self._unasked = known_facts(register, nobody, {}).values
        tenants = [tenant_with(register, nobody.country, None, {}, self._named(demand)) for demand in space.demands]
        self._demands = [Demands(register, tenant, day) for tenant in tenants]
        self._made = [each.made for each in self._demands]
        self._objected = {name: number for number, tenant in enumerate(tenants) for name in tenant.objections}
        self._homes = [self._home(number) for number in range(len(space.contexts))]
        when = register.placement.agreed_when
        self._agreed_on = () if when is None else tuple(sorted(facts_of(when)))
        self._placed: dict[Hashable, Situation] = {}
        self._kept: dict[Hashable, Sequence[Hashable]] = {}
        self._ones: dict[Hashable, int | ByNumber] = {}
        self._trees: dict[Hashable, _Node] = {}
        self._reasons: dict[Hashable, Reason] = {}
        self._answers: dict[Hashable, Answer] = {}

    # --- Questions ---

    def answer(self, name: str, seen: Seen) -> Answer:
        """The answer on a hosting region or sub-processor, by its name in the space."""
        own = self._own.get(name, name)
        return self._region(own, seen) if own in self.register.regions else self._sub_processor(own, seen)

    def settled(self, seen: Seen) -> str | None:
        """The hosting region that placement settles, by its name in the space."""
        own = self._there(seen, "settled", lambda here: here.settled).settled
        return None if own is None else self._spaces.get(own, own)

    def home(self, seen: Seen) -> str | None:
        """The hosting region of the customer region, if the tenant is known to be in one that has one."""
        return self._homes[self._one(seen, "where", "home", self._homes.__getitem__)]

    def facts(self, seen: Seen) -> Facts:
        """What conditions see."""
        customers = [each.id for each in self.register.customer_regions]
        return Facts(
            having={kind: Names(kind, lambda fact: self.fact(seen, fact), seen) for kind in _HAVING},
            values=Lazy(self._unasked, lambda key: self._value(seen, key)),
            located={
                "customer region": Lazy(customers, lambda name: self._located(seen, "customer region", name)),
                "hosting region": Lazy(self.register.regions, lambda name: self._located(seen, "hosting region", name)),
            },
        )

    def fact(self, seen: Seen, fact: Fact) -> Choice:
        """The fact of that name of the register's own."""
        kind, name = fact
        return seen.fact((kind, self._spaces.get(name, name)))

    def condition(self, condition: Condition, seen: Seen) -> Reason:
        """Whether a condition holds."""
        return evaluate(condition, self.facts(seen))

    # --- Answers ---

    def _region(self, name: str, seen: Seen) -> Answer:
        region = self.register.region(name)
        if self._silent:
            return Answer("hosting region", name, region.name, self._situation(0, {}).silence)
        placed = self._reason(seen, ("placed", name), lambda here: here.placed[name])
        storage = self._ask(("storage", name), seen, lambda situation: situation.storage(region))
        key = (name, self.told(placed), self.told(storage))
        if key not in self._answers:
            self._answers[key] = Answer("hosting region", name, region.name, all_of([placed, storage]))
        return self._answers[key]

    def _sub_processor(self, name: str, seen: Seen) -> Answer:
        who = self.register.sub_processor(name)
        sides = [self._sides(who, number, each, seen) for number, each in enumerate(who.engagements)]
        key = (name, *(self.told(reason) for reasons in sides for reason in reasons))
        if key not in self._answers:
            each_answer = map(engagement_answer, [who] * len(sides), who.engagements, sides)
            self._answers[key] = Answer.of_engagements(name, who.name, tuple(each_answer))
        return self._answers[key]

    def _sides(self, who: SubProcessor, number: int, each: Engagement, seen: Seen) -> tuple[Reason, Reason, Reason]:
        if self._silent:
            silence = self._situation(0, {}).silence
            return silence, silence, silence
        applies = self._ask(("applies", who.id, number), seen, lambda situation: situation.applies(who, each))
        allowed = self._ask(("allowed", who.id, number), seen, lambda situation: situation.allowed(who, each))
        return applies, allowed, self.keeps(seen, who, each)

    @property
    def _silent(self) -> bool:
        return self.day < self.register.speaks_from

    def _ask(self, key: Hashable, seen: Seen, question: Callable[[Situation], Reason]) -> Reason:
        """The reason that answers a question, which is worked out once for each part of the space that it splits."""
        if key not in self._trees:
            self._trees[key] = _Node(Cell.whole(self.space))
        node = self._trees[key]
        while node.reason is None:
            if node.split is None:
                try:
                    node.reason = question(self._seen_situation(Seen(node.cell)))
                except Split as split:
                    node.divide(split)
            else:
                node = self._child(node, seen)
        return node.reason

    def _child(self, node: _Node, seen: Seen) -> _Node:
        """The part of the node that holds all that is seen, or `Split`."""
        match node.split:
            case ByFact(fact=fact, choices=choices):
                return node.children[choices.index(seen.fact(fact))]
            case ByNumber(dimension=dimension, number_of=number_of):
                return node.children[number_of[self._one(seen, dimension, id(node), number_of.__getitem__)]]
        raise AssertionError("a node is split by a fact or by numbers")

    def _seen_situation(self, seen: Seen) -> Situation:
        """The tenants of a cell, as one."""
        register = self.register
        return Situation(
            register=register,
            day=self.day,
            placed=Lazy(
                register.regions, lambda name: self._reason(seen, ("placed", name), lambda at: at.placed[name])
            ),
            settled=None,
            stays=Lazy(register.regions, lambda name: self._reason(seen, ("stays", name), lambda at: at.stays[name])),
            facts=self.facts(seen),
            demands=_SeenDemands(register, self._demands[0].tenant, self.day, seen, self),
        )

    # --- Where ---

    def _home(self, number: int) -> str | None:
        home = find_home(self.register, self.space.contexts[number].countries[0], self.day)
        name = home.customers.home if home.customers is not None and home.sure else None
        return None if name is None else self._spaces.get(name, name)

    def _there(self, seen: Seen, key: Hashable, told: Callable[[Situation], Hashable]) -> Situation:
        """The situation of those of whom the same is told, which depends on where they are and what they agreed on."""
        facts = {fact: self.fact(seen, fact) for fact in self._agreed_on}
        key = (key, *facts.values())
        return self._situation(self._one(seen, "where", key, lambda n: told(self._situation(n, facts))), facts)

    def _reason(self, seen: Seen, key: Hashable, of: Callable[[Situation], Reason]) -> Reason:
        return of(self._there(seen, key, lambda here: self.told(of(here))))

    def _located(self, seen: Seen, kind: Located, name: str) -> Reason:
        return self._reason(seen, (kind, name), lambda here: here.facts.located[kind][name])

    def _situation(self, number: int, facts: Mapping[Fact, Choice]) -> Situation:
        """The tenants of a context, of whom nothing else is known but what an agreement on a region hangs on."""
        key = (number, *facts.values())
        if key not in self._placed:
            context = self.space.contexts[number]
            agreed = None if context.agreed is None else self._own.get(context.agreed, context.agreed)
            tenant = tenant_with(self.register, context.countries[0], agreed, facts, Demand())
            home = find_home(self.register, tenant.country, self.day)
            self._placed[key] = Situation.of(self.register, tenant, home, self.day)
        return self._placed[key]

    def _value(self, seen: Seen, key: tuple[str, str]) -> tuple[str | None, tuple[str, ...]]:
        if key[0] == "tension":
            return self._unasked[key]
        value = self.fact(seen, key)
        assert not isinstance(value, bool)
        return value, ()

    # --- What is demanded ---

    def _named(self, demand: Demand) -> Demand:
        """The demand in the register's own names."""
        own = self._own
        if demand.objection is not None:
            return evolve(demand, objection=own.get(demand.objection, demand.objection))
        if demand.restriction is not None and demand.restriction.data:
            data = [own.get(name, name) for name in demand.restriction.data]
            return Demand((evolve(demand.restriction, data=data),))
        return demand

    def _one(self, seen: Seen, dimension: Dimension, key: Hashable, told: Callable[[int], Hashable]) -> int:
        """`seen.one`, kept: of one key always the same is told."""
        key = (dimension, key, seen.left(dimension))
        if key not in self._ones:
            try:
                self._ones[key] = seen.one(dimension, told)
            except ByNumber as split:
                self._ones[key] = split
        one = self._ones[key]
        if isinstance(one, ByNumber):
            raise one
        return one

    def made(self, seen: Seen) -> bool:
        """Whether anything is demanded."""
        return self._made[self._one(seen, "demands", "made", self._made.__getitem__)]

    def held(self, seen: Seen, key: Hashable, keeps: Callable[[Demands], Reason]) -> Reason:
        """Whether the demands are kept, if the same is told of all; `key` says what else that depends on."""
        if key not in self._kept:
            self._kept[key] = [self.told(keeps(each)) for each in self._demands]
        return keeps(self._demands[self._one(seen, "demands", key, self._kept[key].__getitem__)])

    def keeps(self, seen: Seen, who: SubProcessor | None, each: Engagement) -> Reason:
        """Whether an engagement keeps the demands: of engagements alike in these respects all demands tell the same."""
        seat = None if who is None else (who.registered_in, who.parent is None, who.parent_registered_in)
        key = (seat, each.places, each.activity, each.data)
        if key not in self._kept:
            nobody = None if who is None else evolve(who, id="")
            self._kept[key] = [self.told(demands.on_engagement(nobody, each)) for demands in self._demands]
        table, objected = self._kept[key], None if who is None else self._objected.get(who.id)
        one = self._one(seen, "demands", (key, objected), lambda number: (number == objected, table[number]))
        kept = (one, None if who is None else who.id, id(each))
        if kept not in self._reasons:
            self._reasons[kept] = self._demands[one].on_engagement(who, each)
        return self._reasons[kept]


_HAVING = ("feature", "consent", "agreement")


@frozen
class _SeenDemands(Demands):
    """The demands of a cell's tenants: each question about them is one of all that are left."""

    seen: Seen
    asked: Asked

    @property
    def made(self) -> bool:
        return self.asked.made(self.seen)

    def on_engagement(self, who: SubProcessor | None, engagement: Engagement) -> Reason:
        return self.asked.keeps(self.seen, who, engagement)

    def on_region(self, region: HostingRegion) -> Reason:
        return self.asked.held(self.seen, region.id, lambda demands: demands.on_region(region))

    def on_exception(self, exception: ResidencyException, applies: Reason | None) -> Reason:
        key = (exception, applies)
        return self.asked.held(self.seen, key, lambda demands: demands.on_exception(exception, applies))


class _Node:
    """A part of a space for one question: the reason that answers it, or what it is split by; at first neither."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.reason: Reason | None = None
        self.split: Split | None = None
        self.children: list[_Node] = []

    def divide(self, split: Split) -> None:
        """Split the node."""
        self.split = split
        self.children = [_Node(cell) for cell in self.cell.parts(split)]


def facts_of(condition: Condition) -> frozenset[Fact]:
    """The facts that a condition names."""
    match condition:
        case Has(kind, name):
            return frozenset({(kind, name)})
        case Is("attribute", name):
            return frozenset({("attribute", name)})
        case All(parts) | Any(parts):
            return frozenset[Fact]().union(*map(facts_of, parts))
        case Not(part):
            return facts_of(part)
        case _:
            return frozenset()
