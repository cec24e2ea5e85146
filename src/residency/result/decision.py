"""A decision: all answers for one tenant on one day, to act on, to store and to show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from attrs import evolve

from ..errors import BadInput, UnknownName, quoted
from ..model.rows import ACTIVITIES, CitedDocument, Source
from ..model.stored import Reader, check_as_written
from ..model.tenant import Tenant
from ..model.verdict import Verdict
from . import evidence, format_1, format_2
from .answer import Answer, EngagementAnswer, no_truth
from .answers import Answers, AsStored, Digests
from .consistency import check_consistency
from .explain import part_lines, whole_lines
from .reason import Note
from .receipt import Receipt, receipt_of
from .refusal import checked_span, no_region, outdated

__all__ = ["Decision"]

PERMITTED = Verdict.PERMITTED


class Decision:
    """All answers for one tenant on one day: frozen, hashable, complete without the register; `bool()` raises."""

    __slots__ = ("_answers", "_as_of", "_tenant")  # what attrs makes of it takes three times as long to make

    def __init__(self, tenant: Tenant, as_of: date, answers: Answers) -> None:
        self._tenant = tenant
        self._as_of = as_of
        self._answers = answers

    # --- What it is made of ---

    @property
    def tenant(self) -> Tenant:
        """The tenant asked about."""
        return self._tenant

    @property
    def as_of(self) -> date:
        """The day asked about."""
        return self._as_of

    @property
    def register_id(self) -> str:
        """The id of the register that answered."""
        return self._answers.heading.register_id

    @property
    def library(self) -> str:
        """The version of the library that answered."""
        return self._answers.around.library

    @property
    def digests(self) -> Digests | None:
        """The digests of the register that answered; None where the decision was stored in format 1."""
        return self._answers.around.digests(self.tenant)

    @property
    def register_digest(self) -> str | None:
        """The digest of what that register means."""
        return None if self.digests is None else self.digests.digest

    @property
    def vendor(self) -> str:
        """The vendor whose register answered."""
        return self._answers.heading.vendor

    @property
    def service(self) -> str:
        """The service that the register is about."""
        return self._answers.heading.service

    @property
    def published(self) -> date | None:
        """The day of the register's document; None where it is undated."""
        return self._answers.heading.published

    @property
    def data_categories(self) -> tuple[str, ...]:
        """The data categories that a question may name, sorted."""
        return self._answers.heading.data_categories

    @property
    def settled(self) -> str | None:
        """The hosting region that placement settles, whatever else is demanded of it."""
        return self._answers.settled

    @property
    def region_answers(self) -> tuple[Answer, ...]:
        """The answers on all hosting regions, sorted by id."""
        return self._answers.on_regions

    @property
    def sub_processor_answers(self) -> tuple[Answer, ...]:
        """The answers on all sub-processors, sorted by id."""
        return self._answers.on_sub_processors

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the reader must know about the whole, with what it rests on."""
        return self._answers.around.notes(self.tenant, self.as_of, self._answers.used)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every clause, reading, house rule, fact and demand that answers or notices rest on, in full."""
        return self._cited()[1]

    @property
    def documents(self) -> tuple[CitedDocument, ...]:
        """The documents in which they stand: what each is called, where it was read, the hash of its text if known."""
        return self._cited()[2]

    def _cited(self) -> tuple[tuple[Note, ...], tuple[Source, ...], tuple[CitedDocument, ...]]:
        """Notes, sources and documents, of which the later hang on the earlier: worked out together."""
        notes, around = self.notes, self._answers.around
        used = self._used(notes)
        return notes, around.sources(self.tenant, self.as_of, used), around.documents(used)

    def _used(self, notes: Iterable[Note]) -> frozenset[str]:
        return self._answers.used.union(*(note.basis for note in notes))

    def _whole(self) -> tuple[object, ...]:
        return (self.tenant, self.as_of, self._answers, *self._cited())

    def __eq__(self, other: object) -> bool:
        return self._whole() == other._whole() if isinstance(other, Decision) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.tenant, self.as_of, self._answers))

    def __repr__(self) -> str:
        return f"<Decision for {self.tenant!r} as of {self.as_of}: region {self.region!r}>"

    def __reduce__(self) -> tuple[Any, ...]:
        """Copied and pickled as it would be stored: without the register."""
        around = self._answers.around
        stored = AsStored(*self._cited(), around.library, around.digests(self.tenant))
        return Decision, (self.tenant, self.as_of, evolve(self._answers, around=stored))

    def __bool__(self) -> bool:
        no_truth("a Decision")

    # --- What a backend asks ---

    @property
    def region(self) -> str | None:
        """The one hosting region where the data lives; None if no region is settled and permitted."""
        return self._answers.region

    def require(self, *, listed_within: timedelta | None = None) -> str:
        """`region`, or `Refused`, which says why, what would help, and the `codes` of the conditions that refuse.

        With `listed_within`, a span such as `timedelta(days=365)`, it refuses too where the register's list was last
        checked longer than that before the day asked about; `BadInput` for a negative span.
        """
        accepted = None if listed_within is None else checked_span(listed_within)
        if self.region is None:
            raise no_region(self)
        if accepted is not None and (refusal := outdated(self, accepted)) is not None:
            raise refusal
        return self.region

    def may_live_in(self, region: str) -> bool:
        """True only when storing the data in that hosting region is PERMITTED; `UnknownName` for another name."""
        return self.region_verdict(region) is PERMITTED

    def may_touch(self, sub_processor: str, *, activity: str | None = None, data: str | None = None) -> bool:
        """True only when that sub-processor touching the data is PERMITTED; `UnknownName` for another name.

        With `activity` (`"hosting"`, `"support"` …) or a `data` category of the register: touching it for that.
        """
        return self.verdict(sub_processor, activity=activity, data=data) is PERMITTED

    def region_verdict(self, region: str) -> Verdict:
        """The verdict on storing the data in that hosting region."""
        return self._one("hosting region", region, self._answers.by_region).verdict

    def verdict(self, sub_processor: str, *, activity: str | None = None, data: str | None = None) -> Verdict:
        """The verdict on that sub-processor touching the data, for that activity and data category if given."""
        answer = self._one("sub-processor", sub_processor, self._answers.by_sub_processor)
        return self._narrowed(answer, activity, data).verdict

    def answer(self, name: str, *, activity: str | None = None, data: str | None = None) -> Answer:
        """The whole answer on one hosting region, or on one sub-processor, for that activity and data if given."""
        answers = {**self._answers.by_region, **self._answers.by_sub_processor}
        return self._narrowed(self._one("hosting region or sub-processor", name, answers), activity, data)

    def answers(
        self, sub_processor: str | None = None, *, activity: str | None = None, data: str | None = None
    ) -> tuple[EngagementAnswer, ...]:
        """The answers engagement by engagement: of one sub-processor or all, for that activity and data if given.

        An engagement whose data the register does not state is among them: it may be about any data.
        """
        names = tuple(self._answers.by_sub_processor) if sub_processor is None else (sub_processor,)
        answers = (self._one("sub-processor", name, self._answers.by_sub_processor) for name in names)
        return tuple(each for answer in answers for each in self._narrowed(answer, activity, data).engagements)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The ids of the sub-processors permitted to store the data, sorted."""
        return self._answers.hosts

    @property
    def permitted(self) -> tuple[str, ...]:
        """The ids of the sub-processors permitted to touch the data, sorted."""
        return self._answers.permitted

    @property
    def undetermined(self) -> tuple[str, ...]:
        """The ids of the sub-processors of which the sources do not say whether they may touch the data, sorted."""
        return self._answers.undetermined

    @property
    def prohibited(self) -> tuple[str, ...]:
        """The ids of the sub-processors that must not touch the data, sorted."""
        return self._answers.prohibited

    @property
    def verdicts(self) -> Mapping[str, Verdict]:
        """The verdict on each sub-processor touching the data, by id."""
        return {answer.id: answer.verdict for answer in self.sub_processor_answers}

    if not TYPE_CHECKING:  # for type checkers there is no such attribute

        @property
        def sub_processors(self):
            """Gone: in old code it meant the permitted ones, and its name says all."""
            raise AttributeError("a Decision has no 'sub_processors': ask permitted, or verdicts, which names all")

    @property
    def to_disclose(self) -> tuple[str, ...]:
        """The ids not PROHIBITED by register and house rules, and those announced, sorted: the list to show a customer.

        The tenant's own restrictions and objections never shorten it.
        """
        return self._answers.to_disclose

    @property
    def announced(self) -> Mapping[str, date | None]:
        """The ids that are listed for something not yet authorised, each with the first day on which it is.

        The day is None where it is not stated. Until then none may touch the data for that, and a customer may object.
        """
        return dict(self._answers.announced)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader must know about the whole."""
        return tuple(note.words for note in self.notes)

    # --- What people read ---

    def explain(self, name: str | None = None, *, activity: str | None = None, data: str | None = None) -> str:
        """The whole answer in words, or the part about one hosting region or sub-processor; ends without a newline."""
        notes, sources, documents = self._cited()
        by_id = {source.id: source for source in sources}
        if name is not None:
            return "\n".join(part_lines(self.answer(name, activity=activity, data=data), by_id, documents))
        if activity is not None or data is not None:
            raise BadInput("an activity or data category is asked of one sub-processor", "name the sub-processor")
        return "\n".join(whole_lines(self.tenant, self.as_of, self._answers, notes, by_id, documents))

    # --- Stored and read back ---

    def receipt(self) -> Receipt:
        """What a backend keeps of the decision: one to eight kilobytes that `residency.receipts` asks again."""
        return receipt_of(self.tenant, self.as_of, self._answers)

    def to_dict(self) -> dict[str, Any]:
        """The decision as plain JSON types (evidence, format 2); `from_dict` reads it back without loss."""
        return evidence.write(self.tenant, self.as_of, self._answers, *self._cited())

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Decision:
        """The decision that `to_dict` wrote, or version 0.2 in format 1.

        `BadInput` with the path where it is no such thing, or where what is stored does not follow from the rest.
        """
        try:
            return cls._read(Reader.of(stored))
        except RecursionError:
            raise BadInput("it is nested too deeply to be read", "pass what Decision.to_dict() returned") from None

    @classmethod
    def _read(cls, reader: Reader) -> Decision:
        number = reader.value.get("format")
        if type(number) is not int or number not in _READ:
            formats = " and ".join(map(str, _READ))
            raise BadInput(f"unknown format {quoted(number)} at $.format", f"this version reads format {formats}")
        decision = cls(*_READ[number](reader))
        decision._check()
        if number == evidence.FORMAT:
            check_as_written(reader.value, decision.to_dict())
        else:
            format_1.check_derived(reader, decision._answers)
        return decision

    def _check(self) -> None:
        """Raise `BadInput` where answers, tenant, day and sources do not agree with one another."""
        if self.settled is not None and self.settled not in self._answers.by_region:
            raise UnknownName("hosting region", self.settled, self._answers.by_region, " at $.settled")
        notes, sources, _ = self._cited()
        known = {source.id for source in sources}
        for name in sorted(self._used(notes) - known):
            raise UnknownName("source", name, known, " at $.sources")
        check_consistency(self._answers, self.tenant, self.as_of)

    # --- Within ---

    def _narrowed(self, answer: Answer, activity: str | None, data: str | None) -> Answer:
        if activity is None and data is None:
            return answer
        if answer.kind == "hosting region":
            raise BadInput(
                f"{answer.id!r} is a hosting region", "an activity or data category is asked of a sub-processor"
            )
        for kind, name, known in (("activity", activity, ACTIVITIES), ("data category", data, self.data_categories)):
            if name is not None and name not in known:
                raise UnknownName(kind, name, known)
        return answer.about(activity, data, self._answers.closing(activity, data))

    def _one(self, kind: str, name: str, answers: Mapping[str, Answer]) -> Answer:
        if isinstance(name, str) and name in answers:
            return answers[name]
        if not isinstance(name, str):
            raise BadInput(f"expected the id of a {kind}, got {name!r}", "ids are texts")
        if name in self._answers.by_region:
            raise BadInput(f"{name!r} is a hosting region, not a {kind}", "ask may_live_in or region_verdict")
        if name in self._answers.by_sub_processor:
            raise BadInput(f"{name!r} is a sub-processor, not a {kind}", "ask may_touch or verdict")
        raise UnknownName(kind, name, answers)


_READ: Mapping[int, Callable[[Reader], tuple[Tenant, date, Answers]]] = {
    1: format_1.read,
    evidence.FORMAT: format_2.read,
}
"""The formats that are read."""
