"""Reasons: trees of conditions that say why an answer is what it is, and the only logic by which they are combined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from attrs import field, frozen

from ..errors import BadInput, nearest
from ..model.register import Labels
from ..model.stored import CHANGED, Reader
from ..model.verdict import Verdict
from .messages import CATALOGUE, VERDICT_OF, say

__all__ = ["UNCONDITIONAL", "Note", "Reason", "all_of", "any_of", "leaf", "merged", "negated", "note", "wherever"]

About = tuple[tuple[str, str], ...]
NO_LABELS: Labels = {}
Cited = Callable[[tuple[str, ...]], tuple[str, ...]]
"""Function from a basis to the part of it that an answer cites."""
DEEPEST = 32
"""The most levels of a stored tree of reasons: deeper ones could not be copied, pickled or shown.

A condition of a file has at most 12 levels (`files.semantics`), and may hang on a region that is agreed under another
condition: the tree of an answer has at most four more than both.
"""


def merged(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Every id once, in the order of first mention."""
    return tuple(dict.fromkeys(chain.from_iterable(groups)))


@frozen
class Note:
    """A note: a sentence without a verdict (a notice, or what a permission does not say), and what it rests on."""

    code: str
    about: About = ()
    basis: tuple[str, ...] = ()
    _labels: Labels = field(default=NO_LABELS, alias="labels", eq=False, repr=False, kw_only=True)
    _stored: str | None = field(default=None, eq=False, repr=False, kw_only=True)

    @property
    def words(self) -> str:
        """The sentence; one read back from storage says what it said when it was stored."""
        return self._stored if self._stored is not None else say(self.code, dict(self.about), self._labels)

    def citing(self, cited: Cited) -> Note:
        """The same note, resting only on the part of its basis that `cited` gives."""
        return Note(self.code, self.about, cited(self.basis), labels=self._labels)

    def to_dict(self) -> dict[str, Any]:
        """The note as plain JSON types."""
        return {"code": self.code, "words": self.words, "about": dict(self.about), "basis": list(self.basis)}

    @classmethod
    def read(cls, reader: Reader) -> Note:
        """The note that `to_dict` wrote."""
        reader.only("code", "words", "about", "basis")
        _known_code(reader, _OF_NOTES)
        return cls(**_stored(reader))


@frozen(cache_hash=True)
class Reason:
    """A reason: one condition that decided, or several that are combined, with verdict and basis.

    `code` is stable and `about` its names (ids and days); `basis` holds the ids of the clauses, readings, house rules,
    facts and demands that it rests on; `parts` are the reasons that determined it: none for a single condition, and
    for a combination just those that decide its verdict.
    """

    verdict: Verdict
    code: str
    about: About = ()
    basis: tuple[str, ...] = ()
    parts: tuple[Reason, ...] = ()
    _labels: Labels = field(default=NO_LABELS, alias="labels", eq=False, repr=False, kw_only=True)
    _stored: str | None = field(default=None, eq=False, repr=False, kw_only=True)

    @property
    def words(self) -> str:
        """The sentence; one read back from storage says what it said when it was stored."""
        if self._stored is not None:
            return self._stored
        if self.parts:
            return "; ".join(dict.fromkeys(part.words for part in self.parts))
        return say(self.code, dict(self.about), self._labels)

    def leaves(self) -> Iterator[Reason]:
        """The single conditions that decided, from first to last, repetitions included."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()

    def resting_on(self, *basis: str) -> Reason:
        """The same reason where every condition rests on `basis` first, then on what it rested on."""
        if _is_unconditional(self):
            return self
        parts = tuple(part.resting_on(*basis) for part in self.parts)
        rests = merged((basis, self.basis))
        return Reason(self.verdict, self.code, self.about, rests, parts, labels=self._labels)

    def citing(self, cited: Cited) -> Reason:
        """The same reason, each of its conditions resting only on the part of its basis that `cited` gives."""
        if cited(self.basis) == self.basis:  # which includes all that its parts rest on
            return self
        parts = tuple(part.citing(cited) for part in self.parts)
        basis = merged(part.basis for part in parts) if parts else cited(self.basis)
        return Reason(self.verdict, self.code, self.about, basis, parts, labels=self._labels)

    @property
    def grounded(self) -> bool:
        """Whether each condition rests on a clause, a reading or a house rule, and not on a demand or a fact alone."""
        if self.parts:
            return all(part.grounded for part in self.parts)
        return _is_unconditional(self) or any(not name.startswith(_NO_GROUND) for name in self.basis)

    def to_dict(self) -> dict[str, Any]:
        """The tree as plain JSON types."""
        return {
            "verdict": self.verdict.value,
            "code": self.code,
            "words": self.words,
            "about": dict(self.about),
            "basis": list(self.basis),
            "parts": [part.to_dict() for part in self.parts],
        }

    @classmethod
    def read(cls, reader: Reader) -> Reason:
        """The tree that `to_dict` wrote; `BadInput` for one that combining reasons could not have made."""
        return cls._read(reader, DEEPEST)

    @classmethod
    def _read(cls, reader: Reader, levels: int) -> Reason:
        if levels == 0:
            root = reader.path.partition(".parts[")[0]
            raise BadInput(f"more than {DEEPEST} reasons stand within one another at {root}", CHANGED)
        reader.only("verdict", "code", "words", "about", "basis", "parts")
        _known_code(reader, _OF_REASONS)
        parts = tuple(cls._read(part, levels - 1) for part in reader.records("parts"))
        reason = cls(verdict=Verdict(reader.choice("verdict", _VERDICTS)), parts=parts, **_stored(reader))
        if "day" in CATALOGUE[reason.code].names:
            reader.record("about").day("day")
        least, most = _PARTS.get(reason.code, (0, 0))
        if len(parts) < least or (most is not None and len(parts) > most):
            expected = f"{least} at least" if most is None else least or "none"
            raise BadInput(f"{reason.code!r} at {reader.path} has {len(parts)} parts, expected {expected}", CHANGED)
        of_code, stored = VERDICT_OF.get(reason.code, reason.verdict), reason.verdict.value
        if reason.verdict is not of_code:
            message = f"the verdict {stored!r} at {reader.path} is not the {of_code.value!r} of {reason.code!r}"
            raise BadInput(message, CHANGED)
        if parts and reason.verdict is not _combined_verdict(reason):
            raise BadInput(f"the verdict {stored!r} at {reader.path} does not follow from its parts", CHANGED)
        return reason


_NO_GROUND = ("demand: ", "objection: ", "fact:")
"""The beginnings of the ids of a tenant's demands and objections, and of facts; no id of a register begins so."""
_PARTS: Mapping[str, tuple[int, int | None]] = {"all": (2, None), "any": (2, None), "not": (1, 1)}
"""The least and the greatest number of parts of a combination, by its code; a single condition has none."""
_OF_REASONS = {**dict.fromkeys(VERDICT_OF), **dict.fromkeys(_PARTS)}
_OF_NOTES = {code: None for code in CATALOGUE if code not in _OF_REASONS}


def _known_code(reader: Reader, known: Mapping[str, None]) -> None:
    """Raise `BadInput` for an unknown code: what is not understood could be a refusal."""
    code = reader.text("code")
    if code not in known:
        raise BadInput(f"unknown code {code!r} at {reader.path}.code", nearest(code, [*known]))


def _stored(reader: Reader) -> dict[str, Any]:
    """The stored attributes that `Note` and `Reason` share; the words stay those that were stored."""
    code, words = reader.text("code"), reader.text("words")
    about, basis = tuple(sorted(reader.names("about").items())), tuple(reader.texts("basis"))
    return {"code": code, "about": about, "basis": basis, "stored": words}


def note(code: str, basis: Iterable[str] = (), labels: Labels = NO_LABELS, /, **about: str) -> Note:
    """A note with these names; `labels` are what its words call the rows that it is about."""
    assert code in _OF_NOTES, code
    return Note(code, tuple(sorted(about.items())), tuple(basis), labels=labels)


def leaf(verdict: Verdict, code: str, basis: Iterable[str] = (), labels: Labels = NO_LABELS, /, **about: str) -> Reason:
    """A single condition with these names; `labels` are what its words call the rows that it is about."""
    assert VERDICT_OF[code] is verdict, code
    return Reason(verdict, code, tuple(sorted(about.items())), tuple(basis), labels=labels)


UNCONDITIONAL = Reason(Verdict.PERMITTED, "unconditional")
"""The reason of what holds without any condition; combinations leave it out."""


def _is_unconditional(reason: Reason) -> bool:
    return reason.code == UNCONDITIONAL.code


def all_of(reasons: Iterable[Reason]) -> Reason:
    """PERMITTED when all are, PROHIBITED when one is: the minimum, with the reasons that determine it."""
    return _combined("all", reasons)


def any_of(reasons: Iterable[Reason]) -> Reason:
    """PERMITTED when one is, PROHIBITED when all are: the maximum, with the reasons that determine it."""
    return _combined("any", reasons)


_DECIDE = {"all": Verdict.all_of, "any": Verdict.any_of}
_VERDICTS = tuple(verdict.value for verdict in Verdict)


def _combined(code: str, reasons: Iterable[Reason]) -> Reason:
    """The combination of the reasons that decide, nested ones of its code flattened; to look at the rest costs most."""
    listed = list(reasons)
    conditions = [reason for reason in listed if reason.code != "unconditional"]
    if not conditions if code == "all" else len(conditions) < len(listed):
        return UNCONDITIONAL
    if len(conditions) == 1:
        return conditions[0]
    verdict = _DECIDE[code]([reason.verdict for reason in conditions])
    deciding = [reason for reason in conditions if reason.verdict is verdict]
    if len(deciding) == 1:
        return deciding[0]
    parts = [part for reason in deciding for part in (reason.parts if reason.code == code else (reason,))]
    parts = _unique([part for part in parts if not _is_supposed(part)] or parts)
    if len(parts) == 1:
        return parts[0]
    return Reason(verdict, code, (), merged([part.basis for part in parts]), tuple(parts))


def _is_supposed(reason: Reason) -> bool:
    """Whether it only says in which region the data is supposed to be: beside other parts that is no reason."""
    if not reason.parts:
        return reason.code in ("region.supposed", "region.not-supposed")
    return all(_is_supposed(part) for part in reason.parts)


def _unique(parts: list[Reason]) -> list[Reason]:
    """Each part once. A few are compared with one another, since hashing a tree visits all of it (0.8 of the time)."""
    if len(parts) > _FEW:
        return list(dict.fromkeys(parts))
    unique: list[Reason] = []
    for part in parts:
        if part not in unique:
            unique.append(part)
    return unique


_FEW = 8


def _combined_verdict(reason: Reason) -> Verdict:
    """The verdict of a combination that follows from its parts."""
    if reason.code == "not":
        return ~reason.parts[0].verdict
    return _DECIDE[reason.code](part.verdict for part in reason.parts)


def negated(reason: Reason) -> Reason:
    """The opposite verdict, decided by the same condition."""
    if reason.code == "not":
        return reason.parts[0]
    return Reason(~reason.verdict, "not", (), reason.basis, (reason,))


def wherever(condition: Reason, kept: Reason) -> Reason:
    """`kept` where the condition holds; PERMITTED where it does not."""
    return kept if _is_unconditional(kept) else any_of([negated(condition), kept])
