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
from .messages import CATALOGUE, VERDICT_OF, About, say

__all__ = [
    "DEEPEST",
    "OF_NOTES",
    "OF_REASONS",
    "UNCONDITIONAL",
    "Note",
    "Reason",
    "about_to_dict",
    "all_of",
    "any_of",
    "combination",
    "known_code",
    "leaf",
    "merged",
    "negated",
    "note",
    "wherever",
]

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
    """A note: a sentence without a verdict (a notice, or what a permission does not say), and what it rests on.

    How it is said is no part of equality: `labels` are what its words call the rows that it is about, `sentence` and
    `stored` the sentence and the words that it had when it was stored.
    """

    code: str
    about: About = ()
    basis: tuple[str, ...] = ()
    labels: Labels = field(default=NO_LABELS, eq=False, repr=False, kw_only=True)
    sentence: str | None = field(default=None, eq=False, repr=False, kw_only=True)
    stored: str | None = field(default=None, eq=False, repr=False, kw_only=True)

    @property
    def words(self) -> str:
        """The sentence; one read back from storage says what it said when it was stored."""
        return self.stored if self.stored is not None else say(self.code, self.about, self.labels, self.sentence)

    def named(self, key: str) -> str:
        """The one id, day or text of that name; empty where it has none, or several."""
        return _named(self.about, key)

    def citing(self, cited: Cited) -> Note:
        """The same note, resting only on the part of its basis that `cited` gives."""
        return Note(self.code, self.about, cited(self.basis), labels=self.labels)

    def to_dict(self) -> dict[str, Any]:
        """The note as plain JSON types."""
        return {"code": self.code, "words": self.words, "about": about_to_dict(self.about), "basis": list(self.basis)}


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
    labels: Labels = field(default=NO_LABELS, eq=False, repr=False, kw_only=True)
    sentence: str | None = field(default=None, eq=False, repr=False, kw_only=True)
    stored: str | None = field(default=None, eq=False, repr=False, kw_only=True)

    @property
    def words(self) -> str:
        """The sentence; one read back from storage says what it said when it was stored."""
        if self.stored is not None:
            return self.stored
        if self.parts:
            return "; ".join(dict.fromkeys(part.words for part in self.parts))
        return say(self.code, self.about, self.labels, self.sentence)

    def named(self, key: str) -> str:
        """The one id, day or text of that name; empty where it has none, or several."""
        return _named(self.about, key)

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
        return Reason(self.verdict, self.code, self.about, rests, parts, labels=self.labels)

    def citing(self, cited: Cited) -> Reason:
        """The same reason, each of its conditions resting only on the part of its basis that `cited` gives."""
        if cited(self.basis) == self.basis:  # which includes all that its parts rest on
            return self
        parts = tuple(part.citing(cited) for part in self.parts)
        basis = merged(part.basis for part in parts) if parts else cited(self.basis)
        return Reason(self.verdict, self.code, self.about, basis, parts, labels=self.labels)

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
            "about": about_to_dict(self.about),
            "basis": list(self.basis),
            "parts": [part.to_dict() for part in self.parts],
        }


_NO_GROUND = ("demand: ", "objection: ", "fact:")
"""The beginnings of the ids of a tenant's demands and objections, and of facts; no id of a register begins so."""
_PARTS: Mapping[str, tuple[int, int | None]] = {"all": (2, None), "any": (2, None), "not": (1, 1)}
"""The least and the greatest number of parts of a combination, by its code."""
OF_REASONS = {**dict.fromkeys(VERDICT_OF), **dict.fromkeys(_PARTS)}
"""The codes of reasons."""
OF_NOTES = {code: None for code in CATALOGUE if code not in OF_REASONS}
"""The codes of notes."""


def known_code(reader: Reader, known: Mapping[str, None]) -> None:
    """Raise `BadInput` for an unknown stored code: what is not understood could be a refusal."""
    code = reader.text("code")
    if code not in known:
        raise BadInput(f"unknown code {code!r} at {reader.path}.code", nearest(code, [*known]))


def _named(about: About, key: str) -> str:
    value = dict(about).get(key, "")
    return value if isinstance(value, str) else ""


def about_to_dict(about: About) -> dict[str, str | list[str]]:
    """The names as plain JSON types."""
    return {key: value if isinstance(value, str) else list(value) for key, value in about}


def note(code: str, basis: Iterable[str] = (), labels: Labels = NO_LABELS, /, **about: str | tuple[str, ...]) -> Note:
    """A note with these names; `labels` are what its words call the rows that it is about."""
    assert code in OF_NOTES, code
    return Note(code, tuple(sorted(about.items())), tuple(basis), labels=labels)


def leaf(
    verdict: Verdict,
    code: str,
    basis: Iterable[str] = (),
    labels: Labels = NO_LABELS,
    /,
    **about: str | tuple[str, ...],
) -> Reason:
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


def combination(code: str, parts: tuple[Reason, ...], path: str) -> Reason:
    """The stored combination at `path`; `BadInput` for one that combining reasons could not have made."""
    least, most = _PARTS[code]
    if len(parts) < least or (most is not None and len(parts) > most):
        expected = f"{least} at least" if most is None else least
        raise BadInput(f"{code!r} at {path} has {len(parts)} parts, expected {expected}", CHANGED)
    if len({part.verdict for part in parts}) > 1:
        raise BadInput(f"{code!r} at {path} has parts of other verdicts than its own", CHANGED)
    if code == "not":
        return negated(parts[0])
    return Reason(parts[0].verdict, code, (), merged(part.basis for part in parts), parts)


def negated(reason: Reason) -> Reason:
    """The opposite verdict, decided by the same condition."""
    if reason.code == "not":
        return reason.parts[0]
    return Reason(~reason.verdict, "not", (), reason.basis, (reason,))


def wherever(condition: Reason, kept: Reason) -> Reason:
    """`kept` where the condition holds; PERMITTED where it does not."""
    return kept if _is_unconditional(kept) else any_of([negated(condition), kept])
