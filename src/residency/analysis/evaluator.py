"""Evaluates a register over cells (sets of tenants), splitting one only on what an answer reads; results are kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import date
from math import prod
from typing import NoReturn, TypeVar

from attrs import evolve, frozen

from ..engine.conditions import Fact, Facts, Lazy
from ..engine.evaluate import Evaluation, Question, Row, evaluation_of
from ..engine.placement import find_home
from ..engine.restrictions import Ask, TenantDemands
from ..model.conditions import Any, Condition, Located
from ..model.places import Extent, Place
from ..model.register import Register
from ..model.rows import UNSTATED_ACTIVITY, Engagement, HostingRegion, ResidencyException, SubProcessor
from ..model.verdict import Verdict
from ..result.answer import Answer, EngagementAnswer
from ..result.reason import Reason, all_of, any_of, negated
from .cells import CellView, DecisionTrees, Fingerprint, TooMany, decided, verdict_fingerprint
from .paths import MOST_WAYS, facts_of, more_ways
from .universe import Choice, Demand, Space, tenant_with

__all__ = ["CellDemands", "CellEvaluator", "DemandsView"]

PERMITTED, PROHIBITED = Verdict.PERMITTED, Verdict.PROHIBITED
ANY_NUMBER = 10**18
FEW_FACTS = 6
"""How many facts the rows of one question may name before they are evaluated in halves: no register that we know of
names more, and halves of so few cost more."""
R = TypeVar("R", bound=Row)


class CellEvaluator:
    """Evaluator of one register on one day of a space, for all tenants of a cell at once.

    A cell is split where an answer depends on what its tenants differ in. `renamed` gives the register's own names for
    names of the space, where they differ. More than `most` kinds of tenants raise `TooMany`. With `whole`, reasons keep
    all that decided, as those of a decision do, and not one thing that suffices. With a `coarse_fingerprint`, answers
    that hang on many facts are told apart by verdict and code, and the alternatives within them by it.
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
        coarse_fingerprint: Fingerprint | None = None,
    ) -> None:
        self.register, self.day, self.whole, self.coarse_fingerprint = register, day, whole, coarse_fingerprint
        self._space, self._fingerprint, self._own_names = space, fingerprint, renamed or {}
        self._space_names = {own: name for name, own in self._own_names.items()}
        self.regions = tuple(sorted(map(self._space_name, register.regions)))
        self.sub_processors = tuple(sorted(map(self._space_name, register.sub_processors)))
        self._regions = {region.id: region for region in register.hosting_regions}
        self._sub_processors = {processor.id: processor for processor in register.sub_processor_rows}
        self._trees = DecisionTrees(space, fingerprint, most)
        self._demanded = CellDemands(register, space, day, fingerprint, self._trees, self._own_names)
        self._homes = [self._home(number) for number in range(len(space.contexts))]
        condition = register.placement.agreed_when
        self._agreement_facts = () if condition is None else tuple(sorted(facts_of(condition)))
        self._choices = {(kind, self._own_names.get(name, name)): of for (kind, name), of in space.choices.items()}
        self._choices |= {fact: (side,) for fact, (side, _) in register.resolutions.items()}
        self._agreements = prod(len(self._choices[fact]) for fact in self._agreement_facts)
        self._within_bounds: dict[Condition, bool] = {}
        self._evaluations: dict[Hashable, Evaluation] = {}
        self._names_many: dict[Hashable, bool] = {}
        self._tables: dict[Hashable, list[Hashable]] = {}

    # --- Questions, by the names of the space ---

    def reason(self, name: str, view: CellView) -> Reason:
        """What decides whether the hosting region, or sub-processor, is permitted."""
        own = self._own_names.get(name, name)
        if own in self._regions:
            region, hosts = self._regions[own], self.register.work("hosting", own)
            return self.ask(own, view, lambda evaluation: evaluation.region_reason(region), self._coarse(own, hosts))
        sub_processor = self._sub_processors[own]
        coarse = self._coarse(own, [(sub_processor, engagement) for engagement in sub_processor.engagements])
        return self.ask(own, view, lambda evaluation: evaluation.sub_processor_reason(sub_processor), coarse)

    def _coarse(self, name: str, rows: Sequence[Row]) -> Fingerprint | None:
        """The fingerprint of a whole answer by verdict and code, where many facts decide it; None for the usual one."""
        return None if self.coarse_fingerprint is None or not self.many_facts(name, rows) else _code

    def answer(self, name: str, view: CellView) -> Answer:
        """The whole answer; of a sub-processor with each of its engagements."""
        own = self._own_names.get(name, name)
        if own in self._regions:
            return self._evaluation(view).region_answer(self._regions[own])
        sub_processor = self._sub_processors[own]
        engagements = [self.engagement(sub_processor, engagement, view) for engagement in sub_processor.engagements]
        return Answer.of_engagements(own, sub_processor.name, engagements)

    def engagement(self, sub_processor: SubProcessor, engagement: Engagement, view: CellView) -> EngagementAnswer:
        """The answer on one engagement."""
        return self._evaluation(view).engagement_answer(sub_processor, engagement)

    def placement(self, name: str, view: CellView) -> Reason:
        """What placement alone says of the hosting region."""
        own = self._own_names.get(name, name)
        return self._reason(view, ("placed", own), lambda evaluation: evaluation.placed[own])

    def settled(self, view: CellView) -> str | None:
        """The hosting region that placement settles."""
        own = self._stand_in(view, "settled", lambda evaluation: evaluation.settled).settled
        return None if own is None else self._space_name(own)

    def home(self, view: CellView) -> str | None:
        """The hosting region of the customer region, if the tenant is known to be in one that has one."""
        return self._homes[self._trees.one(view, "where", "home", self._homes.__getitem__)]

    def condition(self, condition: Condition, view: CellView) -> Reason:
        """Whether a condition holds."""
        return self.ask(condition, view, lambda evaluation: evaluation.condition(condition))

    # --- Within ---

    def _space_name(self, own: str) -> str:
        return self._space_names.get(own, own)

    def ask(
        self,
        key: Hashable,
        view: CellView,
        question: Callable[[_CellEvaluation], Reason],
        fingerprint: Fingerprint | None = None,
    ) -> Reason:
        """The reason that answers a question; `key` tells it from all others."""
        return self._trees.ask(key, view, lambda cell_view: question(self._evaluation(cell_view)), fingerprint)

    def many_facts(self, key: Hashable, rows: Sequence[Row]) -> bool:
        """Whether the conditions of the rows, always the same for one key, name more than `FEW_FACTS` facts.

        `TooMany` where it takes more than `MOST_WAYS` combinations of facts to tell which of them is the first to hold.
        """
        if key not in self._names_many:
            conditions = [row.when if isinstance(row, ResidencyException) else row[1].when for row in rows]
            some = Any(tuple(when for when in conditions if when is not None))
            self.check_ways(some)
            self._names_many[key] = len(facts_of(some)) > FEW_FACTS and len(rows) > 1
        return self._names_many[key]

    def check_ways(self, condition: Condition) -> None:
        """Raise `TooMany` for a condition on more than `MOST_WAYS` combinations of facts; not where all are wanted."""
        if condition not in self._within_bounds:
            self._within_bounds[condition] = self.whole or not more_ways(condition, self._choices)
        if not self._within_bounds[condition]:
            raise TooMany

    def _evaluation(self, view: CellView) -> _CellEvaluation:
        """The evaluation of a cell's tenants as one."""
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
        customers = [region.id for region in self.register.customer_regions]
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
        return view.fact((kind, self._space_name(name)))

    def _attribute(self, view: CellView, name: str) -> str | None:
        value = self._fact(view, ("attribute", name))
        assert not isinstance(value, bool)
        return value

    def _home(self, number: int) -> str | None:
        name = find_home(self.register, self._space.contexts[number].countries[0], self.day).stored_in
        return None if name is None else self._space_name(name)

    def _stand_in(self, view: CellView, key: Hashable, fingerprint: Callable[[Evaluation], Hashable]) -> Evaluation:
        """The evaluation that stands for all tenants of the view: in their contexts all have the same fingerprint."""
        if self._agreements > MOST_WAYS and not self.whole:
            raise TooMany
        facts = {fact: self._fact(view, fact) for fact in self._agreement_facts}
        key = (key, *facts.values())
        if key not in self._tables:
            self._tables[key] = [fingerprint(self._at(number, facts)) for number in range(len(self._space.contexts))]
        return self._at(self._trees.one(view, "where", key, self._tables[key].__getitem__), facts)

    def _reason(self, view: CellView, key: Hashable, question: Callable[[Evaluation], Reason]) -> Reason:
        return question(self._stand_in(view, key, lambda evaluation: self._fingerprint(question(evaluation))))

    def _located(self, view: CellView, kind: Located, name: str) -> Reason:
        return self._reason(view, (kind, name), lambda evaluation: evaluation.facts.located[kind][name])

    def _at(self, number: int, facts: Mapping[Fact, Choice]) -> Evaluation:
        """The evaluation of a context's tenants by no facts but those that an agreement on a region hangs on."""
        key = (number, *facts.values())
        if key not in self._evaluations:
            context = self._space.contexts[number]
            agreed = None if context.agreed is None else self._own_names.get(context.agreed, context.agreed)
            tenant = tenant_with(self.register, context.countries[0], agreed, facts, Demand())
            home = find_home(self.register, tenant.country, self.day)
            self._evaluations[key] = evaluation_of(self.register, tenant, home, self.day)
        return self._evaluations[key]


@frozen(kw_only=True)
class _CellEvaluation(Evaluation):
    """Evaluation of a cell's tenants as one; each part of an answer is a question of its own, with its decision tree.

    Where one of several reasons decides alone, it stands for all of them, and what the others read is forgotten: it
    decides nothing.
    """

    evaluator: CellEvaluator
    view: CellView

    def condition(self, condition: Condition) -> Reason:
        self.evaluator.check_ways(condition)
        return Evaluation.condition(self, condition)

    def part(self, key: Hashable, question: Question) -> Reason:
        return self._part(key, question, None)

    def _part(self, key: Hashable, question: Question, fingerprint: Fingerprint | None) -> Reason:
        supposed = self.supposed

        def ask(evaluation: _CellEvaluation) -> Reason:
            return question(evaluation if supposed is None else evaluation.as_if_in(supposed))

        return self.evaluator.ask((key, supposed), self.view, ask, fingerprint)

    def kept(self, party: SubProcessor | None, engagement: Engagement, *, stored_in: str | None = None) -> Reason:
        applies = self.applies(party, engagement, stored_in=stored_in)
        if applies.verdict is PROHIBITED and not self.evaluator.whole:
            return negated(applies)
        return Evaluation.kept(self, party, engagement, stored_in=stored_in)

    def sub_processor_reason(self, sub_processor: SubProcessor) -> Reason:
        """The reason of `sub_processor_answer`: some engagement is permitted, and none that applies breaks a demand."""
        if self.evaluator.whole and (self.silent or self.demands.made):
            return self.sub_processor_answer(sub_processor).reason
        return (
            self.silence
            if self.silent
            else self.all_of(part(sub_processor) for part in (self._some, self.breaks_nothing))
        )

    def _some(self, sub_processor: SubProcessor) -> Reason:
        rows = [(sub_processor, engagement) for engagement in sub_processor.engagements]
        key = ("some", sub_processor.id)
        return self.any_over(key, rows, lambda evaluation, row: evaluation.all_of(evaluation.sides(*row)), alone=True)

    def all_over(self, key: Hashable, rows: Sequence[R], question: Callable[[Evaluation, R], Reason]) -> Reason:
        return self._halves(("all", key), rows, question, _CellEvaluation.all_of, None)

    def any_over(
        self, key: Hashable, rows: Sequence[R], question: Callable[[Evaluation, R], Reason], *, alone: bool = False
    ) -> Reason:
        fingerprint = self.evaluator.coarse_fingerprint if alone else None
        return self._halves(("any", key), rows, question, _CellEvaluation.any_of, fingerprint)

    def _halves(
        self,
        key: Hashable,
        rows: Sequence[R],
        question: Callable[[Evaluation, R], Reason],
        combine: Callable[[_CellEvaluation, Iterator[Reason]], Reason],
        fingerprint: Fingerprint | None,
    ) -> Reason:
        """Rows that name many facts are evaluated in halves, each a part: a half tells few kinds of tenants apart."""
        if not self.evaluator.many_facts((key, self.supposed), rows):
            return combine(self, (question(self, row) for row in rows))

        def half(number: int, share: Sequence[R]) -> Reason:
            name = (key, number)

            def ask(evaluation: Evaluation) -> Reason:
                assert isinstance(evaluation, _CellEvaluation)
                return evaluation._halves(name, share, question, combine, fingerprint)

            return self._part(name, ask, fingerprint)

        middle = len(rows) // 2
        return combine(self, (half(number, share) for number, share in enumerate((rows[:middle], rows[middle:]))))

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


class CellDemands:
    """The demands of a space held against one register on one day; `own_names` are its names for those of the space."""

    def __init__(
        self,
        register: Register,
        space: Space,
        day: date,
        fingerprint: Fingerprint,
        trees: DecisionTrees,
        own_names: Mapping[str, str],
    ) -> None:
        self._space, self._fingerprint, self._trees = space, fingerprint, trees
        self._extents: dict[Place, Extent] = {}
        country = space.contexts[0].countries[0]
        tenants = [tenant_with(register, country, None, {}, _named(demand, own_names)) for demand in space.demands]
        self._register, self._day = register, day
        self._demands = [TenantDemands(register, tenant, day) for tenant in tenants]
        self._made = [demands.made for demands in self._demands]
        self._asks = [tuple((ask.activity, ask.data) for ask in demands.asks) for demands in self._demands]
        self._general = [bool(demands.general) for demands in self._demands]
        self._tables: dict[Hashable, Sequence[Hashable]] = {}
        self._reasons: dict[Hashable, Reason] = {}

    def view(self, view: CellView) -> DemandsView:
        """What the tenants of a cell demand."""
        return DemandsView(view, self)

    def made(self, view: CellView) -> bool:
        """Whether anything is demanded."""
        return self._made[self._trees.one(view, "demands", "made", self._made.__getitem__)]

    def asks(self, view: CellView) -> tuple[Ask, ...]:
        """What the demands ask to be shown of a region; of those that ask for the same the first stands for all."""
        return self._demands[self._trees.one(view, "demands", "asks", self._asks.__getitem__)].asks

    def general(self, view: CellView) -> tuple[str, ...]:
        """The demands that name neither activities nor data; of those the first stands for all."""
        return self._demands[self._trees.one(view, "demands", "general", self._general.__getitem__)].general

    def held(self, view: CellView, key: Hashable, keeps: Callable[[TenantDemands], Reason]) -> Reason:
        """Whether the demands are kept; `key` says what else that depends on."""
        if key not in self._tables:
            self._tables[key] = [self._fingerprint(keeps(demands)) for demands in self._demands]
        return keeps(self._demands[self._trees.one(view, "demands", key, self._tables[key].__getitem__)])

    def keeps(self, view: CellView, party: SubProcessor | None, engagement: Engagement) -> Reason:
        """Whether an engagement keeps the demands."""
        row = (None if party is None else party.id, id(engagement))
        if row not in self._tables:
            self._tables[row] = self._fingerprints(party, engagement)
        number = self._trees.one(view, "demands", row, self._tables[row].__getitem__)
        if (number, row) not in self._reasons:
            self._reasons[number, row] = self._demands[number].on_engagement(party, engagement)
        return self._reasons[number, row]

    def _fingerprints(self, party: SubProcessor | None, engagement: Engagement) -> Sequence[Hashable]:
        """The fingerprint of each demand, worked out once for those that the engagement cannot tell apart."""
        seat = self._register.seat if party is None else party.seat
        extents = [self._extent(place) for place in (*(engagement.places or ()), *seat.places)]
        known: dict[Hashable, Hashable] = {}
        table: list[Hashable] = []
        for demand, demands in zip(self._space.demands, self._demands, strict=True):
            key: Hashable = demand.objection
            if demand.places:
                named = self._extent(demand.places[0])
                (restriction,) = demands.tenant.restrictions
                about = (
                    bool(restriction.activities)
                    if engagement.activity == UNSTATED_ACTIVITY
                    else restriction.about(engagement.activity),
                    restriction.data and restriction.data.isdisjoint(engagement.data or ()),
                )
                held = tuple((extent.within(named).value, extent.never_in(named).value) for extent in extents)
                key = (demand.key, about, held)
            if key not in known:
                known[key] = self._fingerprint(demands.on_engagement(party, engagement))
            table.append(known[key])
        return table

    def _extent(self, place: Place) -> Extent:
        if place not in self._extents:
            self._extents[place] = place.extent(self._register.groups, self._day)
        return self._extents[place]


@frozen
class DemandsView:
    """View of what a cell's tenants demand: all that an answer may ask, and no list of any one tenant's demands.

    It is no `TenantDemands`: what read the demands of one tenant would be proved for that tenant alone.
    """

    view: CellView
    demanded: CellDemands

    def __getattr__(self, name: str) -> NoReturn:
        raise TypeError(f"the demands of many tenants have no {name!r}: ask by a method that DemandsView has too")

    @property
    def made(self) -> bool:
        """Whether the tenants demand anything."""
        return self.demanded.made(self.view)

    @property
    def asks(self) -> tuple[Ask, ...]:
        """What must be answered in a region."""
        return self.demanded.asks(self.view)

    @property
    def general(self) -> tuple[str, ...]:
        """The demands that name neither activities nor data."""
        return self.demanded.general(self.view)

    def on_engagement(self, party: SubProcessor | None, engagement: Engagement) -> Reason:
        """Whether the engagement keeps what they demand."""
        return self.demanded.keeps(self.view, party, engagement)

    def on_vendor(self) -> Reason:
        """Whether the vendor's seat keeps what they demand."""
        return self.demanded.held(self.view, "vendor's seat", lambda demands: demands.on_vendor())

    def on_region(self, region: HostingRegion) -> Reason:
        """Whether the region keeps what they demand."""
        return self.demanded.held(self.view, ("region", region.id), lambda demands: demands.on_region(region))

    def on_exception(self, exception: ResidencyException, applies: Reason | None) -> Reason:
        """Whether the exception keeps what they demand."""
        key = (exception, applies)
        return self.demanded.held(self.view, key, lambda demands: demands.on_exception(exception, applies))


def _named(demand: Demand, own_names: Mapping[str, str]) -> Demand:
    """The demand in the register's own names."""
    scopes = tuple(
        {**scope, "data": tuple(own_names.get(name, name) for name in scope["data"])} if "data" in scope else scope
        for scope in demand.scopes
    )
    objection = None if demand.objection is None else own_names.get(demand.objection, demand.objection)
    return evolve(demand, objection=objection, scopes=scopes)
