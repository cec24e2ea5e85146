"""Evaluates a register for one tenant on one day: `decide`, and each question of it by itself."""

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
from .notes import FromRegister, engagement_limits
from .placement import Home, customer_reasons, find_home, place, settled, span_reason
from .restrictions import Ask, Demands, TenantDemands

__all__ = ["Evaluation", "Question", "Row", "answers", "decide", "evaluation_of"]

PERMITTED, PROHIBITED, UNDETERMINED = Verdict.PERMITTED, Verdict.PROHIBITED, Verdict.UNDETERMINED


@frozen
class Evaluation:
    """The evaluation of one tenant on one day: its placement, the facts that conditions see, and its demands.

    Each question is asked by itself and looks at no more than it depends on. One that other questions ask again is a
    `part`. `supposed` is the region in which the data is supposed to be, whatever placement says.
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
        """The evaluation of a tenant of that home, with which that hosting region is agreed."""
        placed = place(register, agreed, home, facts)
        here = cls(register, day, placed, {}, facts, demands)
        settled = here.settled
        located = {name: here._known_in(name, settled) for name in placed}
        stays = {name: here._settled_in(name, settled) for name in placed}
        return evolve(here, stays=stays, facts=facts.where("hosting region", located))

    @property
    def settled(self) -> str | None:
        """The hosting region that placement settles."""
        return None if self.silent else settled(self.placed)

    def part(self, key: Hashable, question: Question) -> Reason:
        """The reason that answers the question, which `key` tells from all others; worked out once."""
        kept = (key, self.supposed)
        if kept not in self._parts:
            self._parts[kept] = question(self)
        return self._parts[kept]

    # --- Hosting regions ---

    def region_answer(self, region: HostingRegion) -> Answer:
        """Whether the data may be stored in the hosting region, with what a permission of it does not say."""
        reason = self.region_reason(region)
        permitted = self._region_limits(region) if reason.verdict is PERMITTED else ()
        limits = (each.citing(self.published.cited) for each in (*permitted, *self._own(region)))
        return Answer("hosting region", region.id, region.name, reason, tuple(limits))

    def _own(self, region: HostingRegion) -> Iterator[Note]:
        """What the vendor may store there itself, and what else it does where it applies, whatever is answered."""
        there = self.as_if_in(region.id)
        for each in self.register.own_infrastructure:
            if each.region in (None, region.id):
                about = {"vendor": self.register.vendor, "purpose": each.purpose}
                if each.activity == "hosting":
                    yield note("limit.own-infrastructure", each.basis, **about)
                elif not self.silent and there.applies(None, each, stored_in=region.id).verdict is not PROHIBITED:
                    activity, places = activity_in_words(each.activity), places_in_words(each.places)
                    yield note("limit.own", each.basis, activity=activity, places=places, **about)

    def _region_limits(self, region: HostingRegion) -> Iterator[Note]:
        """What a permission to store in the region does not say: data that is, or may be, elsewhere among it."""
        there = self.as_if_in(region.id)
        yield note("limit.storage")
        for exception in self._exceptions(region):
            applies = there._excepted(exception)
            if applies is None or applies.verdict is not PROHIBITED:
                data, places = data_in_words(exception.data), places_in_words(exception.places)
                yield note("limit.exception", exception.basis, data=data, places=places)
        for who, each in there._not_excluded("backup", region.id):
            name, places = self.register.vendor if who is None else who.id, places_in_words(each.places)
            yield note("limit.backup", each.basis, self.register.labels, who=name, purpose=each.purpose, places=places)
        if self.demands.general:
            silent = ", ".join(each for each in ACTIVITIES if there._silent_on(each, region.id))
            for demand in self.demands.general if silent else ():
                about = {"activities": silent, "region": region.id, "demand": demand.removeprefix("demand: ")}
                yield note("limit.silent", (demand,), self.register.labels, **about)
        yield note("limit.not-assessed")

    def _silent_on(self, activity: str, region: str) -> bool:
        """Whether nothing tells who does that in the region."""
        return not any(self._not_excluded(activity, region)) and not self._closed(activity, None, region)

    def _not_excluded(self, activity: str, region: str) -> Iterator[Work]:
        """Who does that to data of the region, or may, as listed."""
        for who, each in self.register.work(activity, region):
            if self.applies(who, each, stored_in=region).verdict is not PROHIBITED:
                yield who, each

    def _exceptions(self, region: HostingRegion) -> Iterator[ResidencyException]:
        """Each exception in force for the region."""
        for each in self.register.exceptions:
            if self.day in each.span and (each.regions is None or region.id in each.regions):
                yield each

    def _excepted(self, exception: ResidencyException) -> Reason | None:
        """Whether the exception's own condition holds, where it has one."""
        return None if exception.when is None else self._holds(exception.when, exception.basis)

    def exception_kept(self, exception: ResidencyException) -> Reason:
        """Whether the data that is stored elsewhere keeps what is demanded, wherever it is."""
        return self.part(
            ("exception", id(exception)), lambda here: here.demands.on_exception(exception, here._excepted(exception))
        )

    def region_reason(self, region: HostingRegion) -> Reason:
        """Whether the data may be stored in the hosting region: its placement, and all that storing there means."""
        if self.silent:
            return self.silence
        return self._cited(self.all_of(reason(region) for reason in (self.placement, self.storage)))

    def placement(self, region: HostingRegion) -> Reason:
        """What placement alone says of the region."""
        return self.placed[region.id]

    def storage(self, region: HostingRegion) -> Reason:
        """Whether, wherever the tenant is placed, the region and all that stores there would be as it demands."""
        return self.part(("storage", region.id), lambda here: here.all_of(here._storage_parts(region)))

    def _storage_parts(self, region: HostingRegion) -> Iterator[Reason]:
        there = self.as_if_in(region.id)
        yield from self._offered(region)
        yield from there._not_forbidden(region.id)
        yield self._stored(region, there)
        if self.demands.made:
            yield from self._kept_there(region, there)

    def _kept_there(self, region: HostingRegion, there: Self) -> Iterator[Reason]:
        """Whether all that storing there means is as the tenant demands."""
        yield self.demands.on_region(region).resting_on(*region.basis)
        unavoidable, exceptions = list(self._unavoidable(region)), list(self._exceptions(region))
        yield there.all_over("unavoidable", unavoidable, lambda here, row: here.kept(*row, stored_in=region.id))
        yield there.all_over("exceptions", exceptions, lambda here, row: here.exception_kept(row))
        yield self.demands.on_vendor()
        for ask in self.demands.asks:
            yield there.answered(ask, region).resting_on(*ask.demands)

    def answered(self, ask: Ask, region: HostingRegion) -> Reason:
        """Whether something tells who does what is asked for there: a row that applies, or a closed list.

        What is asked of all data is asked of each category that a row for it names, and of all other data.
        """
        key = ("answered", ask.activity, ask.data, region.id)
        return self.part(key, lambda here: here._asked(ask, region))

    def _asked(self, ask: Ask, region: HostingRegion) -> Reason:
        rows = [each for _, each in self._listed(ask.activity, region.id)]
        stated = sorted({name for each in rows for name in each.data or ()})
        if ask.data is not None:
            return self._answered(ask.activity, ask.data, f" with data {ask.data}", region)
        shares = [*((name, f" with data {name}") for name in stated), (None, " with other data" if stated else "")]
        return self.all_of(self._answered(ask.activity, share, words, region) for share, words in shares)

    def _answered(self, activity: str | None, share: str | None, words: str, region: HostingRegion) -> Reason:
        """Whether something tells who does that with a share of the data; `None` is the data that no row names."""
        return self.any_of(self._answers(activity, share, f"{activity or 'anything'}{words}", region))

    def _answers(self, activity: str | None, share: str | None, what: str, region: HostingRegion) -> Iterator[Reason]:
        rows = self._doing(activity, share, region)
        yield self.any_over(("doing", activity, share), rows, lambda here, row: here.done(row, region.id))
        for basis in self._closed(activity, share, region.id):
            yield self.all_of(self._nobody(leaf(PERMITTED, "list.closed", basis, what=what), activity, share, region))
        yield leaf(UNDETERMINED, "demand.not-answered", region.basis, self.register.labels, what=what, region=region.id)

    def _nobody(
        self, closed: Reason, activity: str | None, share: str | None, region: HostingRegion
    ) -> Iterator[Reason]:
        """The list is closed, and nobody on it does that, nor anything of which the activity is not stated."""
        yield closed
        rows = [*self._doing(activity, share, region), *self._doing(UNSTATED_ACTIVITY, share, region)]
        yield self.all_over(("nobody", activity, share), rows, lambda here, row: negated(here.done(row, region.id)))

    def _doing(self, activity: str | None, share: str | None, region: HostingRegion) -> list[Row]:
        """What is listed for that activity (`None`: any), with data of which the share may be."""
        exceptions = self._exceptions(region) if activity is None else ()
        work = (work for work in self._listed(activity, region.id) if _is_about(work[1], share))
        return [*work, *(each for each in exceptions if _is_about(each, share))]

    def done(self, row: Row, region: str) -> Reason:
        """Whether what is listed is done to data of the region."""
        if not isinstance(row, ResidencyException):
            return self.applies(*row, stored_in=region)
        name = leaf(PERMITTED, "exception.data", row.basis, data=data_in_words(row.data))
        applies = self._excepted(row)
        return name if applies is None else all_of([name, applies])

    def _listed(self, activity: str | None, region: str) -> list[Work]:
        """Who is listed for that activity in the region; for any that is stated, if it is `None`."""
        activities = ACTIVITIES if activity is None else (activity,)
        return [work for each in activities for work in self.register.work(each, region)]

    def _closed(self, activity: str | None, data: str | None, region: str) -> list[tuple[str, ...]]:
        """What the closed lists of everybody rest on that are about that."""
        return [
            each.basis
            for each in self.register.closed
            if each.of == "everybody" and each.closes(activity, data, region, self.day)
        ]

    def _stored(self, region: HostingRegion, there: Evaluation) -> Reason:
        """Somebody may store there; and of each share of the data that somebody would store, somebody may."""
        hosts = list(self.register.work("hosting", region.id))
        if not hosts:
            return leaf(UNDETERMINED, "hosting.nobody", region.basis, self.register.labels, region=region.id)
        stated = sorted({name for _, each in hosts for name in each.data or ()})
        return there.all_of(there._shares(region.id, hosts, [*stated, *([None] if stated else [])]))

    def _shares(self, region: str, hosts: Sequence[Work], shares: Sequence[str | None]) -> Iterator[Reason]:
        """Somebody may store; and for each of the data categories (`None`: the data that no host names) the same."""
        yield self.any_over(
            "stored", hosts, lambda here, row: here.may_store(*row, region), alone=not (shares or self._conditional)
        )
        of_shares = (tuple(n for n, (_, each) in enumerate(hosts) if _is_about(each, share)) for share in shares)
        for numbers in dict.fromkeys(of_shares):  # shares that the same hosts store are answered alike
            yield self.any_of(self._share(region, [hosts[number] for number in numbers]))

    @property
    def _conditional(self) -> bool:
        """Whether a region has conditions of its own, which may be a host's too."""
        return self.register.placement.agreed_when is not None or bool(self.register.prohibitions)

    def _share(self, region: str, hosts: Sequence[Work]) -> Iterator[Reason]:
        """Somebody may store that share of the data, or nobody would."""
        rows = tuple(map(_row, hosts))
        yield self.any_over(("share", rows), hosts, lambda here, row: here.may_store(*row, region))
        yield self.all_over(("no share", rows), hosts, lambda here, row: negated(here.applies(*row, stored_in=region)))

    def may_store(self, who: SubProcessor | None, each: Engagement, region: str) -> Reason:
        """Whether the engagement may store data in the region, in which the data is supposed to be."""
        key = ("may store", _row((who, each)), region)
        return self.part(key, lambda here: here.all_of(here._may_store(who, each, region)))

    def _may_store(self, who: SubProcessor | None, each: Engagement, region: str) -> Iterator[Reason]:
        yield self.applies(who, each, stored_in=region)
        if who is not None:
            yield from self._not_forbidden(who.id)
            yield self.breaks_nothing(who)
        yield self.demands.on_engagement(who, each)

    def breaks_nothing(self, who: SubProcessor) -> Reason:
        """None of its engagements that applies breaks a demand: who may not touch the data does not store it either."""
        if not self.demands.made:
            return UNCONDITIONAL
        rows = [(who, each) for each in who.engagements]
        return self.part(
            ("clean", who.id), lambda here: here.all_over(("clean", who.id), rows, lambda there, row: there.kept(*row))
        )

    def kept(self, who: SubProcessor | None, each: Engagement, *, stored_in: str | None = None) -> Reason:
        """Whether the engagement keeps what is demanded, wherever it applies."""
        return wherever(self.applies(who, each, stored_in=stored_in), self.demands.on_engagement(who, each))

    def _unavoidable(self, region: HostingRegion) -> Iterator[Work]:
        """What is done to data of the region whoever hosts it: all copies and keys, and all that the vendor does."""
        for activity in ("backup", "keys"):
            yield from ((who, each) for who, each in self.register.work(activity, region.id) if who is not None)
        yield from ((None, each) for each in self.register.own_infrastructure if each.region in (None, region.id))

    def as_if_in(self, region: str) -> Self:
        """The same case, its data settled in `region`."""
        if region not in self._supposing:
            self._supposing[region] = self._as_if_in(region)
        return self._supposing[region]

    def _as_if_in(self, region: str) -> Self:
        stays = {}
        for name in self.register.regions:
            code, verdict = ("region.supposed", PERMITTED) if name == region else ("region.not-supposed", PROHIBITED)
            stays[name] = leaf(verdict, code, (), self.register.labels, region=name)
        return evolve(self, stays=stays, facts=self.facts.where("hosting region", stays), supposed=region, supposing={})

    # --- Sub-processors ---

    def sub_processor_answer(self, who: SubProcessor) -> Answer:
        """Whether the sub-processor may touch the data, engagement by engagement."""
        return Answer.of_engagements(who.id, who.name, [self.engagement_answer(who, each) for each in who.engagements])

    def engagement_answer(self, who: SubProcessor, each: Engagement) -> EngagementAnswer:
        """Whether the engagement applies, is allowed, and keeps what the tenant demands; and what it does not say."""
        places = None if each.places is None else tuple(place.text for place in each.places)
        limits = tuple(limit.citing(self.published.cited) for limit in engagement_limits(each, self.register.labels))
        applies, allowed, keeps = self.sides(who, each)
        return EngagementAnswer(
            sub_processor=who.id,
            activity=each.activity,
            purpose=each.purpose,
            region=each.region,
            places=places,
            data=each.data,
            applies=applies,
            allowed=allowed,
            keeps=keeps,
            limits=limits,
        )

    def sides(self, who: SubProcessor, each: Engagement) -> Iterator[Reason]:
        """Whether the engagement applies, is allowed, and keeps what the tenant demands."""
        yield self.silence if self.silent else self._cited(self.applies(who, each))
        yield self.silence if self.silent else self._cited(self.allowed(who, each))
        yield self.silence if self.silent else self._cited(self.demands.on_engagement(who, each))

    def allowed(self, who: SubProcessor, each: Engagement) -> Reason:
        """Whether house rules allow the engagement."""
        if not self.register.prohibitions:
            return UNCONDITIONAL
        return self.part(("allowed", _row((who, each))), lambda here: here._allowed(who, each))

    def _allowed(self, who: SubProcessor, each: Engagement) -> Reason:
        return all_of(reason for name in (who.id, each.region) for reason in self._not_forbidden(name))

    def applies(self, who: SubProcessor | None, each: Engagement, *, stored_in: str | None = None) -> Reason:
        """In force, its conditions, its region; `stored_in` supposes the data to be there."""
        key = ("applies", _row((who, each)), stored_in)
        return self.part(key, lambda here: here._applies(who, each, stored_in))

    def _applies(self, who: SubProcessor | None, each: Engagement, stored_in: str | None) -> Reason:
        name = self.register.vendor if who is None else who.id
        about = {"who": name, "activity": activity_in_words(each.activity), "purpose": each.purpose}
        labels = self.register.labels
        reasons = [leaf(PERMITTED, "row.listed", each.basis, labels, **about)]
        reasons += span_reason(each.span, "row", each.basis, self.day, labels, **about)
        if each.authorised == "not stated":
            reasons.append(leaf(UNDETERMINED, "row.authorisation-not-stated", each.basis, labels, **about))
        elif each.authorised is not None and self.day < each.authorised:
            day = each.authorised.isoformat()
            reasons.append(leaf(PROHIBITED, "row.not-authorised", each.basis, labels, day=day, **about))
        if each.when is not None:
            reasons.append(self._holds(each.when, each.basis, each.only or each.basis))
        if each.region is not None and stored_in is None:
            reasons.append(self.stays[each.region].resting_on(*each.basis))
            reasons += self._offered(self.register.region(each.region))
        if each.region is None and each.activity == "hosting":
            missing = "hosting.region-not-stated" if each.places is None else "hosting.region-not-named"
            reasons.append(leaf(UNDETERMINED, missing, each.basis))
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
        """All of the reasons, each worked out in its turn."""
        return all_of(reasons)

    def any_of(self, reasons: Iterator[Reason]) -> Reason:
        """Any of the reasons, each worked out in its turn."""
        return any_of(reasons)

    def all_over(self, key: Hashable, rows: Sequence[R], question: Callable[[Evaluation, R], Reason]) -> Reason:
        """All of what is asked of each row; `key` tells the question from all others."""
        return self.all_of(question(self, row) for row in rows)

    def any_over(
        self, key: Hashable, rows: Sequence[R], question: Callable[[Evaluation, R], Reason], *, alone: bool = False
    ) -> Reason:
        """Any of what is asked of each row; `alone` where it is combined with nothing that could be equal to it."""
        return self.any_of(question(self, row) for row in rows)

    def _offered(self, region: HostingRegion) -> list[Reason]:
        """Why the region is not offered that day, if it is not."""
        return span_reason(region.span, "region", region.basis, self.day, self.register.labels, region=region.id)

    def _holds(self, condition: Condition, basis: tuple[str, ...], only: tuple[str, ...] | None = None) -> Reason:
        """A row's condition: where it holds it rests on `basis`; where not on `only`, which limits it; else on both."""
        reason = evaluate(condition, self.facts, self.all_of, self.any_of)
        limit = basis if only is None else only
        rests = {PERMITTED: basis, PROHIBITED: limit, UNDETERMINED: (*basis, *limit)}[reason.verdict]
        return reason.resting_on(*rests)

    def _not_forbidden(self, name: str | None) -> Iterator[Reason]:
        for rule in self.register.prohibitions:
            if rule.who == name and rule.when is None:
                yield leaf(PROHIBITED, "house.forbids", (rule.rule,), rule=rule.rule)
            elif rule.who == name and rule.when is not None:
                yield negated(evaluate(rule.when, self.facts, self.all_of, self.any_of).resting_on(rule.rule))

    @property
    def published(self) -> Published:
        """What was published by that day: no answer about it rests on more."""
        return self.register.published_by(self.day)

    def _cited(self, reason: Reason) -> Reason:
        return reason if self.published is EVERYTHING else reason.citing(self.published.cited)

    @property
    def silent(self) -> bool:
        """Whether the register does not speak yet."""
        return self.day < self.register.speaks_from

    @property
    def silence(self) -> Reason:
        """Before it speaks, the register states nothing."""
        register = self.register
        return leaf(UNDETERMINED, "register.silent-before", register.basis, day=register.speaks_from.isoformat())


Question = Callable[[Evaluation], Reason]
"""What is asked of an evaluation."""


Row = Work | ResidencyException
"""What a question may be asked of, one after the other."""


R = TypeVar("R", bound=Row)


def _row(work: Work) -> Hashable:
    """What tells an engagement from all others: sub-processors may share one."""
    who, each = work
    return None if who is None else who.id, id(each)


def _is_about(row: Engagement | ResidencyException, share: str | None) -> bool:
    """Whether the row may be about that share of the data: data that is not stated is any."""
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
    """The answers; the tenant's country takes part only through `home`."""
    there = evaluation_of(register, tenant, home, day)
    on_regions = tuple(there.region_answer(register.region(name)) for name in register.regions)
    those = tuple(there.sub_processor_answer(register.sub_processor(name)) for name in register.sub_processors)
    around, closed = FromRegister(register), register.closed_on(day)
    return Answers(Heading.of(register), there.settled, on_regions, those, around, day, day, closed)
