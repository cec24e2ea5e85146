"""Answers: a verdict on one question, with its reasons and limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NoReturn

from attrs import evolve, frozen

from ..errors import NoTruthValue
from ..model.register import Labels
from ..model.rows import UNSTATED_ACTIVITY, activity_in_words
from ..model.verdict import Verdict
from .reason import UNCONDITIONAL, Note, Reason, all_of, any_of, leaf, merged, note, wherever

__all__ = ["UNSAID", "Answer", "EngagementAnswer", "no_truth"]

PERMITTED, PROHIBITED, UNDETERMINED = Verdict.PERMITTED, Verdict.PROHIBITED, Verdict.UNDETERMINED


def no_truth(what: str) -> NoReturn:
    """Raise `NoTruthValue` where an answer or decision is taken for true or false."""
    raise NoTruthValue(
        f"{what} has three verdicts and no truth value; ask may_live_in(...) or may_touch(...)",
        "or compare a verdict: answer.verdict is Verdict.PERMITTED",
    )


@frozen(cache_hash=True)
class EngagementAnswer:
    """The answer on one engagement of a sub-processor, from three sides.

    Whether it `applies` to the tenant by the register, is `allowed` by house rules, and `keeps` the tenant's demands.
    `region`, `places` and `data` are `None` where the register states none; `limits` are what it does not say, where it
    is PERMITTED.
    """

    sub_processor: str
    activity: str
    purpose: str
    region: str | None
    places: tuple[str, ...] | None
    data: tuple[str, ...] | None
    applies: Reason
    allowed: Reason
    keeps: Reason
    limits: tuple[Note, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The least of its three sides: PERMITTED when it applies, is allowed and keeps."""
        return self.applies.verdict & self.allowed.verdict & self.keeps.verdict

    @property
    def reasons(self) -> tuple[Reason, Reason, Reason]:
        """Its three sides."""
        return self.applies, self.allowed, self.keeps

    @property
    def decided(self) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None, Verdict, Verdict, Verdict]:
        """What narrowed questions hang on: places (nothing where it does not apply), data, and its three sides.

        Of two that are PROHIBITED one may break a demand, and so prohibit another row of its party, and one not apply.
        """
        applies, allowed, keeps = (reason.verdict for reason in self.reasons)
        return None if applies is PROHIBITED else self.places, self.data, applies, allowed, keeps

    def concerns(self, activity: str | None, data: str | None, labels: Labels) -> Reason | None:
        """Whether it is about that activity and data category (`None`: any), as a reason; `None` where it is not."""
        if activity not in (None, self.activity) and self.activity != UNSTATED_ACTIVITY:
            return None
        if data is not None and data not in (self.data or (data,)):
            return None
        about, basis = {"who": self.sub_processor, "purpose": self.purpose}, self.applies.basis
        open_ = []
        if activity not in (None, self.activity):
            open_.append(leaf(UNDETERMINED, "question.activity-not-stated", basis, labels, **about, activity=activity))
        if data is not None and self.data is None:
            about |= {"activity": activity_in_words(self.activity), "data": data}
            open_.append(leaf(UNDETERMINED, "question.data-not-stated", basis, labels, **about))
        return all_of(open_)

    @property
    def announced(self) -> str | None:
        """The day from which it is authorised, where only that keeps it from applying; `""` if not stated."""
        if self.allowed.verdict is PROHIBITED:
            return None
        codes = {leaf.code: leaf for leaf in self.applies.leaves()}
        if codes.keys() == {"row.not-authorised"}:
            return codes["row.not-authorised"].named("day")
        return "" if "row.authorisation-not-stated" in codes else None

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain JSON types."""
        return {
            "activity": self.activity,
            "purpose": self.purpose,
            "region": self.region,
            "places": None if self.places is None else list(self.places),
            "data": None if self.data is None else list(self.data),
            "verdict": self.verdict.value,
            "applies": self.applies.to_dict(),
            "allowed": self.allowed.to_dict(),
            "keeps": self.keeps.to_dict(),
            "limits": [note.to_dict() for note in self.limits],
        }


@frozen(cache_hash=True)
class Answer:
    """An answer: whether data may be stored in a hosting region, or a sub-processor may touch it, and why.

    `reason` is the root of a tree of the conditions that decided; `limits` are what the answer does not say;
    `engagements` are a sub-processor's, one by one. It has no truth value: `bool()` raises.
    """

    kind: Literal["hosting region", "sub-processor"]
    id: str
    name: str
    reason: Reason
    limits: tuple[Note, ...] = ()
    engagements: tuple[EngagementAnswer, ...] = ()

    @classmethod
    def of_engagements(cls, name: str, label: str, engagements: Sequence[EngagementAnswer]) -> Answer:
        """The answer for a sub-processor: some engagement is PERMITTED, and none that applies breaks a demand.

        House rules take part only in the first half: forbidding one engagement never hides that it breaks a demand.
        """
        return cls._of(name, label, [(engagement, UNCONDITIONAL) for engagement in engagements], [])

    @classmethod
    def _of(
        cls, name: str, label: str, concerned: Sequence[tuple[EngagementAnswer, Reason]], unlisted: Sequence[Reason]
    ) -> Answer:
        """The answer by engagements, each with whether it is concerned; `unlisted` is about whatever else it does."""
        some = any_of([*(all_of([concerns, *each.reasons]) for each, concerns in concerned), *unlisted])
        demanding = [(each, concerns) for each, concerns in concerned if each.keeps != UNCONDITIONAL]
        none_breaks = all_of(wherever(all_of([concerns, each.applies]), each.keeps) for each, concerns in demanding)
        reason = all_of([some, none_breaks])
        engagements = tuple(engagement for engagement, _ in concerned)
        limits = _permission_limits(engagements) if reason.verdict is PERMITTED else ()
        return cls("sub-processor", name, label, reason, limits, engagements)

    def about(self, activity: str | None, data: str | None, closed: Sequence[tuple[str, ...]] = ()) -> Answer:
        """The answer of a sub-processor for one activity, one data category, or both.

        It may do more than what is listed, unless a list is `closed` (the basis of each such list), or it is PROHIBITED
        as a whole. An engagement that breaks a demand for some of its data breaks it for all of its data.
        """
        concerns = ((each, each.concerns(activity, data, self._labels)) for each in self.engagements)
        concerned = [(engagement, reason) for engagement, reason in concerns if reason is not None]
        if self.verdict is not PROHIBITED:
            return Answer._of(self.id, self.name, concerned, [self._unlisted(bool(concerned), activity, data, closed)])
        return Answer._of(self.id, self.name, concerned, []) if concerned else evolve(self, engagements=())

    def _unlisted(
        self, listed: bool, activity: str | None, data: str | None, closed: Sequence[tuple[str, ...]]
    ) -> Reason:
        """Whether it does more than what is listed, within the activity and data asked about."""
        question = [*([activity] if activity else []), *([f"data {data}"] if data else [])]
        about = {"who": self.id, "asked": " of ".join(question)}
        if closed:
            return leaf(PROHIBITED, "question.closed", merged(closed), self._labels, **about)
        code = "question.not-all-listed" if listed else "question.not-listed"
        basis = merged(each.applies.basis for each in self.engagements)
        return leaf(UNDETERMINED, code, basis, self._labels, **about)

    @property
    def _labels(self) -> Labels:
        return {"sub-processor": {self.id: self.name}}

    @property
    def verdict(self) -> Verdict:
        """The verdict of its reason."""
        return self.reason.verdict

    @property
    def basis(self) -> tuple[str, ...]:
        """The ids of everything that the answer, one of its limits or one of its engagements rests on, once each."""
        trees = [self.reason, *(side for engagement in self.engagements for side in engagement.reasons)]
        limits = (name for note in self.limits for name in note.basis)
        leaves = (leaf for tree in trees for leaf in tree.leaves())
        return tuple(dict.fromkeys([*(name for leaf in leaves for name in leaf.basis), *limits]))

    @property
    def disclosed(self) -> bool:
        """Whether the register and house rules permit it or leave it open, whatever the tenant demands."""
        listed = (each.applies.verdict & each.allowed.verdict for each in self.engagements)
        return Verdict.any_of(listed) is not PROHIBITED

    @property
    def announced(self) -> str | None:
        """The first day on which a listed engagement that is not yet authorised will be; `""` if that is not stated.

        None where there is no such engagement, and where house rules forbid them all.
        """
        days = [day for each in self.engagements if (day := each.announced) is not None]
        return min(days, key=lambda day: (day == "", day), default=None)

    @property
    def hosting(self) -> bool:
        """Whether it is permitted and one of its permitted engagements is hosting."""
        return self.verdict is PERMITTED and any(
            each.activity == "hosting" and each.verdict is PERMITTED for each in self.engagements
        )

    def __bool__(self) -> bool:
        no_truth("an Answer")

    def summary(self, demands: Mapping[str, int]) -> list[Any]:
        """What a receipt keeps of it: codes, each with what it is of, the basis, and the activities permitted.

        `demands` are the places of the tenant's restrictions by the ids of their sources.
        """
        leaves = list(self.reason.leaves())
        codes = sorted({_code_of(leaf, demands) for leaf in leaves if leaf.code not in UNSAID})
        basis = sorted({name for leaf in leaves for name in leaf.basis})
        activities = sorted({each.activity for each in self.engagements if each.verdict is PERMITTED})
        of_party = [activities] if self.verdict is PERMITTED and activities else []
        return [codes, [demands.get(name, name) for name in basis], *of_party]

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain JSON types."""
        return {
            "name": self.name,
            "verdict": self.verdict.value,
            "reason": self.reason.to_dict(),
            "limits": [note.to_dict() for note in self.limits],
            **({"engagements": [each.to_dict() for each in self.engagements]} if self.kind == "sub-processor" else {}),
        }


UNSAID = frozenset({"row.listed", "region.supposed", "region.not-supposed", "unconditional"})
"""The codes that a receipt does not keep: that a row is listed is said of nearly every engagement."""


def _code_of(leaf: Reason, demands: Mapping[str, int]) -> str:
    """The code with the name, restriction, house rule or day that it is of, if it is of one."""
    place = demands.get(f"demand: {leaf.named('demand')}")
    of = leaf.named("name") or leaf.named("rule") or leaf.named("day") if place is None else str(place)
    return f"{leaf.code}:{of}" if of else leaf.code


def _permission_limits(engagements: Sequence[EngagementAnswer]) -> tuple[Note, ...]:
    """The limits of a sub-processor's permission: those of its permitted engagements, and what is left open."""
    permitted = (limit for each in engagements if each.verdict is PERMITTED for limit in each.limits)
    open_ = (each for each in engagements if each.verdict is UNDETERMINED)
    others = dict.fromkeys(
        note("limit.not-all", each.applies.basis, activity=each.activity, purpose=each.purpose) for each in open_
    )
    return (*permitted, *others, note("limit.permission"), note("limit.not-assessed"))
