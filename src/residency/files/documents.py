"""Documents of a register file, second pass: versions, clauses and readings, tensions, and what they declare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ..errors import quoted
from ..model.rows import FORMS, Declared, Document, Source, Tension
from ..model.timeline import Span
from .document_schema import Clause
from .document_schema import Document as DocumentShape
from .register_schema import RegisterFile
from .schema import Listed, Names
from .semantics import Semantics, locations_in_words
from .structure import Path

__all__ = ["Documents"]


class _Standing(NamedTuple):
    """Where clauses stand: in any document, only in replaced ones, only in ones later than the register."""

    anywhere: bool
    only_in_replaced: bool
    only_in_later: bool


_REMEDIES = {"url": 'write url = "https://…"', "sha256": "a SHA-256 has 64 hexadecimal digits, in small letters"}
_LATER = "published after the day from which the register speaks"


class Documents:
    """The documents of one register file."""

    def __init__(self, file: RegisterFile, semantics: Semantics) -> None:
        self.file, self.semantics = file, semantics
        self._replaced_by = {row.replaces: name for name, row in file.documents.items() if row.replaces is not None}
        self._cyclic = self._cyclic_documents()
        self._prevails = {name: frozenset(row.prevails_over) for name, row in file.documents.items()}
        self._standings: dict[str, _Standing] = {}
        self._only = next(iter(file.documents)) if len(file.documents) == 1 else None
        self._clauses_in: dict[str | None, list[str]] = {}
        for name, clause in file.clauses.items():
            self._clauses_in.setdefault(self._stands_in(clause), []).append(name)
        self._resolving: dict[str, list[str]] = {}
        for name, reading in file.readings.items():
            if reading.resolves is not None:
                self._resolving.setdefault(reading.resolves.tension, []).append(name)

    def _stands_in(self, clause: Clause) -> str | None:
        """The id of the document in which it stands; of the only one, where it does not say."""
        return clause.document or self._only

    # --- Versions ---

    def documents(self) -> Iterator[Document]:
        """The documents, each with the clauses that stand in it."""
        for name, row in self.file.documents.items():
            path: Path = ("documents", name)
            basis = self.semantics.names((*path, "basis"), "clause or reading", row.basis)
            if not basis and (row.prevails_over or row.effect is not None):
                self.semantics.fault(path, "what prevails, or has an effect, needs a basis", 'write basis = ["…"]')
            self._check_order(path, name, row)
            self._check_forms(path, row)
            clauses = tuple(self._clauses_in.get(name, ()))
            where = (row.at or "", row.url or "", row.sha256 or "")
            stated = (row.replaces, row.prevails_over, row.effect)
            yield Document(name, row.name, row.published, *where, *stated, basis, clauses)

    def _check_forms(self, path: Path, row: DocumentShape) -> None:
        for key, (expected, form) in FORMS.items():
            value = getattr(row, key)
            if value is not None and not re.fullmatch(form, value):
                self.semantics.fault((*path, key), f"expected {expected}, got {quoted(value)}", _REMEDIES[key])

    def _check_order(self, path: Path, name: str, row: DocumentShape) -> None:
        semantics, documents = self.semantics, self.file.documents
        semantics.names((*path, "prevails_over"), "document", row.prevails_over)
        for index, other in enumerate(row.prevails_over):
            if other == name or name in self._prevails.get(other, ()):
                message = f"documents {quoted(name)} and {quoted(other)} each prevail over the other"
                semantics.fault((*path, "prevails_over", index), message, "leave the one that gives way")
        if row.replaces is None:
            return
        semantics.name((*path, "replaces"), "document", row.replaces)
        if self._replaced_by[row.replaces] != name:
            message = f"document {row.replaces!r} is replaced twice"
            semantics.fault((*path, "replaces"), message, f"{self._replaced_by[row.replaces]!r} replaces it")
        if name in self._cyclic:
            semantics.fault((*path, "replaces"), f"document {name!r} replaces itself", "name the version before it")
            return
        replaced = documents.get(row.replaces)
        if replaced is not None and replaced.published and row.published and row.published < replaced.published:
            message = f"published {row.published} is before {replaced.published}, the day of the version it replaces"
            semantics.fault((*path, "published"), message, f"{row.replaces!r} is the later one, or a day is wrong")

    def _cyclic_documents(self) -> set[str]:
        """The documents that replace themselves, by way of others; each is visited once."""
        cyclic: set[str] = set()
        visited: set[str] = set()
        for start in self.file.documents:
            chain: dict[str, None] = {}
            name: str | None = start
            while name is not None and name not in visited:
                visited.add(name)
                chain[name] = None
                row = self.file.documents.get(name)
                name = None if row is None else row.replaces
            if name in chain:
                names = list(chain)
                cyclic.update(names[names.index(name) :])
        return cyclic

    def check_listed(self, path: Path, row: Listed, span: Span) -> None:
        """Note a fault where a row of replaced versions alone has no `until`, or one of later ones alone no `since`."""
        documents, standings = self.file.documents, [self._standing_of(name) for name in row.basis]
        if self._cyclic or not any(standing.anywhere for standing in standings):
            return
        replaced = span.end is None and all(standing.only_in_replaced for standing in standings)
        added = span.start is None and all(standing.only_in_later for standing in standings)
        cited = self._documents_of(row.basis) if replaced or added else set[str]()
        if replaced:
            last = next((name for name in sorted(cited) if self._replaced_by[name] not in cited), min(cited))
            newer = self._replaced_by[last]
            message = f"a removed row without a day: its clauses stand in {last!r}, which {newer!r} replaces"
            day = documents[newer].published
            remedy = f"write until = {day or '…'}, the first day without it, or name its clause in {newer!r}"
            self.semantics.fault(path, message, remedy)
        if added:
            first = min(sorted(cited), key=lambda name: documents[name].published or date.min)
            day, older = documents[first].published, documents[first].replaces
            why = f"which replaces {older!r}" if older else _LATER
            message = f"an added row without a day: its clauses stand in {first!r}, {why}"
            remedy = f"write since = {day or '…'}, the first day with it, or name its clause in an earlier document"
            self.semantics.fault(path, message, remedy)

    def check_undated(self, path: Path, basis: Names) -> None:
        """Note a fault where what has no days of its own stands only in documents later than the register."""
        cited = self._documents_of(basis)
        if cited and all(map(self._is_later, cited)):
            later = min(cited)
            row = self.file.documents[later]
            why = f"which bears no day and replaces {row.replaces!r}" if row.published is None else _LATER
            remedy = "name its clause in an earlier document, or let the register speak later"
            self.semantics.fault(path, f"its clauses stand in {later!r}, {why}", remedy)

    def _standing_of(self, name: str) -> _Standing:
        """Where the clauses of one name of a basis stand; kept, for many rows may rest on a reading of many clauses."""
        if name not in self._standings:
            cited = self._documents_of((name,))
            replaced, later = cited <= self._replaced_by.keys(), all(map(self._is_later, cited))
            self._standings[name] = _Standing(bool(cited), replaced, later)
        return self._standings[name]

    def _documents_of(self, basis: Names) -> set[str]:
        """The documents in which the clauses of a basis stand."""
        names = {self._stands_in(clause) or "" for name in basis for clause in self._clauses(name)}
        return names & self.file.documents.keys()

    def _is_later(self, name: str) -> bool:
        """Whether the document came after the day from which the register speaks."""
        row, speaks = self.file.documents[name], self.file.speaks_from or self.file.published
        if row.published is None:
            return row.replaces is not None
        return speaks is not None and speaks < row.published

    def _clauses(self, name: str) -> Iterator[Clause]:
        reading = self.file.readings.get(name)
        for clause in (name,) if reading is None else reading.of:
            if clause in self.file.clauses:
                yield self.file.clauses[clause]

    # --- Sources ---

    def sources(self) -> Iterator[Source]:
        """The sources: the clauses, then the readings."""
        documents = self.file.documents
        for name, clause in self.file.clauses.items():
            if clause.document is not None:
                self.semantics.name(("clauses", name, "document"), "document", clause.document)
            elif len(documents) > 1:
                message = "it is not said which document the clause stands in"
                self.semantics.fault(("clauses", name), message, 'write document = "…"')
            yield Source(name, "document", clause.says, at=self._at(name), quote=clause.quote)
        for name, reading in self.file.readings.items():
            clauses = self.semantics.names(("readings", name, "of"), "clause", reading.of, required=True)
            at = locations_in_words([self._at(name) for name in clauses if name in self.file.clauses])
            if reading.resolves is not None:
                self.semantics.name(("readings", name, "resolves", "tension"), "tension", reading.resolves.tension)
            why = {"because": reading.because, "otherwise": reading.otherwise}
            yield Source(name, "reading", reading.says, at=at, **why, of=clauses)

    def _at(self, clause: str) -> str:
        """Where it stands; in which document, where there are several."""
        row = self.file.clauses[clause]
        document = self.file.documents.get(row.document or "") if self._only is None else None
        return row.at if document is None else f"{document.name}, {row.at}"

    # --- Contradictions ---

    def tensions(self) -> Iterator[Tension]:
        """The tensions, each with the side that a reading takes."""
        for name, tension in self.file.tensions.items():
            path: Path = ("tensions", name, "sides")
            if len(tension.sides) < 2:
                self.semantics.fault(path, f"a tension has two sides or more, got {len(tension.sides)}")
            self.semantics.check_unique(path, [side.is_ for side in tension.sides])
            sides = [(side.is_, self.semantics.basis((*path, index), side)) for index, side in enumerate(tension.sides)]
            resolution, basis = self._resolution(name)
            yield Tension(name, tension.says, tuple(sides), resolution, basis)

    def _resolution(self, tension: str) -> tuple[str | None, tuple[str, ...]]:
        resolution: tuple[str | None, tuple[str, ...]] = (None, ())
        for name in self._resolving.get(tension, ()):
            reading = self.file.readings[name]
            assert reading.resolves is not None
            path: Path = ("readings", name, "resolves")
            if resolution[0] is not None:
                message = f"tension {tension!r} is resolved twice"
                self.semantics.fault(path, message, f"reading {resolution[1][0]!r} resolves it; leave one of them")
            self.semantics.value((*path, "is"), "tension", tension, reading.resolves.is_)
            if resolution[0] is None and set(reading.of) <= self.file.clauses.keys():
                self._check_both_sides(path, name, tension)
            resolution = (reading.resolves.is_, (name,))
        return resolution

    def _check_both_sides(self, path: Path, name: str, tension: str) -> None:
        """Note a fault where a reading that resolves a tension reads not every side: answers that cite it show them."""
        read = {name, *self.file.readings[name].of}
        for side in self.file.tensions[tension].sides:
            if read.isdisjoint(side.basis):
                message = f"reading {name!r} resolves {tension!r} and reads no clause of its side {side.is_!r}"
                self.semantics.fault((*path, "tension"), message, "name one in of: answers then show both sides")

    # --- What a tenant may have ---

    def declared(self) -> Iterator[Declared]:
        """What the file declares: features, consents, agreements, data categories and attributes."""
        file, basis = self.file, self.semantics.basis
        for name, feature in file.features.items():
            on = feature.default == "on"
            yield Declared("feature", name, feature.says, basis(("features", name), feature), on_by_default=on)
        for name, consent in file.consents.items():
            yield Declared("consent", name, consent.says, basis(("consents", name), consent))
        for name, agreement in file.agreements.items():
            yield Declared("agreement", name, agreement.says, basis(("agreements", name), agreement))
        for name, data in file.data.items():
            yield Declared("data", name, data.says, basis(("data", name), data))
        for name, attribute in file.attributes.items():
            path: Path = ("attributes", name)
            if not attribute.values:
                self.semantics.fault((*path, "values"), "expected at least one value, got an empty list")
            self.semantics.check_unique((*path, "values"), attribute.values)
            yield Declared("attribute", name, attribute.says, basis(path, attribute), values=attribute.values)
