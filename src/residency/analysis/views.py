"""Views: stand-ins for `Tenant` and `Decision`, by which a law is evaluated for all tenants of a cell at once.

Reading something that the tenants of the cell differ in splits the cell, so a law is evaluated once for each kind of
tenant that it can tell apart. Verdicts are exact; of the reasons for one verdict one is shown for all.
"""

# pyright: reportIncompatibleVariableOverride=false
# A decision holds its parts as attributes; its view works each of them out when it is read.
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from ..engine.conditions import Fact, Lazy, Names
from ..errors import BadInput, Refused
from ..model.conditions import Condition
from ..model.places import Extent, Place
from ..model.register import Register
from ..model.rows import ClosedList, Source
from ..model.tenant import Restriction, Tenant
from ..model.verdict import Verdict
from ..result.answer import Answer, EngagementAnswer
from ..result.answers import Answers, Heading
from ..result.decision import Decision
from ..result.reason import Note, Reason
from .cells import CellView
from .evaluator import CellEvaluator
from .universe import Choice, Context, Demand

__all__ = ["STAND_IN", "DecisionView", "TenantView", "Unfold"]

STAND_IN = "<stand-in for many tenants>"
"""What messages call the tenant that a law is given."""


class Unfold(BaseException):
    """A law reads something that is folded, a country or the place of a demand: evaluate it for each by itself."""


class TenantView:
    """View of a cell's tenants as one, with the attributes of a `Tenant`."""

    def __init__(self, evaluator: CellEvaluator, view: CellView) -> None:
        self._evaluator, self._view = evaluator, view

    def __repr__(self) -> str:
        return STAND_IN

    @property
    def country(self) -> str:
        """Its country."""
        contexts = self._view.cell.space.contexts
        countries = contexts[self._view.one("where", lambda number: contexts[number].countries)].countries
        first, *more = countries
        if more:
            raise Unfold
        return first

    @property
    def agreed_region(self) -> str | None:
        """The hosting region agreed with the vendor."""
        contexts = self._view.cell.space.contexts
        return contexts[self._view.one("where", lambda number: contexts[number].agreed)].agreed

    @property
    def features(self) -> Names:
        """The features that are on beside those on by default."""
        return self._having("feature", True, lambda name: not self._by_default(name))

    @property
    def switched_off(self) -> Names:
        """The features on by default that are off."""
        return self._having("feature", False, self._by_default)

    @property
    def consents(self) -> Names:
        """The consents given."""
        return self._having("consent", True)

    @property
    def agreements(self) -> Names:
        """The agreements that exist."""
        return self._having("agreement", True)

    @property
    def attributes(self) -> tuple[tuple[str, str], ...]:
        """Its attributes, those that are known, by name."""
        values = ((name, self._view.fact((kind, name))) for kind, name in self._choices if kind == "attribute")
        return tuple(sorted((name, value) for name, value in values if isinstance(value, str)))

    @property
    def _choices(self) -> Mapping[Fact, tuple[Choice, ...]]:
        return self._view.cell.space.choices

    def _by_default(self, name: str) -> bool:
        return self._choices["feature", name][0] is True

    def _having(self, kind: str, state: bool, among: Callable[[str], bool] = lambda _: True) -> Names:
        names = (name for fact_kind, name in self._choices if fact_kind == kind and among(name))
        return Names(names, lambda name: self._view.fact((kind, name)) is state)

    @property
    def demanding(self) -> bool:
        """Whether it demands or objects at all."""
        demands = self._view.cell.space.demands
        return demands[self._view.one("demands", lambda number: demands[number] != Demand())] != Demand()

    @property
    def restrictions(self) -> frozenset[Restriction]:
        """Its restrictions: one at most."""
        demand = self._demand()
        return frozenset() if demand.restriction is None else frozenset({demand.restriction})

    @property
    def objections(self) -> frozenset[str]:
        """The sub-processors that it objects to: one at most."""
        demand = self._demand()
        return frozenset() if demand.objection is None else frozenset({demand.objection})

    def _demand(self) -> Demand:
        demand = self._view.cell.space.demands[self._view.one("demands", lambda number: number)]
        if demand.size > 1:
            raise Unfold
        return demand


class _AnswersView(Answers):
    """View of all answers for a cell's tenants; each is worked out when it is read."""

    def __init__(self, evaluator: CellEvaluator, view: CellView) -> None:
        object.__setattr__(self, "_evaluator", evaluator)
        object.__setattr__(self, "_view", view)

    _evaluator: CellEvaluator
    _view: CellView

    @property
    def heading(self) -> Heading:
        return Heading.of(self._evaluator.register)

    @property
    def settled(self) -> str | None:
        return self._evaluator.settled(self._view)

    @property
    def closed(self) -> tuple[ClosedList, ...]:
        return self._evaluator.register.closed_on(self._evaluator.day)

    @property
    def first(self) -> date:
        return self._evaluator.day

    @property
    def on_regions(self) -> tuple[Answer, ...]:
        return tuple(map(self._answer, self._evaluator.regions))

    @property
    def on_sub_processors(self) -> tuple[Answer, ...]:
        return tuple(map(self._answer, self._evaluator.sub_processors))

    @property
    def by_region(self) -> Mapping[str, Answer]:
        return Lazy(self._evaluator.regions, self._answer)

    @property
    def by_sub_processor(self) -> Mapping[str, Answer]:
        return Lazy(self._evaluator.sub_processors, self._answer)

    def _answer(self, name: str) -> Answer:
        return self._evaluator.answer(name, self._view)


class DecisionView(Decision):
    """View of all answers for a cell's tenants as one decision; each answer is worked out when a law reads it."""

    _evaluator: CellEvaluator
    _view: CellView

    def __init__(self, evaluator: CellEvaluator, view: CellView) -> None:
        object.__setattr__(self, "_evaluator", evaluator)
        object.__setattr__(self, "_view", view)
        object.__setattr__(self, "_answers", _AnswersView(evaluator, view))

    @property
    def register(self) -> Register:
        """The register that is evaluated."""
        return self._evaluator.register

    @property
    def as_of(self) -> date:
        """A day of the span: a law must not ask for more than which span it is in."""
        return self._evaluator.day

    @property
    def home(self) -> str | None:
        """The hosting region of the customer region that the tenant is known to be in, if it has one."""
        return self._evaluator.home(self._view)

    def placement(self, region: str) -> Reason:
        """What placement alone says of the hosting region."""
        return self._evaluator.placement(region, self._view)

    def engagement(self, sub_processor: str, number: int) -> EngagementAnswer:
        """The answer on one engagement: the sub-processor's row of that number."""
        processor = self.register.sub_processor(sub_processor)
        return self._evaluator.engagement(processor, processor.engagements[number], self._view)

    def reason(self, name: str) -> Reason:
        """What decides the answer on a hosting region or sub-processor, as a whole."""
        return self._evaluator.reason(name, self._view)

    def region_verdict(self, region: str) -> Verdict:
        """The verdict on storing the data in that hosting region."""
        return self.reason(region).verdict if region in self._evaluator.regions else super().region_verdict(region)

    def verdict(self, sub_processor: str, *, activity: str | None = None, data: str | None = None) -> Verdict:
        """The verdict on that sub-processor touching the data, for that activity and data category if given."""
        if sub_processor in self._evaluator.sub_processors and activity is None and data is None:
            return self.reason(sub_processor).verdict
        return super().verdict(sub_processor, activity=activity, data=data)

    def condition(self, condition: Condition) -> Verdict:
        """Whether a condition holds for the tenant."""
        return self._evaluator.condition(condition, self._view).verdict

    def customer_in(self, places: Sequence[Place]) -> Verdict:
        """Whether the tenant's country is in one of the places; the universe must tell them apart."""
        groups, contexts = self.register.groups, self._view.cell.space.contexts
        extent = Extent.union(place.extent(groups, self.as_of) for place in places)

        def within(context: Context) -> Verdict:
            country = frozenset(context.countries[:1])
            return Extent(country, country).within(extent)

        return within(contexts[self._view.one("where", lambda number: within(contexts[number]).value)])

    def answer(self, name: str, *, activity: str | None = None, data: str | None = None) -> Answer:
        """The whole answer on one hosting region, or on one sub-processor, for that activity and data if given."""
        answers = self._answers.by_region if name in self._evaluator.regions else self._answers.by_sub_processor
        return self._narrowed(self._one("hosting region or sub-processor", name, answers), activity, data)

    def require(self, *, listed_within: timedelta | None = None) -> str:
        """`region`, or `Refused`; the reasons are those of one tenant, and a law sees no notice of the list's age."""
        if self.region is None:
            raise Refused("no hosting region is settled and permitted", "ask for reason(region)", self)
        return super().require(listed_within=listed_within)

    @property
    def tenant(self) -> Tenant:
        """Not available: a law is given its tenant. Raises `BadInput`."""
        raise BadInput("a law is given its tenant beside the decision", "write def law(tenant, decision): …")

    @property
    def notes(self) -> tuple[Note, ...]:
        """Not available: notices differ from day to day. Raises `BadInput`."""
        raise BadInput("a law sees no notices, which differ from day to day", "ask for verdicts")

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources that answers may rest on."""
        return self.register.sources
