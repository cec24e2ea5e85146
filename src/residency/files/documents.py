"""The second pass over what a register file says of its documents: versions, sources, contradictions, names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ..errors import quoted
from ..model.rows import Declared, Document, Source, Tension
from ..model.timeline import Span
from .register_schema import Clause, RegisterFile
from .register_schema import Document as DocumentShape
from .schema import Listed, Names
from .semantics import Meaning, together
from .structure import Path

__all__ = ["Documents"]


class _Stands(NamedTuple):
    """Whether clauses stand in documents, and whether all of these are replaced, or are later than the register."""

    somewhere: bool
    only_in_replaced: bool
    only_in_later: bool


_LATER = "published after the day from which the register speaks"


class Documents:
    """The documents of one register file."""

    def __init__(self, file: RegisterFile, meaning: Meaning) -> None:
        self.file, self.meaning = file, meaning
        self._replaced_by = {each.replaces: name for name, each in file.documents.items() if each.replaces is not None}
        self._circular = self._in_circles()
        self._prevails = {name: frozenset(row.prevails_over) for name, row in file.documents.items()}
        self._stands: dict[str, _Stands] = {}
        self._clauses_in: dict[str | None, list[str]] = {}
        for name, clause in file.clauses.items():
            self._clauses_in.setdefault(clause.document, []).append(name)
        self._resolving: dict[str, list[str]] = {}
        for name, reading in file.readings.items():
            if reading.resolves is not None:
                self._resolving.setdefault(reading.resolves.tension, []).append(name)

    # --- Versions ---

    def documents(self) -> Iterator[Document]:
        """The documents, each with the clauses that stand in it."""
        for name, row in self.file.documents.items():
            path: Path = ("documents", name)
            basis = self.meaning.names((*path, "basis"), "clause or reading", row.basis)
            if not basis and (row.prevails_over or row.effect is not None):
                self.meaning.fault(path, "what prevails, or has an effect, needs a basis", 'write basis = ["…"]')
            self._check_order(path, name, row)
            clauses = tuple(self._clauses_in.get(name, ()))
            stated = (row.at or "", row.published, row.replaces, row.prevails_over, row.effect)
            yield Document(name, row.name, *stated, basis, clauses)

    def _check_order(self, path: Path, name: str, row: DocumentShape) -> None:
        meaning, documents = self.meaning, self.file.documents
        meaning.names((*path, "prevails_over"), "document", row.prevails_over)
        for index, other in enumerate(row.prevails_over):
            if other == name or name in self._prevails.get(other, ()):
                message = f"documents {quoted(name)} and {quoted(other)} each prevail over the other"
                meaning.fault((*path, "prevails_over", index), message, "leave the one that gives way")
        if row.replaces is None:
            return
        meaning.name((*path, "replaces"), "document", row.replaces)
        if self._replaced_by[row.replaces] != name:
            message = f"document {row.replaces!r} is replaced twice"
            meaning.fault((*path, "replaces"), message, f"{self._replaced_by[row.replaces]!r} replaces it")
        if name in self._circular:
            meaning.fault((*path, "replaces"), f"document {name!r} replaces itself", "name the version before it")
            return
        replaced = documents.get(row.replaces)
        if replaced is not None and replaced.published and row.published and row.published < replaced.published:
            message = f"published {row.published} is before {replaced.published}, the day of the version it replaces"
            meaning.fault((*path, "published"), message, f"{row.replaces!r} is the later one, or a day is wrong")

    def _in_circles(self) -> set[str]:
        """The documents that replace themselves, by way of others; each is looked at once."""
        found: set[str] = set()
        seen: set[str] = set()
        for first in self.file.documents:
            chain: dict[str, None] = {}
            name: str | None = first
            while name is not None and name not in seen:
                seen.add(name)
                chain[name] = None
                row = self.file.documents.get(name)
                name = None if row is None else row.replaces
            if name in chain:
                names = list(chain)
                found.update(names[names.index(name) :])
        return found

    def check_listed(self, path: Path, row: Listed, span: Span) -> None:
        """A row that only the earlier versions have, or only the later ones, says until or from which day it holds."""
        documents, stands = self.file.documents, [self._stand(name) for name in row.basis]
        if self._circular or not any(each.somewhere for each in stands):
            return
        replaced = span.end is None and all(each.only_in_replaced for each in stands)
        added = span.start is None and all(each.only_in_later for each in stands)
        standing = self._standing(row.basis) if replaced or added else set[str]()
        if replaced:
            last = next((name for name in sorted(standing) if self._replaced_by[name] not in standing), min(standing))
            newer = self._replaced_by[last]
            message = f"a removed row without a day: its clauses stand in {last!r}, which {newer!r} replaces"
            day = documents[newer].published
            remedy = f"write until = {day or '…'}, the first day without it, or name its clause in {newer!r}"
            self.meaning.fault(path, message, remedy)
        if added:
            first = min(sorted(standing), key=lambda name: documents[name].published or date.min)
            day, older = documents[first].published, documents[first].replaces
            why = f"which replaces {older!r}" if older else _LATER
            message = f"an added row without a day: its clauses stand in {first!r}, {why}"
            remedy = f"write since = {day or '…'}, the first day with it, or name its clause in an earlier document"
            self.meaning.fault(path, message, remedy)

    def check_undated(self, path: Path, basis: Names) -> None:
        """What has no days of its own must stand in a document that the register may speak from."""
        standing = self._standing(basis)
        if standing and all(map(self._is_later, standing)):
            later = min(standing)
            row = self.file.documents[later]
            why = f"which bears no day and replaces {row.replaces!r}" if row.published is None else _LATER
            remedy = "name its clause in an earlier document, or let the register speak later"
            self.meaning.fault(path, f"its clauses stand in {later!r}, {why}", remedy)

    def _stand(self, name: str) -> _Stands:
        """Where the clauses of one name of a basis stand: many rows may rest on a reading of many clauses."""
        if name not in self._stands:
            standing = self._standing((name,))
            replaced, later = standing <= self._replaced_by.keys(), all(map(self._is_later, standing))
            self._stands[name] = _Stands(bool(standing), replaced, later)
        return self._stands[name]

    def _standing(self, basis: Names) -> set[str]:
        """The documents in which the clauses of a row stand."""
        found = {clause.document or "" for name in basis for clause in self._clauses(name)}
        return found & self.file.documents.keys()

    def _is_later(self, name: str) -> bool:
        """Whether the document came after the day from which the register speaks."""
        row, speaks = self.file.documents[name], self.file.speaks_from or self.file.published
        if row.published is None:
            return row.replaces is not None
        return speaks is not None and speaks < row.published

    def _clauses(self, name: str) -> Iterator[Clause]:
        reading = self.file.readings.get(name)
        for each in (name,) if reading is None else reading.of:
            if each in self.file.clauses:
                yield self.file.clauses[each]

    # --- Sources ---

    def sources(self) -> Iterator[Source]:
        """The clauses, then the readings."""
        documents = self.file.documents
        for name, clause in self.file.clauses.items():
            if clause.document is not None:
                self.meaning.name(("clauses", name, "document"), "document", clause.document)
            elif documents:
                message = "it is not said which document the clause stands in"
                self.meaning.fault(("clauses", name), message, 'write document = "…"')
            yield Source(name, "document", clause.says, at=self._at(name), quote=clause.quote)
        for name, reading in self.file.readings.items():
            of = self.meaning.names(("readings", name, "of"), "clause", reading.of, some=True)
            at = together([self._at(each) for each in of if each in self.file.clauses])
            if reading.resolves is not None:
                self.meaning.name(("readings", name, "resolves", "tension"), "tension", reading.resolves.tension)
            why = {"because": reading.because, "otherwise": reading.otherwise}
            yield Source(name, "reading", reading.says, at=at, **why, of=of)

    def _at(self, clause: str) -> str:
        row = self.file.clauses[clause]
        document = self.file.documents.get(row.document or "")
        return row.at if document is None else f"{document.name}, {row.at}"

    # --- Contradictions ---

    def tensions(self) -> Iterator[Tension]:
        """The tensions, each with the side that a reading takes."""
        for name, tension in self.file.tensions.items():
            path: Path = ("tensions", name, "sides")
            if len(tension.sides) < 2:
                self.meaning.fault(path, f"a tension has two sides or more, got {len(tension.sides)}")
            self.meaning.once(path, [side.is_ for side in tension.sides])
            sides = [(side.is_, self.meaning.basis((*path, index), side)) for index, side in enumerate(tension.sides)]
            resolution, basis = self._resolution(name)
            yield Tension(name, tension.says, tuple(sides), resolution, basis)

    def _resolution(self, tension: str) -> tuple[str | None, tuple[str, ...]]:
        found: tuple[str | None, tuple[str, ...]] = (None, ())
        for name in self._resolving.get(tension, ()):
            reading = self.file.readings[name]
            assert reading.resolves is not None
            path: Path = ("readings", name, "resolves")
            if found[0] is not None:
                message = f"tension {tension!r} is resolved twice"
                self.meaning.fault(path, message, f"reading {found[1][0]!r} resolves it; leave one of them")
            self.meaning.value((*path, "is"), "tension", tension, reading.resolves.is_)
            if found[0] is None and set(reading.of) <= self.file.clauses.keys():
                self._check_both_sides(path, name, tension)
            found = (reading.resolves.is_, (name,))
        return found

    def _check_both_sides(self, path: Path, name: str, tension: str) -> None:
        """Who resolves a contradiction has read every side of it, and an answer that cites the reading shows them."""
        read = {name, *self.file.readings[name].of}
        for side in self.file.tensions[tension].sides:
            if read.isdisjoint(side.basis):
                message = f"reading {name!r} resolves {tension!r} and reads no clause of its side {side.is_!r}"
                self.meaning.fault((*path, "tension"), message, "name one in of: answers then show both sides")

    # --- What a tenant may have ---

    def declared(self) -> Iterator[Declared]:
        """The features, consents, agreements, data categories and attributes."""
        file, basis = self.file, self.meaning.basis
        for name, feature in file.features.items():
            rests = basis(("features", name), feature)
            yield Declared("feature", name, feature.says, rests, on_by_default=feature.default == "on")
        for name, consent in file.consents.items():
            yield Declared("consent", name, consent.says, basis(("consents", name), consent))
        for name, agreement in file.agreements.items():
            yield Declared("agreement", name, agreement.says, basis(("agreements", name), agreement))
        for name, data in file.data.items():
            yield Declared("data", name, data.says, basis(("data", name), data))
        for name, attribute in file.attributes.items():
            path: Path = ("attributes", name)
            if not attribute.values:
                self.meaning.fault((*path, "values"), "expected at least one value, got an empty list")
            self.meaning.once((*path, "values"), attribute.values)
            yield Declared("attribute", name, attribute.says, basis(path, attribute), values=attribute.values)
