"""A decision: all answers for one tenant on one day, to act on, to store and to show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any, NoReturn

from attrs import frozen

from .answer import Answer, no_truth
from .errors import BadInput, Refused, UnknownName
from .explain import answer_lines, cited, source_lines
from .places import country_name
from .plain import Reader
from .reason import Note
from .register import Source
from .tenant import Tenant
from .timeline import day_in_words
from .verdict import Verdict

__all__ = ["Decision"]

FORMAT = 1
PERMITTED = Verdict.PERMITTED


@frozen(cache_hash=True)
class Decision:
    """All answers for one tenant on one day. Frozen, hashable, and complete: it needs no register to be read.

    `register_id`, `vendor`, `service` and `published` say whose list answered; `settled` is the hosting region that
    placement settles, whatever else is demanded of it. It has no truth value: `bool()` raises.
    """

    register_id: str
    vendor: str
    service: str
    published: date
    tenant: Tenant
    as_of: date
    settled: str | None
    region_answers: tuple[Answer, ...]
    sub_processor_answers: tuple[Answer, ...]
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]

    def __bool__(self) -> NoReturn:
        no_truth("a Decision")

    # --- What a backend asks ---

    @property
    def region(self) -> str | None:
        """The one hosting region where the data lives; None if no region is settled and permitted."""
        if self.settled is not None and self._regions[self.settled].verdict is PERMITTED:
            return self.settled
        return None

    def require(self) -> str:
        """`region`, or `Refused` with the reasons."""
        if self.region is None:
            raise Refused("\n".join(self._refusal()), self._remedy())
        return self.region

    def may_live_in(self, region: str) -> bool:
        """True only when storing the data in that hosting region is PERMITTED; `UnknownName` for another name."""
        return self.region_verdict(region) is PERMITTED

    def may_touch(self, sub_processor: str) -> bool:
        """True only when that sub-processor touching the data is PERMITTED; `UnknownName` for another name."""
        return self.verdict(sub_processor) is PERMITTED

    def region_verdict(self, region: str) -> Verdict:
        """The verdict on storing the data in that hosting region."""
        return self._one("hosting region", region, self._regions).verdict

    def verdict(self, sub_processor: str) -> Verdict:
        """The verdict on that sub-processor touching the data."""
        return self._one("sub-processor", sub_processor, self._sub_processors).verdict

    def answer(self, name: str) -> Answer:
        """The whole answer on one hosting region or sub-processor."""
        every = {**self._regions, **self._sub_processors}
        return self._one("hosting region or sub-processor", name, every)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The ids of the sub-processors permitted to store the data, sorted."""
        return tuple(each.id for each in self.sub_processor_answers if each.hosting)

    @property
    def sub_processors(self) -> tuple[str, ...]:
        """The ids of the sub-processors permitted to touch the data, sorted."""
        return self._with(PERMITTED)

    @property
    def undetermined(self) -> tuple[str, ...]:
        """The ids of the sub-processors of which the sources do not say whether they may, sorted."""
        return self._with(Verdict.UNDETERMINED)

    @property
    def prohibited(self) -> tuple[str, ...]:
        """The ids of the sub-processors that must not touch the data, sorted."""
        return self._with(Verdict.PROHIBITED)

    @property
    def to_disclose(self) -> tuple[str, ...]:
        """The ids not PROHIBITED by register and house rules, sorted: the list to show a customer.

        The tenant's own restrictions and objections never shorten it.
        """
        return tuple(each.id for each in self.sub_processor_answers if each.disclosed)

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader must know about the whole."""
        return tuple(note.words for note in self.notes)

    # --- What people read ---

    def explain(self, name: str | None = None) -> str:
        """The whole answer in words, or the part about one hosting region or sub-processor; ends without a newline."""
        if name is not None:
            answer = self.answer(name)
            return "\n".join([*answer_lines(answer, self._sources), "", *self._source_part([answer], [])])
        return "\n".join(self._whole())

    def _whole(self) -> Iterator[str]:
        yield f"{self.service} ({self.vendor}), register {self.register_id} of {day_in_words(self.published)}."
        yield f"Asked as of {day_in_words(self.as_of)}, for {self._tenant_words()}."
        yield from (f"Notice: {cited(note.words, note.basis, self._sources)}." for note in self.notes)
        yield ""
        yield from self._outcome()
        for title, answers in (
            ("Hosting regions", self.region_answers),
            ("Sub-processors", self.sub_processor_answers),
        ):
            yield from ("", title, "")
            for answer in answers:
                yield from answer_lines(answer, self._sources)
        yield ""
        yield from self._source_part([*self.region_answers, *self.sub_processor_answers], self.notes)

    def _source_part(self, answers: list[Answer], notes: list[Note] | tuple[Note, ...]) -> Iterator[str]:
        yield "What this rests on"
        yield ""
        used = {name for answer in answers for leaf in answer.reason.leaves() for name in leaf.basis}
        used |= {
            name for note in (*notes, *(limit for answer in answers for limit in answer.limits)) for name in note.basis
        }
        yield from source_lines(source for source in self.sources if source.id in used)

    def _tenant_words(self) -> str:
        tenant = self.tenant
        parts = [f"a tenant whose country is {country_name(tenant.country)} ({tenant.country})"]
        if tenant.agreed_region is not None:
            parts.append(f"region {tenant.agreed_region} agreed")
        sets = ("features", "consents", "agreements", "switched_off", "objections")
        parts += [
            f"{key.replace('_', ' ')}: {', '.join(sorted(getattr(tenant, key)))}"
            for key in sets
            if getattr(tenant, key)
        ]
        parts += [f"{name}: {value}" for name, value in tenant.attributes]
        parts += [f"demand: {text}" for text in sorted(each.text for each in tenant.restrictions)]
        return "; ".join(parts)

    def _outcome(self) -> Iterator[str]:
        if self.region is None:
            yield "No hosting region is settled and permitted."
            return
        yield f"The data lives in region {self.region} ({self._regions[self.region].name})."
        hosts = "; ".join(f"{self._sub_processors[name].name} ({name})" for name in self.hosts)
        yield f"Permitted to store it: {hosts or 'none of the sub-processors'}"

    def _refusal(self) -> Iterator[str]:
        yield f"as of {day_in_words(self.as_of)}, no hosting region is settled and permitted for {self._tenant_words()}"
        for answer in self.region_answers:
            yield from answer_lines(answer, self._sources)

    def _remedy(self) -> str:
        choices = [answer.id for answer in self.region_answers if answer.verdict is PERMITTED]
        if choices:
            return f"agree on one of the permitted regions ({', '.join(choices)}) and name it as agreed_region"
        if self.settled is not None:
            return f"region {self.settled} is the settled one; remove what excludes it, or agree on another region"
        if all(answer.reason.code == "register.silent-before" for answer in self.region_answers):
            return "ask about a day on which the register speaks"
        return "agree on a region with the vendor and name it as agreed_region, or let house rules place this customer"

    # --- Stored and read back ---

    def to_dict(self) -> dict[str, Any]:
        """The decision as plain JSON types, with `format` 1; `from_dict` reads it back without loss."""
        return {
            "format": FORMAT,
            "register": {
                "id": self.register_id,
                "vendor": self.vendor,
                "service": self.service,
                "published": self.published.isoformat(),
            },
            "tenant": self.tenant.to_dict(),
            "as_of": self.as_of.isoformat(),
            "region": self.region,
            "settled": self.settled,
            "hosts": list(self.hosts),
            "to_disclose": list(self.to_disclose),
            "notices": [note.to_dict() for note in self.notes],
            "regions": {answer.id: answer.to_dict() for answer in self.region_answers},
            "sub_processors": {answer.id: answer.to_dict() for answer in self.sub_processor_answers},
            "sources": [source.to_dict() for source in self.sources],
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Decision:
        """The decision that `to_dict` wrote; `BadInput` with the path where it is no such thing."""
        try:
            return cls._read(Reader.of(stored))
        except RecursionError:
            raise BadInput("it is nested too deeply to be read", "pass what Decision.to_dict() returned") from None

    @classmethod
    def _read(cls, reader: Reader) -> Decision:
        if type(reader.value.get("format")) is not int or reader.value["format"] != FORMAT:
            raise BadInput(
                f"unknown format {reader.value.get('format')!r} at $.format", f"this version reads format {FORMAT}"
            )
        reader.only(*_KEYS)
        register = reader.record("register")
        register.only("id", "vendor", "service", "published")
        decision = cls(
            register_id=register.text("id"),
            vendor=register.text("vendor"),
            service=register.text("service"),
            published=register.day("published"),
            tenant=Tenant.read(reader.record("tenant")),
            as_of=reader.day("as_of"),
            settled=reader.text_or_none("settled"),
            region_answers=tuple(Answer.read_region(name, each) for name, each in reader.entries("regions")),
            sub_processor_answers=tuple(
                Answer.read_sub_processor(name, each) for name, each in reader.entries("sub_processors")
            ),
            notes=tuple(Note.read(each) for each in reader.records("notices")),
            sources=tuple(Source.read(each) for each in reader.records("sources")),
        )
        decision._check(reader)
        return decision

    def _check(self, reader: Reader) -> None:
        """Raise `BadInput` where what is stored beside the answers does not follow from them."""
        if self.settled is not None and self.settled not in self._regions:
            raise UnknownName("hosting region", self.settled, self._regions, " at $.settled")
        follows = {"region": self.region, "hosts": list(self.hosts), "to_disclose": list(self.to_disclose)}
        for key, value in follows.items():
            if reader.value[key] != value:
                raise BadInput(
                    f"the stored {key} {reader.value[key]!r} at $.{key} is not the {value!r} that the answers give",
                    "the stored decision was changed after it was made",
                )
        used = {name for answer in (*self.region_answers, *self.sub_processor_answers) for name in answer.basis}
        for name in sorted(used.union(*(note.basis for note in self.notes)) - self._sources.keys()):
            raise UnknownName("source", name, self._sources, " at $.sources")

    # --- Within ---

    @cached_property
    def _regions(self) -> Mapping[str, Answer]:
        return {answer.id: answer for answer in self.region_answers}

    @cached_property
    def _sub_processors(self) -> Mapping[str, Answer]:
        return {answer.id: answer for answer in self.sub_processor_answers}

    @cached_property
    def _sources(self) -> Mapping[str, Source]:
        return {source.id: source for source in self.sources}

    def _with(self, verdict: Verdict) -> tuple[str, ...]:
        return tuple(each.id for each in self.sub_processor_answers if each.verdict is verdict)

    def _one(self, kind: str, name: str, answers: Mapping[str, Answer]) -> Answer:
        if isinstance(name, str) and name in answers:
            return answers[name]
        if not isinstance(name, str):
            raise BadInput(f"expected the id of a {kind}, got {name!r}", "ids are texts")
        if name in self._regions:
            raise BadInput(f"{name!r} is a hosting region, not a {kind}", "ask may_live_in or region_verdict")
        if name in self._sub_processors:
            raise BadInput(f"{name!r} is a sub-processor, not a {kind}", "ask may_touch or verdict")
        raise UnknownName(kind, name, answers)


_KEYS = (
    *("format", "register", "tenant", "as_of", "region", "settled", "hosts", "to_disclose", "notices"),
    *("regions", "sub_processors", "sources"),
)
