"""A register asked about cells: each answer works on no more of the tenants than it depends on, and is kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import date
from functools import partial

from attrs import evolve, frozen

from ..engine.conditions import Facts, evaluate, known_facts
from ..engine.evaluate import Situation, engagement_answer
from ..engine.placement import find_home
from ..engine.restrictions import Ask
from ..model.conditions import Condition, Has, Is, Located, single
from ..model.register import Engagement, HostingRegion, Register, ResidencyException, SubProcessor
from ..model.tenant import Tenant
from ..model.verdict import Verdict
from ..result.answer import Answer, EngagementAnswer
from ..result.reason import UNCONDITIONAL, Reason, all_of, any_of, negated
from .cells import Lazy, Names, Seen
from .demanded import Demanded
from .trees import Told, Trees, decided, verdict_told
from .universe import Choice, Demand, Fact, Space, tenant_with

__all__ = ["Asked", "facts_of"]

PERMITTED, PROHIBITED = Verdict.PERMITTED, Verdict.PROHIBITED
ANY_NUMBER = 10**18


class Asked:
    """One register on one day of a space.

    A cell that is asked about is split where the answer depends on what its tenants differ in. `renamed` gives the
    register's own names for names of the space, where they differ. More than `most` kinds of tenants raise `TooMany`.
    With `whole`, reasons keep all that decided, as those of a decision do, and not one thing that suffices.
    """

    def __init__(
        self,
        register: Register,
        space: Space,
        day: date,
        *,
        told: Told = verdict_told,
        renamed: Mapping[str, str] | None = None,
        most: int = ANY_NUMBER,
        whole: bool = False,
    ) -> None:
        self.register, self.day, self.whole = register, day, whole
        self._space, self._told, self._own = space, told, renamed or {}
        self._names = {own: name for name, own in self._own.items()}
        self.regions = tuple(sorted(map(self._name, register.regions)))
        self.sub_processors = tuple(sorted(map(self._name, register.sub_processors)))
        self._regions = {each.id: each for each in register.hosting_regions}
        self._processors = {each.id: each for each in register.processors}
        self._trees = Trees(space, told, most)
        self._demanded = Demanded(register, space, day, told, self._trees, self._own)
        self._homes = [self._home(number) for number in range(len(space.contexts))]
        self._unasked = known_facts(register, Tenant(space.contexts[0].countries[0]), {}).values
        self._having = {"feature": register.features, "consent": register.consents, "agreement": register.agreements}
        when = register.placement.agreed_when
        self._agreed_on = () if when is None else tuple(sorted(facts_of(when)))
        self._situations: dict[Hashable, Situation] = {}
        self._tables: dict[Hashable, list[Hashable]] = {}

    # --- Questions, by the names of the space ---

    def reason(self, name: str, seen: Seen) -> Reason:
        """What decides whether the hosting region, or sub-processor, is permitted."""
        own = self._own.get(name, name)
        if own in self._regions:
            region = self._regions[own]
            return self.ask(own, seen, lambda situation: situation.region_reason(region))
        who = self._processors[own]
        if self.whole:
            return self.ask(own, seen, lambda situation: situation.sub_processor_answer(who).reason)
        return self.ask(own, seen, lambda situation: situation.sub_processor_reason(who))

    def answer(self, name: str, seen: Seen) -> Answer:
        """The whole answer; of a sub-processor with each of its engagements."""
        own = self._own.get(name, name)
        if own in self._regions:
            return self._situation(seen).region_answer(self._regions[own])
        who = self._processors[own]
        return Answer.of_engagements(own, who.name, [self.engagement(who, each, seen) for each in who.engagements])

    def engagement(self, who: SubProcessor, each: Engagement, seen: Seen) -> EngagementAnswer:
        """The answer on one engagement."""
        here = self._situation(seen)
        return engagement_answer(who, each, here.sides(who, each), here.published)

    def placement(self, name: str, seen: Seen) -> Reason:
        """What placement alone says of the hosting region."""
        own = self._own.get(name, name)
        return self._reason(seen, ("placed", own), lambda here: here.placed[own])

    def settled(self, seen: Seen) -> str | None:
        """The hosting region that placement settles."""
        own = self._there(seen, "settled", lambda here: here.settled).settled
        return None if own is None else self._name(own)

    def home(self, seen: Seen) -> str | None:
        """The hosting region of the customer region, if the tenant is known to be in one that has one."""
        return self._homes[self._trees.one(seen, "where", "home", self._homes.__getitem__)]

    def condition(self, condition: Condition, seen: Seen) -> Reason:
        """Whether a condition holds."""
        return self.ask(condition, seen, lambda situation: evaluate(condition, situation.facts))

    # --- Within ---

    def _name(self, own: str) -> str:
        return self._names.get(own, own)

    def ask(self, key: Hashable, seen: Seen, question: Callable[[_SeenSituation], Reason]) -> Reason:
        """The reason that answers any question; `key` tells it from others."""
        return self._trees.ask(key, seen, lambda first: question(self._situation(first)))

    def _situation(self, seen: Seen) -> _SeenSituation:
        """The tenants of a cell, as one."""
        regions = self.register.regions
        return _SeenSituation(
            asked=self,
            seen=seen,
            register=self.register,
            day=self.day,
            placed=Lazy(regions, lambda name: self._reason(seen, ("placed", name), lambda at: at.placed[name])),
            settled=None,
            stays=Lazy(regions, lambda name: self._reason(seen, ("stays", name), lambda at: at.stays[name])),
            facts=self._facts(seen),
            demands=self._demanded.seen(seen),
        )

    def _facts(self, seen: Seen) -> Facts:
        customers = [each.id for each in self.register.customer_regions]
        return Facts(
            having={kind: Names(names, partial(self._has, seen, kind)) for kind, names in self._having.items()},
            values=Lazy(self._unasked, lambda key: self._value(seen, key)),
            located={
                "customer region": Lazy(customers, lambda name: self._located(seen, "customer region", name)),
                "hosting region": Lazy(self.register.regions, lambda name: self._located(seen, "hosting region", name)),
            },
        )

    def _fact(self, seen: Seen, fact: Fact) -> Choice:
        kind, name = fact
        return seen.fact((kind, self._name(name)))

    def _has(self, seen: Seen, kind: str, name: str) -> bool:
        return self._fact(seen, (kind, name)) is True

    def _value(self, seen: Seen, key: tuple[str, str]) -> tuple[str | None, tuple[str, ...]]:
        if key[0] == "tension":
            return self._unasked[key]
        value = self._fact(seen, key)
        assert not isinstance(value, bool)
        return value, ()

    def _home(self, number: int) -> str | None:
        name = find_home(self.register, self._space.contexts[number].countries[0], self.day).stored_in
        return None if name is None else self._name(name)

    def _there(self, seen: Seen, key: Hashable, told: Callable[[Situation], Hashable]) -> Situation:
        """The situation of those of whom the same is told, which depends on where they are and what they agreed on."""
        facts = {fact: self._fact(seen, fact) for fact in self._agreed_on}
        key = (key, *facts.values())
        if key not in self._tables:
            self._tables[key] = [told(self._at(number, facts)) for number in range(len(self._space.contexts))]
        return self._at(self._trees.one(seen, "where", key, self._tables[key].__getitem__), facts)

    def _reason(self, seen: Seen, key: Hashable, of: Callable[[Situation], Reason]) -> Reason:
        return of(self._there(seen, key, lambda here: self._told(of(here))))

    def _located(self, seen: Seen, kind: Located, name: str) -> Reason:
        return self._reason(seen, (kind, name), lambda here: here.facts.located[kind][name])

    def _at(self, number: int, facts: Mapping[Fact, Choice]) -> Situation:
        """The tenants of a context, of whom nothing else is known but what an agreement on a region hangs on."""
        key = (number, *facts.values())
        if key not in self._situations:
            context = self._space.contexts[number]
            agreed = None if context.agreed is None else self._own.get(context.agreed, context.agreed)
            tenant = tenant_with(self.register, context.countries[0], agreed, facts, Demand())
            home = find_home(self.register, tenant.country, self.day)
            self._situations[key] = Situation.of(self.register, tenant, home, self.day)
        return self._situations[key]


@frozen(kw_only=True)
class _SeenSituation(Situation):
    """The tenants of a cell, as one; what answers are made of is asked, and so kept, by itself.

    `supposed` is the region in which their data is supposed to be. Where one of several reasons decides alone, it
    stands for all of them, and what the others asked is forgotten: it decides nothing.
    """

    asked: Asked
    seen: Seen
    supposed: str | None = None

    def as_if_in(self, region: str) -> _SeenSituation:
        there = Situation.as_if_in(self, region)
        assert isinstance(there, _SeenSituation)
        return evolve(there, supposed=region)

    def exception_kept(self, exception: ResidencyException) -> Reason:
        return self._apart(("exception", id(exception)), lambda here: Situation.exception_kept(here, exception))

    def storage(self, region: HostingRegion) -> Reason:
        return self._apart(("storage", region.id), lambda here: Situation.storage(here, region))

    def may_store(self, who: SubProcessor | None, each: Engagement, region: str) -> Reason:
        key = ("may store", None if who is None else who.id, id(each), region)
        return self._apart(key, lambda here: Situation.may_store(here, who, each, region))

    def breaks_nothing(self, who: SubProcessor) -> Reason:
        return self._apart(("clean", who.id), lambda here: Situation.breaks_nothing(here, who))

    def answered(self, ask: Ask, region: HostingRegion) -> Reason:
        key = ("answered", ask.activity, ask.data, region.id)
        return self._apart(key, lambda here: Situation.answered(here, ask, region))

    def applies(self, who: SubProcessor | None, each: Engagement, *, stored_in: str | None = None) -> Reason:
        key = ("applies", None if who is None else who.id, id(each), stored_in)
        return self._apart(key, lambda here: Situation.applies(here, who, each, stored_in=stored_in))

    def allowed(self, who: SubProcessor, each: Engagement) -> Reason:
        if not self.register.prohibitions:
            return UNCONDITIONAL
        return self._apart(("allowed", who.id, id(each)), lambda here: Situation.allowed(here, who, each))

    def kept(self, who: SubProcessor | None, each: Engagement, *, stored_in: str | None = None) -> Reason:
        applies = self.applies(who, each, stored_in=stored_in)
        if applies.verdict is PROHIBITED and not self.asked.whole:
            return negated(applies)
        return Situation.kept(self, who, each, stored_in=stored_in)

    def _sides(self, who: SubProcessor, each: Engagement) -> Iterator[Reason]:
        yield self.applies(who, each)
        yield self.allowed(who, each)
        yield self.demands.on_engagement(who, each)

    def sub_processor_reason(self, who: SubProcessor) -> Reason:
        """The reason of `sub_processor_answer`: some engagement is permitted, and none that applies breaks a demand."""
        if self.silent:
            return self.silence
        return self.all_of(part(who) for part in (self._some, self._none))

    def _some(self, who: SubProcessor) -> Reason:
        return self.any_of(self.all_of(self._sides(who, each)) for each in who.engagements)

    def _none(self, who: SubProcessor) -> Reason:
        return self.all_of(self.kept(who, each) for each in who.engagements)

    def all_of(self, reasons: Iterator[Reason]) -> Reason:
        found = self._decided(reasons, PROHIBITED)
        return all_of(found) if isinstance(found, list) else found

    def any_of(self, reasons: Iterator[Reason]) -> Reason:
        found = self._decided(reasons, PERMITTED)
        return any_of(found) if isinstance(found, list) else found

    def _decided(self, reasons: Iterator[Reason], deciding: Verdict) -> Reason | list[Reason]:
        wanted = self.seen.wanted
        return list(reasons) if wanted is None or self.asked.whole else decided(wanted, reasons, deciding)

    def _apart(self, key: Hashable, question: Callable[[_SeenSituation], Reason]) -> Reason:
        supposed = self.supposed

        def of(here: _SeenSituation) -> Reason:
            return question(here if supposed is None else here.as_if_in(supposed))

        return self.asked.ask((key, supposed), self.seen, of)


def facts_of(condition: Condition) -> frozenset[Fact]:
    """The facts that a condition names."""
    asked = (each for each in single(condition) if isinstance(each, Has | Is) and each.kind != "tension")
    return frozenset((each.kind, each.name) for each in asked)
