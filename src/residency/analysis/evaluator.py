"""Evaluates a register over cells (sets of tenants), splitting one only on what an answer reads; results are kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import date
from typing import NoReturn, TypeVar

from attrs import evolve, frozen

from ..engine.conditions import Fact, Facts, Lazy, evaluate
from ..engine.evaluate import Evaluation, Question, Row, evaluation_of
from ..engine.placement import find_home
from ..engine.restrictions import Ask, TenantDemands
from ..model.conditions import Condition, Has, Is, Located, single
from ..model.places import Extent, Place
from ..model.register import Register
from ..model.rows import UNSTATED_ACTIVITY, Engagement, HostingRegion, Prohibition, ResidencyException, SubProcessor
from ..model.verdict import Verdict
from ..result.answer import Answer, EngagementAnswer
from ..result.reason import Reason, all_of, any_of, negated
from .cells import CellView, DecisionTrees, Fingerprint, decided, verdict_fingerprint
from .universe import Choice, Demand, Space, tenant_with

__all__ = ["CellDemands", "CellEvaluator", "DemandsView", "conditions_of", "facts_in", "facts_of"]

PERMITTED, PROHIBITED = Verdict.PERMITTED, Verdict.PROHIBITED
ANY_NUMBER = 10**18
FEW_FACTS = 6
"""How many facts the rows of one question may name before they are asked in halves: no register that we know of names
more, and in halves each of the few costs more."""
R = TypeVar("R", bound=Row)


class CellEvaluator:
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
        fingerprint: Fingerprint = verdict_fingerprint,
        renamed: Mapping[str, str] | None = None,
        most: int = ANY_NUMBER,
        whole: bool = False,
        several: Fingerprint | None = None,
    ) -> None:
        self.register, self.day, self.whole, self.several = register, day, whole, several
        self._space, self._fingerprint, self._own = space, fingerprint, renamed or {}
        self._names = {own: name for name, own in self._own.items()}
        self.regions = tuple(sorted(map(self._name, register.regions)))
        self.sub_processors = tuple(sorted(map(self._name, register.sub_processors)))
        self._regions = {each.id: each for each in register.hosting_regions}
        self._processors = {each.id: each for each in register.processors}
        self._trees = DecisionTrees(space, fingerprint, most)
        self._demanded = CellDemands(register, space, day, fingerprint, self._trees, self._own)
        self._homes = [self._home(number) for number in range(len(space.contexts))]
        when = register.placement.agreed_when
        self._agreed_on = () if when is None else tuple(sorted(facts_of(when)))
        self._evaluations: dict[Hashable, Evaluation] = {}
        self._many: dict[Hashable, bool] = {}
        self._tables: dict[Hashable, list[Hashable]] = {}

    # --- Questions, by the names of the space ---

    def reason(self, name: str, view: CellView) -> Reason:
        """What decides whether the hosting region, or sub-processor, is permitted."""
        own = self._own.get(name, name)
        if own in self._regions:
            region, hosts = self._regions[own], self.register.work("hosting", own)
            return self.ask(own, view, lambda here: here.region_reason(region), self._of_code(own, hosts))
        who = self._processors[own]
        rows = [(who, each) for each in who.engagements]
        return self.ask(own, view, lambda here: here.sub_processor_reason(who), self._of_code(own, rows))

    def _of_code(self, name: str, rows: Sequence[Row]) -> Fingerprint | None:
        """What is told of a whole answer that hangs on many facts, where no more than its code is wanted."""
        return None if self.several is None or not self.many_facts(name, rows) else _code

    def answer(self, name: str, view: CellView) -> Answer:
        """The whole answer; of a sub-processor with each of its engagements."""
        own = self._own.get(name, name)
        if own in self._regions:
            return self._evaluation(view).region_answer(self._regions[own])
        who = self._processors[own]
        return Answer.of_engagements(own, who.name, [self.engagement(who, each, view) for each in who.engagements])

    def engagement(self, who: SubProcessor, each: Engagement, view: CellView) -> EngagementAnswer:
        """The answer on one engagement."""
        return self._evaluation(view).engagement_answer(who, each)

    def placement(self, name: str, view: CellView) -> Reason:
        """What placement alone says of the hosting region."""
        own = self._own.get(name, name)
        return self._reason(view, ("placed", own), lambda here: here.placed[own])

    def settled(self, view: CellView) -> str | None:
        """The hosting region that placement settles."""
        own = self._there(view, "settled", lambda here: here.settled).settled
        return None if own is None else self._name(own)

    def home(self, view: CellView) -> str | None:
        """The hosting region of the customer region, if the tenant is known to be in one that has one."""
        return self._homes[self._trees.one(view, "where", "home", self._homes.__getitem__)]

    def condition(self, condition: Condition, view: CellView) -> Reason:
        """Whether a condition holds."""
        return self.ask(condition, view, lambda evaluation: evaluate(condition, evaluation.facts))

    # --- Within ---

    def _name(self, own: str) -> str:
        return self._names.get(own, own)

    def ask(
        self,
        key: Hashable,
        view: CellView,
        question: Callable[[_CellEvaluation], Reason],
        fingerprint: Fingerprint | None = None,
    ) -> Reason:
        """The reason that answers any question; `key` tells it from others."""
        return self._trees.ask(key, view, lambda first: question(self._evaluation(first)), fingerprint)

    def many_facts(self, key: Hashable, rows: Sequence[Row]) -> bool:
        """Whether the conditions of the rows, always the same of one key, name more facts than are told apart."""
        if key not in self._many:
            conditions = (row.when if isinstance(row, ResidencyException) else row[1].when for row in rows)
            facts = frozenset[Fact]().union(*(facts_of(each) for each in conditions if each is not None))
            self._many[key] = len(facts) > FEW_FACTS and len(rows) > 1
        return self._many[key]

    def _evaluation(self, view: CellView) -> _CellEvaluation:
        """The tenants of a cell, as one."""
        regions = self.register.regions
        return _CellEvaluation(
            evaluator=self,
            view=view,
            register=self.register,
            day=self.day,
            placed=Lazy(regions, lambda name: self._reason(view, ("placed", name), lambda at: at.placed[name])),
            stays=Lazy(regions, lambda name: self._reason(view, ("stays", name), lambda at: at.stays[name])),
            facts=self._facts(view),
            demands=self._demanded.view(view),
        )

    def _facts(self, view: CellView) -> Facts:
        customers = [each.id for each in self.register.customer_regions]
        return Facts.lazy(
            self.register,
            has=lambda kind, name: self._fact(view, (kind, name)) is True,
            attribute=lambda name: self._attribute(view, name),
            located={
                "customer region": Lazy(customers, lambda name: self._located(view, "customer region", name)),
                "hosting region": Lazy(self.register.regions, lambda name: self._located(view, "hosting region", name)),
            },
        )

    def _fact(self, view: CellView, fact: Fact) -> Choice:
        kind, name = fact
        return view.fact((kind, self._name(name)))

    def _attribute(self, view: CellView, name: str) -> str | None:
        value = self._fact(view, ("attribute", name))
        assert not isinstance(value, bool)
        return value

    def _home(self, number: int) -> str | None:
        name = find_home(self.register, self._space.contexts[number].countries[0], self.day).stored_in
        return None if name is None else self._name(name)

    def _there(self, view: CellView, key: Hashable, fingerprint: Callable[[Evaluation], Hashable]) -> Evaluation:
        """The evaluation of those of whom the same is told, which depends on where they are and what they agreed on."""
        facts = {fact: self._fact(view, fact) for fact in self._agreed_on}
        key = (key, *facts.values())
        if key not in self._tables:
            self._tables[key] = [fingerprint(self._at(number, facts)) for number in range(len(self._space.contexts))]
        return self._at(self._trees.one(view, "where", key, self._tables[key].__getitem__), facts)

    def _reason(self, view: CellView, key: Hashable, of: Callable[[Evaluation], Reason]) -> Reason:
        return of(self._there(view, key, lambda here: self._fingerprint(of(here))))

    def _located(self, view: CellView, kind: Located, name: str) -> Reason:
        return self._reason(view, (kind, name), lambda here: here.facts.located[kind][name])

    def _at(self, number: int, facts: Mapping[Fact, Choice]) -> Evaluation:
        """The tenants of a context, of whom nothing else is known but what an agreement on a region hangs on."""
        key = (number, *facts.values())
        if key not in self._evaluations:
            context = self._space.contexts[number]
            agreed = None if context.agreed is None else self._own.get(context.agreed, context.agreed)
            tenant = tenant_with(self.register, context.countries[0], agreed, facts, Demand())
            home = find_home(self.register, tenant.country, self.day)
            self._evaluations[key] = evaluation_of(self.register, tenant, home, self.day)
        return self._evaluations[key]


@frozen(kw_only=True)
class _CellEvaluation(Evaluation):
    """The tenants of a cell, as one; what answers are made of is asked, and so kept, by itself.

    Where one of several reasons decides alone, it stands for all of them, and what the others asked is forgotten: it
    decides nothing.
    """

    evaluator: CellEvaluator
    view: CellView

    def part(self, key: Hashable, question: Question) -> Reason:
        return self._part(key, question, None)

    def _part(self, key: Hashable, question: Question, fingerprint: Fingerprint | None) -> Reason:
        supposed = self.supposed

        def of(here: _CellEvaluation) -> Reason:
            return question(here if supposed is None else here.as_if_in(supposed))

        return self.evaluator.ask((key, supposed), self.view, of, fingerprint)

    def kept(self, who: SubProcessor | None, each: Engagement, *, stored_in: str | None = None) -> Reason:
        applies = self.applies(who, each, stored_in=stored_in)
        if applies.verdict is PROHIBITED and not self.evaluator.whole:
            return negated(applies)
        return Evaluation.kept(self, who, each, stored_in=stored_in)

    def sub_processor_reason(self, who: SubProcessor) -> Reason:
        """The reason of `sub_processor_answer`: some engagement is permitted, and none that applies breaks a demand."""
        if self.evaluator.whole and (self.silent or self.demands.made):
            return self.sub_processor_answer(who).reason
        return self.silence if self.silent else self.all_of(part(who) for part in (self._some, self.breaks_nothing))

    def _some(self, who: SubProcessor) -> Reason:
        rows = [(who, each) for each in who.engagements]
        return self.any_over(("some", who.id), rows, lambda here, row: here.all_of(here.sides(*row)), alone=True)

    def all_over(self, key: Hashable, rows: Sequence[R], question: Callable[[Evaluation, R], Reason]) -> Reason:
        return self._halves(("all", key), rows, question, _CellEvaluation.all_of, None)

    def any_over(
        self, key: Hashable, rows: Sequence[R], question: Callable[[Evaluation, R], Reason], *, alone: bool = False
    ) -> Reason:
        fingerprint = self.evaluator.several if alone else None
        return self._halves(("any", key), rows, question, _CellEvaluation.any_of, fingerprint)

    def _halves(
        self,
        key: Hashable,
        rows: Sequence[R],
        question: Callable[[Evaluation, R], Reason],
        combine: Callable[[_CellEvaluation, Iterator[Reason]], Reason],
        fingerprint: Fingerprint | None,
    ) -> Reason:
        """Rows that name many facts in halves, each a part: of the kinds of tenants of a half few are told apart."""
        if not self.evaluator.many_facts((key, self.supposed), rows):
            return combine(self, (question(self, row) for row in rows))

        def half(number: int, those: Sequence[R]) -> Reason:
            name = (key, number)

            def of(here: Evaluation) -> Reason:
                assert isinstance(here, _CellEvaluation)
                return here._halves(name, those, question, combine, fingerprint)

            return self._part(name, of, fingerprint)

        middle = len(rows) // 2
        return combine(self, (half(*each) for each in enumerate((rows[:middle], rows[middle:]))))

    def all_of(self, reasons: Iterator[Reason]) -> Reason:
        found = self._decided(reasons, PROHIBITED)
        return all_of(found) if isinstance(found, list) else found

    def any_of(self, reasons: Iterator[Reason]) -> Reason:
        found = self._decided(reasons, PERMITTED)
        return any_of(found) if isinstance(found, list) else found

    def _decided(self, reasons: Iterator[Reason], deciding: Verdict) -> Reason | list[Reason]:
        reads = self.view.reads
        return list(reasons) if reads is None or self.evaluator.whole else decided(reads, reasons, deciding)


def _code(reason: Reason) -> Hashable:
    return reason.verdict.value, reason.code


def conditions_of(register: Register) -> Iterator[Condition]:
    """Every condition of a row, of a house rule, and of an agreement."""
    rows: list[Engagement | ResidencyException | Prohibition] = [
        *register.engagements(),
        *register.exceptions,
        *register.prohibitions,
    ]
    yield from (row.when for row in rows if row.when is not None)
    if register.placement.agreed_when is not None:
        yield register.placement.agreed_when


def facts_in(condition: Condition) -> Iterator[Fact]:
    """The facts that a condition names, in the order in which it does."""
    asked = (each for each in single(condition) if isinstance(each, Has | Is) and each.kind != "tension")
    return ((each.kind, each.name) for each in asked)


def facts_of(condition: Condition) -> frozenset[Fact]:
    """The same, once each."""
    return frozenset(facts_in(condition))


class CellDemands:
    """The demands of a space, against one register on one day; `own` are its names for those of the space."""

    def __init__(
        self,
        register: Register,
        space: Space,
        day: date,
        fingerprint: Fingerprint,
        trees: DecisionTrees,
        own: Mapping[str, str],
    ) -> None:
        self._space, self._fingerprint, self._trees = space, fingerprint, trees
        self._extents: dict[Place, Extent] = {}
        country = space.contexts[0].countries[0]
        tenants = [tenant_with(register, country, None, {}, _named(demand, own)) for demand in space.demands]
        self._register, self._day = register, day
        self._demands = [TenantDemands(register, tenant, day) for tenant in tenants]
        self._made = [each.made for each in self._demands]
        self._asked = [tuple((ask.activity, ask.data) for ask in each.asks) for each in self._demands]
        self._general = [bool(each.general) for each in self._demands]
        self._tables: dict[Hashable, Sequence[Hashable]] = {}
        self._reasons: dict[Hashable, Reason] = {}

    def view(self, view: CellView) -> DemandsView:
        """What the tenants of a cell demand."""
        return DemandsView(view, self)

    def made(self, view: CellView) -> bool:
        """Whether anything is demanded."""
        return self._made[self._trees.one(view, "demands", "made", self._made.__getitem__)]

    def asks(self, view: CellView) -> tuple[Ask, ...]:
        """What they ask to be shown of a region: of demands that ask for the same the first stands for all."""
        return self._demands[self._trees.one(view, "demands", "asks", self._asked.__getitem__)].asks

    def general(self, view: CellView) -> tuple[str, ...]:
        """Their demands that name neither activities nor data, likewise."""
        return self._demands[self._trees.one(view, "demands", "general", self._general.__getitem__)].general

    def held(self, view: CellView, key: Hashable, keeps: Callable[[TenantDemands], Reason]) -> Reason:
        """Whether the demands are kept; `key` says what else that depends on."""
        if key not in self._tables:
            self._tables[key] = [self._fingerprint(keeps(each)) for each in self._demands]
        return keeps(self._demands[self._trees.one(view, "demands", key, self._tables[key].__getitem__)])

    def keeps(self, view: CellView, who: SubProcessor | None, each: Engagement) -> Reason:
        """Whether an engagement keeps the demands."""
        row = (None if who is None else who.id, id(each))
        if row not in self._tables:
            self._tables[row] = self._table(who, each)
        one = self._trees.one(view, "demands", row, self._tables[row].__getitem__)
        if (one, row) not in self._reasons:
            self._reasons[one, row] = self._demands[one].on_engagement(who, each)
        return self._reasons[one, row]

    def _table(self, who: SubProcessor | None, each: Engagement) -> Sequence[Hashable]:
        """What is told of each demand: the same of all that the engagement cannot tell apart."""
        seat = self._register.seat if who is None else who.seat
        there = [self._extent(place) for place in (*(each.places or ()), *seat.places)]
        known: dict[Hashable, Hashable] = {}
        table: list[Hashable] = []
        for demand, demands in zip(self._space.demands, self._demands, strict=True):
            key: Hashable = demand.objection
            if demand.places:
                named = self._extent(demand.places[0])
                (restriction,) = demands.tenant.restrictions
                about = (
                    bool(restriction.activities)
                    if each.activity == UNSTATED_ACTIVITY
                    else restriction.about(each.activity),
                    restriction.data and restriction.data.isdisjoint(each.data or ()),
                )
                held = tuple((extent.within(named).value, extent.never_in(named).value) for extent in there)
                key = (demand.key, about, held)
            if key not in known:
                known[key] = self._fingerprint(demands.on_engagement(who, each))
            table.append(known[key])
        return table

    def _extent(self, place: Place) -> Extent:
        if place not in self._extents:
            self._extents[place] = place.extent(self._register.groups, self._day)
        return self._extents[place]


@frozen
class DemandsView:
    """What a cell's tenants demand: all that an answer may ask, and no list of what any one of them demands.

    It is no `TenantDemands`: what read the demands of one tenant would be proved of that one alone.
    """

    view: CellView
    demanded: CellDemands

    def __getattr__(self, name: str) -> NoReturn:
        raise TypeError(f"the demands of many tenants have no {name!r}: ask by a method that SeenDemands has too")

    @property
    def made(self) -> bool:
        """Whether they demand anything."""
        return self.demanded.made(self.view)

    @property
    def asks(self) -> tuple[Ask, ...]:
        """What must be answered in a region."""
        return self.demanded.asks(self.view)

    @property
    def general(self) -> tuple[str, ...]:
        """The demands that name neither activities nor data."""
        return self.demanded.general(self.view)

    def on_engagement(self, who: SubProcessor | None, engagement: Engagement) -> Reason:
        """Whether the engagement keeps what they demand."""
        return self.demanded.keeps(self.view, who, engagement)

    def on_vendor(self) -> Reason:
        """Whether the vendor's seat does."""
        return self.demanded.held(self.view, "vendor's seat", lambda demands: demands.on_vendor())

    def on_region(self, region: HostingRegion) -> Reason:
        """Whether the region does."""
        return self.demanded.held(self.view, ("region", region.id), lambda demands: demands.on_region(region))

    def on_exception(self, exception: ResidencyException, applies: Reason | None) -> Reason:
        """Whether the exception does."""
        key = (exception, applies)
        return self.demanded.held(self.view, key, lambda demands: demands.on_exception(exception, applies))


def _named(demand: Demand, own: Mapping[str, str]) -> Demand:
    """The demand in the register's own names."""
    scopes = tuple(
        {**each, "data": tuple(own.get(n, n) for n in each["data"])} if "data" in each else each
        for each in demand.scopes
    )
    objection = None if demand.objection is None else own.get(demand.objection, demand.objection)
    return evolve(demand, objection=objection, scopes=scopes)
