"""Evaluates a register for one tenant on one day: `decide` answers everything, `Evaluation` each question by itself."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import date
from typing import Self, TypeVar

from attrs import evolve, field, frozen

from ..model.conditions import Condition
from ..model.register import EVERYTHING, Published, Register, Work, check_register
from ..model.rows import (
    ACTIVITIES,
    UNSTATED_ACTIVITY,
    Engagement,
    HostingRegion,
    ResidencyException,
    SubProcessor,
    activity_in_words,
    data_in_words,
    places_in_words,
)
from ..model.tenant import Tenant, check_kind, check_tenant
from ..model.timeline import checked_day
from ..model.verdict import Verdict
from ..result.answer import Answer, EngagementAnswer
from ..result.answers import Answers, Heading
from ..result.decision import Decision
from ..result.reason import UNCONDITIONAL, Note, Reason, all_of, any_of, leaf, negated, note, wherever
from .conditions import Facts, evaluate, known_facts
from .days import engagement_days, span_reason
from .notes import FromRegister, engagement_limits
from .placement import Home, customer_reasons, find_home, place, settled
from .restrictions import Ask, Demands, TenantDemands

__all__ = ["Evaluation", "Question", "Row", "answers", "decide", "evaluation_of"]

PERMITTED, PROHIBITED, UNDETERMINED = Verdict.PERMITTED, Verdict.PROHIBITED, Verdict.UNDETERMINED


@frozen
class Evaluation:
    """The evaluation of one tenant on one day: its placement, the facts that conditions see, and its demands.

    `placed` is what placement alone says of each hosting region, `stays` whether the data is settled in it. Each
    question is asked by itself and looks at no more than it depends on; one that other questions ask again is a `part`.
    `supposed` is the region in which the data is supposed to be, whatever placement says.
    """

    register: Register
    day: date
    placed: Mapping[str, Reason]
    stays: Mapping[str, Reason]
    facts: Facts
    demands: Demands
    supposed: str | None = None
    _parts: dict[Hashable, Reason] = field(factory=dict, eq=False, repr=False, kw_only=True)
    _supposing: dict[str, Self] = field(factory=dict, eq=False, repr=False, kw_only=True)

    @classmethod
    def of(
        cls, register: Register, day: date, home: Home, agreed: str | None, facts: Facts, demands: Demands
    ) -> Evaluation:
        """The evaluation of a tenant with that home and, unless it is None, that agreed hosting region."""
        placed = place(register, agreed, home, facts)
        evaluation = cls(register, day, placed, {}, facts, demands)
        settled = evaluation.settled
        located = {name: evaluation._known_in(name, settled) for name in placed}
        stays = {name: evaluation._settled_in(name, settled) for name in placed}
        return evolve(evaluation, stays=stays, facts=facts.where("hosting region", located))

    @property
    def settled(self) -> str | None:
        """The hosting region that placement settles."""
        return None if self.silent else settled(self.placed)

    def part(self, key: Hashable, question: Question) -> Reason:
        """The reason that answers the question, worked out once; `key` tells the question from all others."""
        kept = (key, self.supposed)
        if kept not in self._parts:
            self._parts[kept] = question(self)
        return self._parts[kept]

    # --- Hosting regions ---

    def region_answer(self, region: HostingRegion) -> Answer:
        """Whether the data may be stored in the hosting region, with what a permission of it does not say."""
        reason = self.region_reason(region)
        permitted = self._region_limits(region) if reason.verdict is PERMITTED else ()
        limits = tuple(limit.citing(self.published.cited) for limit in (*permitted, *self._own_work(region)))
        return Answer("hosting region", region.id, region.name, reason, limits)

    def _own_work(self, region: HostingRegion) -> Iterator[Note]:
        """Notes, whatever the verdict, on the vendor's own hosting in the region and its other work that may apply."""
        supposing = self.as_if_in(region.id)
        for row in self.register.own_infrastructure:
            if row.region in (None, region.id):
                about = {"vendor": self.register.vendor, "purpose": row.purpose}
                if row.activity == "hosting":
                    yield note("limit.own-infrastructure", row.basis, **about)
                elif not self.silent and supposing.applies(None, row, stored_in=region.id).verdict is not PROHIBITED:
                    activity, places = activity_in_words(row.activity), places_in_words(row.places)
                    yield note("limit.own", row.basis, activity=activity, places=places, **about)

    def _region_limits(self, region: HostingRegion) -> Iterator[Note]:
        """What a permission to store in the region does not say, such as data that is, or may be, elsewhere."""
        supposing = self.as_if_in(region.id)
        yield note("limit.storage")
        for exception in self._exceptions(region):
            condition = supposing._condition_of(exception)
            if condition is None or condition.verdict is not PROHIBITED:
                data, places = data_in_words(exception.data), places_in_words(exception.places)
                yield note("limit.exception", exception.basis, data=data, places=places)
        for party, row in supposing._not_excluded("backup", region.id):
            name, places = self.register.vendor if party is None else party.id, places_in_words(row.places)
            yield note("limit.backup", row.basis, self.register.labels, who=name, purpose=row.purpose, places=places)
        if self.demands.general:
            activities = ", ".join(name for name in ACTIVITIES if supposing._silent_on(name, region.id))
            for demand in self.demands.general if activities else ():
                about = {"activities": activities, "region": region.id, "demand": demand.removeprefix("demand: ")}
                yield note("limit.silent", (demand,), self.register.labels, **about)
        yield note("limit.not-assessed")

    def _silent_on(self, activity: str, region: str) -> bool:
        """Whether the register does not say who does the activity in the region: no row and no closed list does."""
        return not any(self._not_excluded(activity, region)) and not self._closing(activity, None, region)

    def _not_excluded(self, activity: str, region: str) -> Iterator[Work]:
        """The rows for the activity in the region that apply, or may."""
        for party, engagement in self.register.work(activity, region):
            if self.applies(party, engagement, stored_in=region).verdict is not PROHIBITED:
                yield party, engagement

    def _exceptions(self, region: HostingRegion) -> Iterator[ResidencyException]:
        """The exceptions in force for the region."""
        for exception in self.register.exceptions:
            if self.day in exception.span and (exception.regions is None or region.id in exception.regions):
                yield exception

    def _condition_of(self, exception: ResidencyException) -> Reason | None:
        """Whether the exception's own condition holds; None where it has no condition."""
        return None if exception.when is None else self._holds(exception.when, exception.basis)

    def exception_kept(self, exception: ResidencyException) -> Reason:
        """Whether the data that the exception stores elsewhere is, wherever that is, as the tenant demands."""
        return self.part(
            ("exception", id(exception)),
            lambda evaluation: evaluation.demands.on_exception(exception, evaluation._condition_of(exception)),
        )

    def region_reason(self, region: HostingRegion) -> Reason:
        """Whether the data may be stored in the hosting region: placement, and what storing there involves."""
        if self.silent:
            return self.silence
        return self._cited(self.all_of(reason(region) for reason in (self.placement, self.storage)))

    def placement(self, region: HostingRegion) -> Reason:
        """What placement alone says of the region."""
        return self.placed[region.id]

    def storage(self, region: HostingRegion) -> Reason:
        """Whether, wherever the tenant is placed, its data could be stored in the region as it demands."""
        key = ("storage", region.id)
        return self.part(key, lambda evaluation: evaluation.all_of(evaluation._storage_parts(region)))

    def _storage_parts(self, region: HostingRegion) -> Iterator[Reason]:
        supposing = self.as_if_in(region.id)
        yield from self._offered(region)
        yield from supposing._not_forbidden(region.id)
        yield supposing._stored(region)
        if self.demands.made:
            yield from supposing._demands_kept(region)

    def _demands_kept(self, region: HostingRegion) -> Iterator[Reason]:
        """Whether all that storing in the region involves is as the tenant demands."""
        yield self.demands.on_region(region).resting_on(*region.basis)
        rows, exceptions = list(self._unavoidable(region)), list(self._exceptions(region))
        yield self.all_over("unavoidable", rows, lambda evaluation, row: evaluation.kept(*row, stored_in=region.id))
        yield self.all_over("exceptions", exceptions, lambda evaluation, row: evaluation.exception_kept(row))
        yield self.demands.on_vendor()
        for ask in self.demands.asks:
            yield self.answered(ask, region).resting_on(*ask.demands)

    def answered(self, ask: Ask, region: HostingRegion) -> Reason:
        """Whether the register says who does what a demand asks about: by a row that applies, or by a closed list.

        What is asked of all data is asked of each category that a row for it names, and of all other data.
        """
        key = ("answered", ask.activity, ask.data, region.id)
        return self.part(key, lambda evaluation: evaluation._answered(ask, region))

    def _answered(self, ask: Ask, region: HostingRegion) -> Reason:
        if ask.data is not None:
            return self._share_answered(ask.activity, ask.data, f" with data {ask.data}", region)
        stated = sorted({name for _, row in self._listed(ask.activity, region.id) for name in row.data or ()})
        shares = [*((name, f" with data {name}") for name in stated), (None, " with other data" if stated else "")]
        return self.all_of(self._share_answered(ask.activity, share, words, region) for share, words in shares)

    def _share_answered(self, activity: str | None, share: str | None, words: str, region: HostingRegion) -> Reason:
        """The same for one share of the data; `None` is the data that no row names."""
        return self.any_of(self._answers(activity, share, f"{activity or 'anything'}{words}", region))

    def _answers(self, activity: str | None, share: str | None, what: str, region: HostingRegion) -> Iterator[Reason]:
        rows = self._rows_for(activity, share, region)
        yield self.any_over(("doing", activity, share), rows, lambda evaluation, row: evaluation.done(row, region.id))
        for basis in self._closing(activity, share, region.id):
            closed = leaf(PERMITTED, "list.closed", basis, what=what)
            yield self.all_of(self._nobody_does(closed, activity, share, region))
        yield leaf(UNDETERMINED, "demand.not-answered", region.basis, self.register.labels, what=what, region=region.id)

    def _nobody_does(
        self, closed: Reason, activity: str | None, share: str | None, region: HostingRegion
    ) -> Iterator[Reason]:
        """The list is closed, and no row for the activity applies, nor one whose activity is not stated."""
        yield closed
        rows = [*self._rows_for(activity, share, region), *self._rows_for(UNSTATED_ACTIVITY, share, region)]
        key = ("nobody", activity, share)
        yield self.all_over(key, rows, lambda evaluation, row: negated(evaluation.done(row, region.id)))

    def _rows_for(self, activity: str | None, share: str | None, region: HostingRegion) -> list[Row]:
        """The rows for the activity (`None`: any, and exceptions too) that may be about that share of the data."""
        exceptions = self._exceptions(region) if activity is None else ()
        listed = (work for work in self._listed(activity, region.id) if _is_about(work[1], share))
        return [*listed, *(exception for exception in exceptions if _is_about(exception, share))]

    def done(self, row: Row, region: str) -> Reason:
        """Whether the row applies to data of the region."""
        if not isinstance(row, ResidencyException):
            return self.applies(*row, stored_in=region)
        name = leaf(PERMITTED, "exception.data", row.basis, data=data_in_words(row.data))
        condition = self._condition_of(row)
        return name if condition is None else all_of([name, condition])

    def _listed(self, activity: str | None, region: str) -> list[Work]:
        """The engagements for the activity in the region; for every stated activity if it is None."""
        activities = ACTIVITIES if activity is None else (activity,)
        return [work for name in activities for work in self.register.work(name, region)]

    def _closing(self, activity: str | None, data: str | None, region: str) -> list[tuple[str, ...]]:
        """The basis of each list, of everybody, that is closed for the activity and data in the region."""
        lists = [closed for closed in self.register.closed if closed.of == "everybody"]
        return [closed.basis for closed in lists if closed.closes(activity, data, region, self.day)]

    def _stored(self, region: HostingRegion) -> Reason:
        """Somebody may store in the region; and so for each share of the data that somebody would store."""
        hosts = list(self.register.work("hosting", region.id))
        if not hosts:
            return leaf(UNDETERMINED, "hosting.nobody", region.basis, self.register.labels, region=region.id)
        stated = sorted({name for _, engagement in hosts for name in engagement.data or ()})
        return self.all_of(self._shares_stored(region.id, hosts, [*stated, *([None] if stated else [])]))

    def _shares_stored(self, region: str, hosts: Sequence[Work], shares: Sequence[str | None]) -> Iterator[Reason]:
        """Somebody may store; and for each of the data categories (`None`: the data that no host names) the same."""
        alone = not (shares or self._conditional)
        yield self.any_over("stored", hosts, lambda evaluation, row: evaluation.may_store(*row, region), alone=alone)
        of_shares = (tuple(n for n, (_, row) in enumerate(hosts) if _is_about(row, share)) for share in shares)
        for numbers in dict.fromkeys(of_shares):  # shares that the same hosts store are answered alike
            yield self.any_of(self._share_stored(region, [hosts[number] for number in numbers]))

    @property
    def _conditional(self) -> bool:
        """Whether a region has conditions of its own, which may be a host's too."""
        return self.register.placement.agreed_when is not None or bool(self.register.prohibitions)

    def _share_stored(self, region: str, hosts: Sequence[Work]) -> Iterator[Reason]:
        """One of these hosts of a share of the data may store it, or none of them would."""
        keys = tuple(map(_row_key, hosts))
        yield self.any_over(("share", keys), hosts, lambda evaluation, row: evaluation.may_store(*row, region))
        yield self.all_over(
            ("no share", keys), hosts, lambda evaluation, row: negated(evaluation.applies(*row, stored_in=region))
        )

    def may_store(self, party: SubProcessor | None, engagement: Engagement, region: str) -> Reason:
        """Whether the engagement may store data in the region, in which the data is supposed to be."""
        key = ("may store", _row_key((party, engagement)), region)
        return self.part(key, lambda evaluation: evaluation.all_of(evaluation._may_store(party, engagement, region)))

    def _may_store(self, party: SubProcessor | None, engagement: Engagement, region: str) -> Iterator[Reason]:
        yield self.applies(party, engagement, stored_in=region)
        if party is not None:
            yield from self._not_forbidden(party.id)
            yield self.breaks_nothing(party)
        yield self.demands.on_engagement(party, engagement)

    def breaks_nothing(self, sub_processor: SubProcessor) -> Reason:
        """None of its engagements that applies breaks a demand: who may not touch the data does not store it either."""
        if not self.demands.made:
            return UNCONDITIONAL
        key, rows = ("clean", sub_processor.id), [(sub_processor, row) for row in sub_processor.engagements]
        return self.part(
            key, lambda evaluation: evaluation.all_over(key, rows, lambda evaluation, row: evaluation.kept(*row))
        )

    def kept(self, party: SubProcessor | None, engagement: Engagement, *, stored_in: str | None = None) -> Reason:
        """Whether the engagement is as the tenant demands, wherever it applies."""
        applies = self.applies(party, engagement, stored_in=stored_in)
        return wherever(applies, self.demands.on_engagement(party, engagement))

    def _unavoidable(self, region: HostingRegion) -> Iterator[Work]:
        """What is done to data of the region whoever hosts it: all copies and keys, and all that the vendor does."""
        for activity in ("backup", "keys"):
            yield from ((party, row) for party, row in self.register.work(activity, region.id) if party is not None)
        yield from ((None, row) for row in self.register.own_infrastructure if row.region in (None, region.id))

    def as_if_in(self, region: str) -> Self:
        """The evaluation of the same tenant and day as if its data were settled in `region`; made once."""
        if region not in self._supposing:
            stays = {}
            for name in self.register.regions:
                verdict = PERMITTED if name == region else PROHIBITED
                code = "region.supposed" if name == region else "region.not-supposed"
                stays[name] = leaf(verdict, code, (), self.register.labels, region=name)
            facts = self.facts.where("hosting region", stays)
            self._supposing[region] = evolve(self, stays=stays, facts=facts, supposed=region, supposing={})
        return self._supposing[region]

    # --- Sub-processors ---

    def sub_processor_answer(self, sub_processor: SubProcessor) -> Answer:
        """Whether the sub-processor may touch the data, engagement by engagement."""
        engagements = [self.engagement_answer(sub_processor, engagement) for engagement in sub_processor.engagements]
        return Answer.of_engagements(sub_processor.id, sub_processor.name, engagements)

    def engagement_answer(self, sub_processor: SubProcessor, engagement: Engagement) -> EngagementAnswer:
        """Whether the engagement applies, is allowed and keeps the demands, with what a permission does not say."""
        applies, allowed, keeps = self.sides(sub_processor, engagement)
        answer = EngagementAnswer(
            sub_processor=sub_processor.id,
            activity=engagement.activity,
            purpose=engagement.purpose,
            region=engagement.region,
            places=None if engagement.places is None else tuple(place.text for place in engagement.places),
            data=engagement.data,
            applies=applies,
            allowed=allowed,
            keeps=keeps,
        )
        if answer.verdict is not PERMITTED:
            return answer
        limits = engagement_limits(engagement, self.register.labels)
        return evolve(answer, limits=tuple(limit.citing(self.published.cited) for limit in limits))

    def sides(self, sub_processor: SubProcessor, engagement: Engagement) -> Iterator[Reason]:
        """Whether the engagement applies, is allowed by house rules, and keeps what the tenant demands."""
        for side in (self.applies, self.allowed, self.demands.on_engagement):
            yield self.silence if self.silent else self._cited(side(sub_processor, engagement))

    def allowed(self, sub_processor: SubProcessor, engagement: Engagement) -> Reason:
        """Whether house rules allow the engagement."""
        if not self.register.prohibitions:
            return UNCONDITIONAL
        key = ("allowed", _row_key((sub_processor, engagement)))
        return self.part(key, lambda evaluation: all_of(evaluation._not_forbidden(sub_processor.id, engagement.region)))

    def applies(self, party: SubProcessor | None, engagement: Engagement, *, stored_in: str | None = None) -> Reason:
        """Whether the engagement is in force, its condition holds and the data is in its region, or in `stored_in`."""
        key = ("applies", _row_key((party, engagement)), stored_in)
        return self.part(key, lambda evaluation: evaluation._applies(party, engagement, stored_in))

    def _applies(self, party: SubProcessor | None, row: Engagement, stored_in: str | None) -> Reason:
        name = self.register.vendor if party is None else party.id
        about = {"who": name, "activity": activity_in_words(row.activity), "purpose": row.purpose}
        labels = self.register.labels
        reasons = [leaf(PERMITTED, "row.listed", row.basis, labels, **about)]
        reasons += engagement_days(row, self.day, labels, **about)
        if row.when is not None:
            reasons.append(self._holds(row.when, row.basis, row.only or row.basis))
        if row.region is not None and stored_in is None:
            reasons.append(self.stays[row.region].resting_on(*row.basis))
            reasons += self._offered(self.register.region(row.region))
        if row.region is None and row.activity == "hosting":
            missing = "hosting.region-not-stated" if row.places is None else "hosting.region-not-named"
            reasons.append(leaf(UNDETERMINED, missing, row.basis))
        return all_of(reasons)

    def _settled_in(self, name: str, settled: str | None) -> Reason:
        """Whether the tenant's data is settled in the region, with the reason for its placement."""
        placed = self.placed[name]
        if placed.verdict is not PERMITTED or name == settled:
            return placed
        return leaf(UNDETERMINED, "region.not-settled", placed.basis, self.register.labels, region=name)

    def _known_in(self, name: str, settled: str | None) -> Reason:
        """The same for a condition: that the data is *not* in the region is known only where another one is settled."""
        placed = self.placed[name]
        if settled is None and placed.verdict is PROHIBITED:
            return leaf(UNDETERMINED, "region.unsettled", placed.basis, self.register.labels, region=name)
        return self._settled_in(name, settled)

    # --- Both ---

    def all_of(self, reasons: Iterator[Reason]) -> Reason:
        """PERMITTED when all of the reasons are; each is worked out in its turn."""
        return all_of(reasons)

    def any_of(self, reasons: Iterator[Reason]) -> Reason:
        """PERMITTED when any of the reasons is; each is worked out in its turn."""
        return any_of(reasons)

    def all_over(self, key: Hashable, rows: Sequence[R], question: Callable[[Evaluation, R], Reason]) -> Reason:
        """`all_of` of the question asked of each row; `key` tells the question from all others."""
        return self.all_of(question(self, row) for row in rows)

    def any_over(
        self, key: Hashable, rows: Sequence[R], question: Callable[[Evaluation, R], Reason], *, alone: bool = False
    ) -> Reason:
        """`any_of` in the same way; `alone` where it is combined with nothing that could be equal to it."""
        return self.any_of(question(self, row) for row in rows)

    def _offered(self, region: HostingRegion) -> list[Reason]:
        """Why the region is not offered on the day; empty where it is offered."""
        return span_reason(region.span, "region", region.basis, self.day, self.register.labels, region=region.id)

    def condition(self, condition: Condition) -> Reason:
        """Whether a condition holds, each part of it worked out in its turn."""
        return evaluate(condition, self.facts, self.all_of, self.any_of)

    def _holds(self, condition: Condition, basis: tuple[str, ...], only: tuple[str, ...] | None = None) -> Reason:
        """A row's condition: where it holds it rests on `basis`; where not on `only`, which limits it; else on both."""
        reason = self.condition(condition)
        limit = basis if only is None else only
        rests = {PERMITTED: basis, PROHIBITED: limit, UNDETERMINED: (*basis, *limit)}[reason.verdict]
        return reason.resting_on(*rests)

    def _not_forbidden(self, *names: str | None) -> Iterator[Reason]:
        """A reason for each house rule that forbids one of these ids: PROHIBITED where the rule applies."""
        for rule in (rule for name in names for rule in self.register.prohibitions if rule.who == name):
            if rule.when is None:
                yield leaf(PROHIBITED, "house.forbids", (rule.rule,), rule=rule.rule)
            else:
                yield negated(self.condition(rule.when).resting_on(rule.rule))

    @property
    def published(self) -> Published:
        """What was published by the day: no answer rests on more."""
        return self.register.published_by(self.day)

    def _cited(self, reason: Reason) -> Reason:
        return reason if self.published is EVERYTHING else reason.citing(self.published.cited)

    @property
    def silent(self) -> bool:
        """Whether the day is before the one from which the register speaks."""
        return self.day < self.register.speaks_from

    @property
    def silence(self) -> Reason:
        """The reason for every answer where the register is silent: it states nothing yet."""
        register = self.register
        return leaf(UNDETERMINED, "register.silent-before", register.basis, day=register.speaks_from.isoformat())


Question = Callable[[Evaluation], Reason]
"""A question about an evaluation, answered by a reason."""
Row = Work | ResidencyException
"""What a question may be asked of, one after the other."""
R = TypeVar("R", bound=Row)


def _row_key(work: Work) -> Hashable:
    """The key of an engagement: with the sub-processor's id, since several sub-processors may share an engagement."""
    party, engagement = work
    return None if party is None else party.id, id(engagement)


def _is_about(row: Engagement | ResidencyException, share: str | None) -> bool:
    """Whether the row may be about that share of the data: unstated data may be any."""
    return row.data is None or share in row.data


def decide(register: Register, tenant: Tenant, *, as_of: date) -> Decision:
    """Every answer for `tenant` on the day `as_of`.

    Raises `BadInput` where `as_of` is no day, `UnknownName` where the tenant names what the register does not know.
    """
    check_register(register)
    check_kind(tenant)
    day = checked_day(as_of, "as_of")
    check_tenant(tenant, register)
    return Decision(tenant, day, answers(register, tenant, find_home(register, tenant.country, day), day))


def evaluation_of(register: Register, tenant: Tenant, home: Home, day: date) -> Evaluation:
    """The evaluation of a tenant, whose country takes part only through `home`."""
    facts = known_facts(register, tenant, customer_reasons(register, home))
    return Evaluation.of(register, day, home, tenant.agreed_region, facts, TenantDemands(register, tenant, day))


def answers(register: Register, tenant: Tenant, home: Home, day: date) -> Answers:
    """All answers for a tenant, whose country takes part only through `home`."""
    evaluation = evaluation_of(register, tenant, home, day)
    on_regions = tuple(map(evaluation.region_answer, map(register.region, register.regions)))
    sub_processors = map(register.sub_processor, register.sub_processors)
    on_sub_processors = tuple(map(evaluation.sub_processor_answer, sub_processors))
    around, closed = FromRegister(register), register.closed_on(day)
    return Answers(Heading.of(register), evaluation.settled, on_regions, on_sub_processors, around, day, day, closed)
