"""A receipt: the small stored form of a decision, in canonical bytes: record, day, register, verdicts and codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

from attrs import frozen

from ..errors import BadInput, UnknownName, nearest, quoted
from ..model.body import core_schema
from ..model.canonical import canonical, from_canonical
from ..model.rows import ACTIVITIES, UNSTATED_ACTIVITY
from ..model.stored import RECEIPT_CHANGED, Reader, check_as_written
from ..model.tenant import Tenant, by_text, restriction_places
from ..model.verdict import Verdict
from .answer import UNSAID
from .answers import DIGESTS, Answers, Digests
from .evidence import stated, tenant_record
from .messages import VERDICT_OF

__all__ = ["CODES", "FORMAT", "KIND", "Receipt", "Why", "receipt_of"]

Bytes = bytes
FORMAT, KIND = 1, "residency.receipt"
LONGEST = 1_000_000
"""How many bytes are read at most: the largest receipt of a real register has eight thousand."""
CODES = VERDICT_OF.keys() - UNSAID
"""The codes that a receipt keeps."""
_VERDICTS = tuple(verdict.value.lower() for verdict in reversed(Verdict))


@frozen
class Why:
    """Why an answer is what it is, as a receipt keeps it: codes, each with what it is of, and the ids of sources.

    `activities` are those for which a sub-processor is permitted.
    """

    verdict: Verdict
    codes: tuple[str, ...]
    basis: tuple[str, ...]
    activities: tuple[str, ...] = ()


@frozen(repr=False)
class Receipt:
    """A receipt: which answers a register gave to a tenant's record on a day; `Receipt.read` takes its bytes back.

    Its `bytes` are canonical JSON (RFC 8785): the same decision has the same bytes everywhere, so that equal bytes are
    an equal decision. They hold no words, names or quotes: `residency.receipts.replay` gives those again from the
    register. Nothing in them shows that they were not made up: sign them, or keep their `digest` elsewhere.
    """

    bytes: Bytes

    @classmethod
    def read(cls, stored: Bytes) -> Receipt:
        """The receipt that has these bytes.

        Raises `BadInput` with the path where they are no receipt, or are not canonical.
        """
        receipt = cls(stored)
        receipt._record  # noqa: B018 (whether it can be read)
        return receipt

    def to_dict(self) -> dict[str, Any]:
        """The receipt as plain JSON types."""
        return dict(self._record)

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> Receipt:
        """The receipt of plain JSON types; raises as `read` does."""
        return cls.read(canonical(mapping))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """How pydantic reads and writes it: as `from_dict` and `to_dict` do."""
        return core_schema(cls)

    def __repr__(self) -> str:
        return f"<Receipt {self.digest[:12]} for {self.tenant!r} as of {self.as_of}: region {self.region!r}>"

    @cached_property
    def _record(self) -> Mapping[str, Any]:
        return _read(self.bytes)

    @property
    def digest(self) -> str:
        """The SHA-256 of its bytes, as 64 hexadecimal digits."""
        return sha256(self.bytes).hexdigest()

    @cached_property
    def tenant(self) -> Tenant:
        """The record asked about."""
        return Tenant.read(Reader(self._record["tenant"], "$.tenant"))

    @cached_property
    def as_of(self) -> date:
        """The day asked about."""
        return date.fromisoformat(self._record["as_of"])

    @property
    def library(self) -> str:
        """The version of the library that answered."""
        version: str = self._record["library"]
        return version

    @property
    def register_id(self) -> str:
        """The id of the register that answered."""
        name: str = self._record["register"]["id"]
        return name

    @property
    def digests(self) -> Digests:
        """The digests of the register that answered."""
        register = self._record["register"]
        return Digests(register["digest"], register["words"], register["facts"], register["countries"])

    @property
    def answers(self) -> Mapping[str, Any]:
        """What was answered, as plain JSON types."""
        answers: Mapping[str, Any] = self._record["answers"]
        return answers

    @property
    def region(self) -> str | None:
        """The one hosting region where the data lives; None if none is settled and permitted."""
        region: str | None = self.answers.get("region")
        return region

    @property
    def settled(self) -> str | None:
        """The hosting region that placement settles."""
        settled: str | None = self.answers.get("settled", self.region)
        return settled

    @property
    def hosts(self) -> tuple[str, ...]:
        """The ids of the sub-processors permitted to store the data, sorted."""
        return tuple(self.answers.get("hosts", ()))

    @property
    def to_disclose(self) -> tuple[str, ...]:
        """The ids to show a customer, sorted."""
        return tuple(self.answers.get("to_disclose", ()))

    @property
    def announced(self) -> Mapping[str, date | None]:
        """The ids that are listed for something not yet authorised, each with the first day on which it is."""
        days = self.answers.get("announced", {})
        return {name: date.fromisoformat(day) if day else None for name, day in days.items()}

    @cached_property
    def regions(self) -> Mapping[str, Why]:
        """The answer on each hosting region, by id."""
        return self._whys("regions")

    @cached_property
    def sub_processors(self) -> Mapping[str, Why]:
        """The answer on each sub-processor, by id."""
        return self._whys("sub_processors")

    @property
    def verdicts(self) -> Mapping[str, Verdict]:
        """The verdict on each sub-processor touching the data, by id."""
        return {name: why.verdict for name, why in self.sub_processors.items()}

    def _whys(self, key: str) -> Mapping[str, Why]:
        demands = [restriction.source for restriction in by_text(self.tenant.restrictions)]
        found = {
            name: Why(Verdict(verdict.upper()), *_parts(parts, demands))
            for verdict, answers in self.answers.get(key, {}).items()
            for name, parts in answers.items()
        }
        return dict(sorted(found.items()))


# --- Read back ---


def _read(stored: bytes) -> Mapping[str, Any]:
    if not isinstance(stored, bytes):
        raise BadInput(f"expected the bytes of a receipt, got {quoted(stored)}", "pass what receipt.bytes holds")
    if len(stored) > LONGEST:
        raise BadInput(f"expected a receipt, got {len(stored):,} bytes", f"a receipt has {LONGEST:,} at most")
    try:
        record: Mapping[str, Any] = from_canonical(stored)
    except ValueError as error:  # of which BadInput is one: it holds a number that no receipt has
        message = f"expected the canonical JSON of a receipt, got {quoted(stored)}: {error}"
        raise BadInput(message, "pass the bytes as they were stored") from None
    _checked(Reader.of(record, remedy=RECEIPT_CHANGED))
    return record


def _checked(reader: Reader) -> None:
    """Raise `BadInput` where the record is not as a receipt is written."""
    reader.only("answers", "as_of", "format", "kind", "library", "register", "tenant")
    kind, number = reader.value["kind"], reader.value["format"]
    if kind != KIND or type(number) is not int or number != FORMAT:
        expected = f"this version reads {KIND!r}, format {FORMAT}"
        raise BadInput(f"expected a receipt, got {quoted(kind)}, format {quoted(number)}", expected)
    tenant = Tenant.read(reader.record("tenant"))
    reader.day("as_of")
    reader.text("library")
    register = reader.record("register")
    register.only("id", *DIGESTS)
    register.texts_by_name()
    demands = [restriction.source for restriction in by_text(tenant.restrictions)]
    answers = _answers(reader.record("answers"), demands)
    check_as_written(reader.value, {**reader.value, "tenant": tenant_record(tenant), "answers": answers}, reader.remedy)


_LISTED = ("hosts", "to_disclose", "announced", "regions", "sub_processors")


def _answers(reader: Reader, demands: Sequence[str]) -> dict[str, Any]:
    """The answers as they are written: who stores follows from the rest, and nobody is left out who is to be told."""
    reader.only("engagements", "told", optional=("region", "settled", *_LISTED))
    texts = {key: reader.text(key) for key in reader.value if key not in _LISTED}
    regions, parties = (_by_verdict(reader, key, demands) for key in ("regions", "sub_processors"))
    permitted, left_open = (parties.get(verdict, {}) for verdict in ("permitted", "undetermined"))
    days = reader.record("announced") if "announced" in reader.value else Reader({})
    announced = {name: days.day(name).isoformat() if days.text(name) else "" for name in days.value}
    named = {*(reader.texts("to_disclose") if "to_disclose" in reader.value else ()), *announced}
    known = {name for names in parties.values() for name in names}
    for name in sorted(named - known):
        raise UnknownName("sub-processor", name, known, f" at {reader.path}.to_disclose")
    settled = {name for verdict, names in regions.items() if verdict != "permitted" for name in names}
    for key, kind, choices in (
        ("region", "permitted hosting region", regions.get("permitted", {}).keys()),
        ("settled", "hosting region that is not permitted", settled),
    ):
        if key in texts and texts[key] not in choices:
            raise UnknownName(kind, texts[key], choices, f" at {reader.path}.{key}")
    return stated(
        {
            **texts,
            "settled": None if "region" in texts else texts.get("settled"),
            "hosts": sorted(name for name, (*_, activities) in permitted.items() if "hosting" in activities),
            "to_disclose": sorted({*named, *permitted, *left_open}),
            "announced": announced,
            "regions": regions,
            "sub_processors": parties,
        }
    )


def _by_verdict(answers: Reader, kind: str, demands: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The answers of a kind by verdict, as they are written; `BadInput` where an id has two verdicts."""
    verdicts = answers.record(kind) if kind in answers.value else Reader({})
    found: dict[str, dict[str, Any]] = {}
    for verdict in verdicts.value:
        if verdict not in _VERDICTS:
            raise BadInput(f"unknown verdict {quoted(verdict)} at {verdicts.path}", nearest(verdict, _VERDICTS))
        keys = ("codes", "basis", *(("activities",) if (kind, verdict) == ("sub_processors", "permitted") else ()))
        found |= {verdict: {name: _parts_as_written(each, keys, demands) for name, each in verdicts.lists(verdict)}}
    names = [name for listed in found.values() for name in listed]
    if len(names) != len(set(names)):
        raise BadInput(f"an id has two verdicts at {verdicts.path}", answers.remedy)
    return stated(found)


def _parts_as_written(parts: Reader, keys: Sequence[str], demands: Sequence[str]) -> list[Any]:
    """The codes, basis and activities of an answer, each sorted and once; `BadInput` where one is none."""
    if len(parts.value[""]) != len(keys):
        raise BadInput(f"expected {' and '.join(keys)}, got {quoted(parts.value[''])} at {parts.path}", parts.remedy)
    reader = Reader(dict(zip(keys, parts.value[""], strict=True)), parts.path, parts.remedy)
    codes, activities = (set(reader.texts(key)) if key in keys else set() for key in ("codes", "activities"))
    for code in sorted(codes):
        if code.partition(":")[0] not in CODES:
            raise BadInput(f"unknown code {quoted(code)} at {parts.path}.codes", nearest(code, sorted(CODES)))
    for activity in sorted(activities - {*ACTIVITIES, UNSTATED_ACTIVITY}):
        raise UnknownName("activity", activity, ACTIVITIES, f" at {parts.path}.activities")
    basis = {
        each.text("") if isinstance(each.value[""], str) else each.place("", len(demands))
        for each in reader.elements("basis")
    }
    by_name = sorted(basis, key=lambda name: name if isinstance(name, str) else demands[name])
    lists = {"codes": sorted(codes), "basis": by_name, "activities": sorted(activities)}
    return [lists[key] for key in keys]


def _parts(parts: Any, demands: list[str]) -> Iterator[tuple[str, ...]]:
    codes, basis, *activities = parts
    yield tuple(codes)
    yield tuple(name if isinstance(name, str) else demands[name] for name in basis)
    yield tuple(activities[0]) if activities else ()


# --- Written ---


def receipt_of(tenant: Tenant, day: date, answers: Answers) -> Receipt:
    """The receipt of a decision; `BadInput` where it was stored in format 1, which has no digests."""
    digests = answers.around.digests(tenant)
    if digests is None:
        raise BadInput("a decision that was stored in format 1 has no receipt", "ask the register again")
    record = {
        "as_of": day.isoformat(),
        "format": FORMAT,
        "kind": KIND,
        "library": answers.around.library,
        "register": {"id": answers.heading.register_id, **digests.to_dict()},
        "tenant": tenant_record(tenant),
    }
    demands = restriction_places(tenant)
    summary = canonical(answers.summary(demands)) if demands else answers.summary_bytes
    written = b'{"answers":' + summary + b"," + canonical(record)[1:]  # "answers" sorts before all other keys
    return Receipt(written)
