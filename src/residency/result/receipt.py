"""A receipt: the small stored form of a decision, in canonical bytes: record, day, register, verdicts and codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

from attrs import frozen

from ..errors import BadInput, UnknownName, nearest, quoted
from ..model.canonical import canonical, from_canonical
from ..model.rows import ACTIVITIES, UNSTATED_ACTIVITY
from ..model.stored import Reader, first_difference
from ..model.tenant import Tenant, by_text
from ..model.verdict import Verdict
from .answers import DIGESTS, Answers, Digests
from .evidence import tenant_record
from .reason import OF_REASONS

__all__ = ["FORMAT", "KIND", "Receipt", "Why", "receipt_of"]

Bytes = bytes
FORMAT, KIND = 1, "residency.receipt"
LONGEST = 1_000_000
"""How many bytes are read at most: the largest receipt of a real register has eight thousand."""
CHANGED = "the receipt was changed after it was written"
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
    _checked(Reader.of(record))
    return record


def _checked(reader: Reader) -> None:
    """Raise `BadInput` where the record is not as a receipt's is."""
    reader.only("answers", "as_of", "format", "kind", "library", "register", "tenant")
    kind, number = reader.value["kind"], reader.value["format"]
    if kind != KIND or type(number) is not int or number != FORMAT:
        expected = f"this version reads {KIND!r}, format {FORMAT}"
        raise BadInput(f"expected a receipt, got {quoted(kind)}, format {quoted(number)}", expected)
    tenant = Tenant.read(reader.record("tenant"))
    difference = first_difference(reader.value["tenant"], tenant_record(tenant), "$.tenant")
    if difference is not None:
        path, stored, written = difference
        raise BadInput(f"the stored {quoted(stored)} at {path} would be written {quoted(written)}", CHANGED)
    reader.day("as_of")
    reader.text("library")
    register, answers = reader.record("register"), reader.record("answers")
    register.only("id", *DIGESTS)
    register.texts_by_name()
    answers.only("engagements", "told", optional=_ANSWERS)
    lists = {key: answers.texts(key) for key in ("hosts", "to_disclose") if key in answers.value}
    for key in ("engagements", "told", *(key for key in ("region", "settled") if key in answers.value)):
        answers.text(key)
    announced = answers.record("announced") if "announced" in answers.value else Reader({})
    for name in announced.value:
        if announced.text(name):
            announced.day(name)
    regions, parties = (_check_whys(answers, key, tenant) for key in ("regions", "sub_processors"))
    _check_ids(answers, "region", regions.get("permitted", ()), [answers.value.get("region")])
    _check_ids(
        answers, "settled", [name for names in regions.values() for name in names], [answers.value.get("settled")]
    )
    _check_ids(answers, "hosts", parties.get("permitted", ()), lists.get("hosts", ()))
    known = [name for names in parties.values() for name in names]
    _check_ids(answers, "to_disclose", known, lists.get("to_disclose", ()))
    _check_ids(answers, "announced", known, announced.value)


_ANSWERS = ("region", "settled", "hosts", "to_disclose", "announced", "regions", "sub_processors")


def _check_ids(answers: Reader, key: str, known: Iterable[str], named: Iterable[str | None]) -> None:
    for name in named:
        if name is not None and name not in known:
            raise UnknownName("id", name, known, f" at {answers.path}.{key}")


def _check_whys(answers: Reader, kind: str, tenant: Tenant) -> Mapping[str, list[str]]:
    """The ids of answers of a kind by verdict; `BadInput` where one is not as it is written, or has two verdicts."""
    found: dict[str, list[str]] = {}
    verdicts = answers.record(kind) if kind in answers.value else Reader({})
    for verdict in verdicts.value:
        if verdict not in _VERDICTS:
            raise BadInput(f"unknown verdict {quoted(verdict)} at {verdicts.path}", nearest(verdict, _VERDICTS))
        for name in verdicts.keys(verdict):
            _check_why(verdicts.record(verdict).value[name], tenant, f"{verdicts.path}.{verdict}.{name}")
            found.setdefault(verdict, []).append(name)
    names = [name for listed in found.values() for name in listed]
    if len(names) != len(set(names)):
        raise BadInput(f"an id has two verdicts at {verdicts.path}", CHANGED)
    return found


def _check_why(parts: object, tenant: Tenant, path: str) -> None:
    """Raise `BadInput` where it is not the codes, the basis and perhaps the activities of an answer."""
    if not isinstance(parts, list) or not 2 <= len(parts) <= 3:
        raise BadInput(f"expected codes, a basis and perhaps activities, got {quoted(parts)} at {path}", CHANGED)
    reader = Reader(dict(zip(("codes", "basis", "activities"), parts, strict=False)), path)
    for code in reader.texts("codes"):
        if code.partition(":")[0] not in OF_REASONS:
            raise BadInput(f"unknown code {quoted(code)} at {path}", nearest(code, [*OF_REASONS]))
    for each in reader.elements("basis"):
        if isinstance(each.value[""], str):
            each.text("")
        else:
            each.place("", len(tenant.restrictions))
    for activity in reader.texts("activities") if len(parts) == 3 else ():
        if activity not in (*ACTIVITIES, UNSTATED_ACTIVITY):
            raise BadInput(f"unknown activity {quoted(activity)} at {path}", nearest(activity, ACTIVITIES))


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
    demands = {restriction.source: place for place, restriction in enumerate(by_text(tenant.restrictions))}
    summary = canonical(answers.summary(demands)) if demands else answers.summary_bytes
    written = b'{"answers":' + summary + b"," + canonical(record)[1:]  # "answers" sorts before all other keys
    return Receipt(written)
