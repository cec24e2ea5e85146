"""One verdict on one question, with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NoReturn, TypeVar

from attrs import evolve, frozen

from ..errors import BadInput, NoTruthValue
from ..model.register import Labels, labelled
from ..model.rows import ACTIVITIES, UNSTATED_ACTIVITY, activity_in_words
from ..model.stored import CHANGED, Reader
from ..model.verdict import Verdict
from .reason import UNCONDITIONAL, Note, Reason, all_of, any_of, leaf, merged, note, wherever

__all__ = ["Answer", "EngagementAnswer", "no_truth"]

PERMITTED, UNDETERMINED = Verdict.PERMITTED, Verdict.UNDETERMINED


def no_truth(what: str) -> NoReturn:
    """Refuse to be taken for true or false."""
    raise NoTruthValue(
        f"{what} has three verdicts and no truth value; ask may_live_in(...) or may_touch(...)",
        "or compare a verdict: answer.verdict is Verdict.PERMITTED",
    )


@frozen(cache_hash=True)
class EngagementAnswer:
    """One engagement of a sub-processor, from three sides.

    Whether it `applies` to the tenant by the register, is `allowed` by house rules, and `keeps` the tenant's demands.
    `region`, `places` and `data` are `None` where the register states none; `limits` are what a permission of it does
    not say.
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
        """PERMITTED when it applies, is allowed and keeps."""
        return self.applies.verdict & self.allowed.verdict & self.keeps.verdict

    @property
    def reasons(self) -> tuple[Reason, Reason, Reason]:
        """Its three sides."""
        return self.applies, self.allowed, self.keeps

    def concerns(self, activity: str | None, data: str | None, labels: Labels) -> Reason | None:
        """Whether it is about that activity and data category (`None`: any): `None` where it is not."""
        if activity not in (None, self.activity) and self.activity != UNSTATED_ACTIVITY:
            return None
        if data is not None and data not in (self.data or (data,)):
            return None
        about, basis = {"who": self.sub_processor, "purpose": self.purpose}, self.applies.basis
        unknown = []
        if activity not in (None, self.activity):
            unknown.append(
                leaf(UNDETERMINED, "question.activity-not-stated", basis, labels, **about, activity=activity)
            )
        if data is not None and self.data is None:
            about |= {"activity": activity_in_words(self.activity), "data": data}
            unknown.append(leaf(UNDETERMINED, "question.data-not-stated", basis, labels, **about))
        return all_of(unknown)

    @property
    def announced(self) -> str | None:
        """The day from which it is authorised, where nothing else keeps it from applying yet; `""` if not stated."""
        if self.allowed.verdict is Verdict.PROHIBITED:
            return None
        codes = {leaf.code: dict(leaf.about) for leaf in self.applies.leaves()}
        if codes.keys() == {"row.not-authorised"}:
            return codes["row.not-authorised"]["day"]
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

    @classmethod
    def read(cls, sub_processor: str, reader: Reader) -> EngagementAnswer:
        """The answer that `to_dict` wrote."""
        sides = ("applies", "allowed", "keeps")
        reader.only("activity", "purpose", "region", "places", "data", "verdict", *sides, "limits")
        reader.choice("activity", (*ACTIVITIES, UNSTATED_ACTIVITY))
        places, data = reader.texts_or_none("places"), reader.texts_or_none("data")
        for key, given in (("places", places), ("data", data)):
            if given == []:
                raise BadInput(f"expected what is stated, or null, got an empty list at {reader.path}.{key}", CHANGED)
        answer = cls(
            sub_processor=sub_processor,
            activity=reader.text("activity"),
            purpose=reader.text("purpose"),
            region=reader.text_or_none("region"),
            places=None if places is None else tuple(places),
            data=None if data is None else tuple(data),
            applies=Reason.read(reader.record("applies")),
            allowed=Reason.read(reader.record("allowed")),
            keeps=Reason.read(reader.record("keeps")),
            limits=_limits(reader),
        )
        return _agreeing(answer, answer.verdict, reader)


@frozen(cache_hash=True)
class Answer:
    """Whether data may be stored in a hosting region, or a sub-processor may touch it, and why.

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
        return cls._of(name, label, [(each, UNCONDITIONAL) for each in engagements], [])

    @classmethod
    def _of(
        cls, name: str, label: str, asked: Sequence[tuple[EngagementAnswer, Reason]], unlisted: Sequence[Reason]
    ) -> Answer:
        """The answer by these engagements, each with whether it is asked about; `unlisted` is what else may be done."""
        some = any_of([*(all_of([about, *each.reasons]) for each, about in asked), *unlisted])
        demanding = [(each, about) for each, about in asked if each.keeps != UNCONDITIONAL]
        none_breaks = all_of(wherever(all_of([about, each.applies]), each.keeps) for each, about in demanding)
        reason = all_of([some, none_breaks])
        concerned = tuple(each for each, _ in asked)
        limits = _permission_limits(concerned) if reason.verdict is PERMITTED else ()
        return cls("sub-processor", name, label, reason, limits, concerned)

    def about(self, activity: str | None, data: str | None, closed: Sequence[tuple[str, ...]] = ()) -> Answer:
        """The answer of a sub-processor for one activity, one data category, or both.

        It may do that beside what is listed, unless a list is `closed` (what such lists rest on), or it is PROHIBITED
        as a whole. An engagement is one thing: where it breaks a demand for some of its data, it does so for all of it.
        """
        each_asked = ((each, each.concerns(activity, data, self._labels)) for each in self.engagements)
        asked = [(each, about) for each, about in each_asked if about is not None]
        if self.verdict is not Verdict.PROHIBITED:
            return Answer._of(self.id, self.name, asked, [self._unlisted(bool(asked), activity, data, closed)])
        if asked:
            return Answer._of(self.id, self.name, asked, [])
        return evolve(self, engagements=())

    def _unlisted(
        self, listed: bool, activity: str | None, data: str | None, closed: Sequence[tuple[str, ...]]
    ) -> Reason:
        """Whether it does what is asked for beside what is listed."""
        about = {
            "who": self.id,
            "asked": " of ".join([*([activity] if activity else []), *([f"data {data}"] if data else [])]),
        }
        if closed:
            return leaf(Verdict.PROHIBITED, "question.closed", merged(closed), self._labels, **about)
        code = "question.not-all-listed" if listed else "question.not-listed"
        basis = merged(each.applies.basis for each in self.engagements)
        return leaf(UNDETERMINED, code, basis, self._labels, **about)

    @property
    def _labels(self) -> Labels:
        return {"sub-processor": {self.id: labelled(self.id, self.name)}}

    @property
    def verdict(self) -> Verdict:
        """What it says."""
        return self.reason.verdict

    @property
    def basis(self) -> tuple[str, ...]:
        """The ids of everything that the answer or one of its limits, or an engagement of it, rests on, once each."""
        trees = [self.reason, *(tree for each in self.engagements for tree in each.reasons)]
        limits = (name for note in self.limits for name in note.basis)
        leaves = (leaf for tree in trees for leaf in tree.leaves())
        return tuple(dict.fromkeys([*(name for leaf in leaves for name in leaf.basis), *limits]))

    @property
    def disclosed(self) -> bool:
        """Whether register and house rules alone leave it open or permit it, whatever the tenant demands."""
        listed = (each.applies.verdict & each.allowed.verdict for each in self.engagements)
        return Verdict.any_of(listed) is not Verdict.PROHIBITED

    @property
    def announced(self) -> str | None:
        """The first day on which an engagement is authorised that is listed and not yet is; `""` if that is not stated.

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

    def __bool__(self) -> NoReturn:
        no_truth("an Answer")

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain JSON types."""
        return {
            "name": self.name,
            "verdict": self.verdict.value,
            "reason": self.reason.to_dict(),
            "limits": [note.to_dict() for note in self.limits],
            **({"engagements": [each.to_dict() for each in self.engagements]} if self.kind == "sub-processor" else {}),
        }

    @classmethod
    def read_region(cls, name: str, reader: Reader) -> Answer:
        """The answer on a hosting region that `to_dict` wrote."""
        reader.only("name", "verdict", "reason", "limits")
        reason = Reason.read(reader.record("reason"))
        answer = cls("hosting region", name, reader.text("name"), reason, _limits(reader))
        return _agreeing(answer, answer.verdict, reader)

    @classmethod
    def read_sub_processor(cls, name: str, reader: Reader) -> Answer:
        """The answer on a sub-processor that `to_dict` wrote; its verdict must follow from its engagements."""
        reader.only("name", "verdict", "reason", "limits", "engagements")
        engagements = [EngagementAnswer.read(name, each) for each in reader.records("engagements")]
        if not engagements:
            raise BadInput(f"no engagement at {reader.path}.engagements", "a sub-processor has at least one")
        follows = cls.of_engagements(name, reader.text("name"), engagements)
        answer = evolve(follows, reason=Reason.read(reader.record("reason")), limits=_limits(reader))
        return _agreeing(answer, follows.verdict, reader)


def _permission_limits(engagements: Iterable[EngagementAnswer]) -> tuple[Note, ...]:
    """What a sub-processor's permission does not say; only its permitted engagements count."""
    every = tuple(engagements)
    own = (limit for each in every if each.verdict is PERMITTED for limit in each.limits)
    open_ = (each for each in every if each.verdict is Verdict.UNDETERMINED)
    others = dict.fromkeys(
        note("limit.not-all", each.applies.basis, activity=each.activity, purpose=each.purpose) for each in open_
    )
    return (*own, *others, note("limit.permission"), note("limit.not-assessed"))


def _limits(reader: Reader) -> tuple[Note, ...]:
    return tuple(Note.read(each) for each in reader.records("limits"))


Stored = TypeVar("Stored", Answer, EngagementAnswer)


def _agreeing(answer: Stored, verdict: Verdict, reader: Reader) -> Stored:
    """The answer, if its verdict and the one stored beside its reasons are both the one that they give."""
    for stored in (reader.text("verdict"), answer.verdict.value):
        if stored != verdict.value:
            raise BadInput(
                f"the stored verdict {stored!r} at {reader.path} is not the {verdict.value!r} that its reasons give",
                CHANGED,
            )
    return answer
