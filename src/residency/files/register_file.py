"""Registers from TOML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from os import PathLike
from typing import Any

from attrs import evolve

from ..places import Place
from ..register import (
    CustomerRegion,
    Declared,
    Engagement,
    HostingRegion,
    Placement,
    Record,
    Register,
    ResidencyException,
    Source,
    SubProcessor,
    Tension,
)
from ..timeline import ALWAYS
from . import shapes
from .facts import fact_sources, groupings
from .meaning import Meaning, together
from .raw import read
from .shapes import RegisterFile
from .strict import AS_THE_REGION, Path, shaped, written

__all__ = ["load_register", "register_of"]


def load_register(source: str | PathLike[str]) -> Register:
    """See `residency.load_register`."""
    called, content = read(source, "registers")
    return register_of(content, called)


def register_of(content: dict[str, Any], called: str) -> Register:
    """The register that a file of this content holds; `called` is the file's name in messages."""
    return _Reading(called, content).register()


class _Reading:
    """One register file on its way to a `Register`."""

    def __init__(self, called: str, content: dict[str, Any]) -> None:
        self.file = shaped(content, RegisterFile, called)
        self.meaning = Meaning(called, content, {grouping.id: grouping for grouping in groupings()})
        self._declare()
        self.hosting_regions = {region.id: region for region in self._hosting_regions()}

    def register(self) -> Register:
        """The register, or `BadFile`."""
        file, meaning = self.file, self.meaning
        if file.checked is not None and file.checked < file.published:
            message = f"checked {file.checked} is before published {file.published}"
            meaning.fault(("checked",), message, "leave it out, or mend it")
        values: dict[str, Any] = {
            "id": meaning.id(("id",), file.id),
            "vendor": file.vendor,
            "service": file.service or file.vendor,
            "published": file.published,
            "speaks_from": file.speaks_from or file.published,
            "checked": file.checked or file.published,
            "basis": meaning.basis((), file),
            "placement": self._placement(),
            "hosting_regions": tuple(self.hosting_regions.values()),
            "customer_regions": tuple(self._customer_regions()),
            "processors": tuple(self._sub_processors()),
            "own_infrastructure": self._own_infrastructure(),
            "exceptions": tuple(self._exceptions()),
            "declared": tuple(self._declared()),
            "tensions": tuple(self._tensions()),
            "records": tuple(self._records()),
            "sources": (*self._clauses(), *self._readings(), *fact_sources()),
            "groupings": groupings(),
        }
        meaning.done()
        return Register(**values)

    # --- What the document says, and what a tenant may have ---

    def _declare(self) -> None:
        """The names that rows may use, known before any row is read."""
        file, meaning = self.file, self.meaning
        meaning.declare("clause", (("clauses",), file.clauses))
        meaning.declare("clause or reading", (("clauses",), file.clauses), (("readings",), file.readings))
        meaning.declare("feature", (("features",), file.features))
        meaning.declare("consent", (("consents",), file.consents))
        meaning.declare("agreement", (("agreements",), file.agreements))
        meaning.declare("data category", (("data",), file.data))
        meaning.declare("attribute", (("attributes",), file.attributes))
        meaning.declare("tension", (("tensions",), file.tensions))
        meaning.declare_rows("hosting region", ("regions",), file.regions)
        meaning.declare_rows("customer region", ("customer_regions",), file.customer_regions)
        meaning.declare_rows("sub-processor", ("sub_processors",), file.sub_processors, apart_from="hosting region")
        meaning.values("attribute", {name: each.values for name, each in file.attributes.items()})
        meaning.values("tension", {name: [side.is_ for side in each.sides] for name, each in file.tensions.items()})

    def _clauses(self) -> Iterator[Source]:
        for name, clause in self.file.clauses.items():
            yield Source(name, "document", clause.says, at=clause.at, quote=clause.quote)

    def _readings(self) -> Iterator[Source]:
        clauses, meaning = self.file.clauses, self.meaning
        for name, reading in self.file.readings.items():
            of = meaning.names(("readings", name, "of"), "clause", reading.of, some=True)
            at = together([clauses[each].at for each in of if each in clauses])
            if reading.resolves is not None:
                meaning.name(("readings", name, "resolves", "tension"), "tension", reading.resolves.tension)
            yield Source(name, "reading", reading.says, at=at, because=reading.because, otherwise=reading.otherwise)

    def _tensions(self) -> Iterator[Tension]:
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
        for name, reading in self.file.readings.items():
            if reading.resolves is None or reading.resolves.tension != tension:
                continue
            path: Path = ("readings", name, "resolves")
            if found[0] is not None:
                message = f"tension {tension!r} is resolved twice"
                self.meaning.fault(path, message, f"reading {found[1][0]!r} resolves it; leave one of them")
            self.meaning.value((*path, "is"), "tension", tension, reading.resolves.is_)
            found = (reading.resolves.is_, (name,))
        return found

    def _declared(self) -> Iterator[Declared]:
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

    # --- Where ---

    def _hosting_regions(self) -> Iterator[HostingRegion]:
        for index, region in enumerate(self.file.regions):
            path: Path = ("regions", index)
            places = self._places(path, region.places, None)
            basis = self.meaning.basis(path, region)
            yield HostingRegion(region.id, region.name, places, basis, self.meaning.span(path, region))

    def _placement(self) -> Placement:
        rule, meaning, path = self.file.placement, self.meaning, ("placement",)
        if rule.rule == "fixed" and rule.region is None:
            meaning.fault(path, "placement 'fixed' needs a region", 'write region = "…"')
        if rule.region is not None:
            meaning.name((*path, "region"), "hosting region", rule.region)
            if rule.rule != "fixed":
                meaning.fault((*path, "region"), f"placement {rule.rule!r} has no region of its own", "leave it out")
        if rule.agreed_when is not None and rule.agreed is None:
            meaning.fault((*path, "agreed_when"), "agreed_when needs agreed", "name what an agreed region rests on")
        return Placement(
            rule=rule.rule,
            basis=meaning.basis(path, rule),
            region=rule.region,
            agreed=None if rule.agreed is None else meaning.basis(path, rule, "agreed"),
            agreed_when=meaning.condition((*path, "agreed_when"), rule.agreed_when, settled=False),
        )

    def _customer_regions(self) -> Iterator[CustomerRegion]:
        rows, meaning = self.file.customer_regions, self.meaning
        for index, row in enumerate(rows):
            path: Path = ("customer_regions", index)
            yield CustomerRegion(
                id=row.id,
                customers=meaning.customers((*path, "customers"), row.customers, last=row is rows[-1]),
                home=meaning.name((*path, "home"), "hosting region", row.home),
                basis=meaning.basis(path, row),
                span=meaning.span(path, row),
            )

    def _places(self, path: Path, value: tuple[str, ...] | str | None, region: str | None) -> tuple[Place, ...] | None:
        """The places of a row; those of its region where it says so."""
        if value != AS_THE_REGION:
            return self.meaning.places((*path, "places"), value)
        if region is None:
            self.meaning.fault((*path, "places"), f"{AS_THE_REGION!r} needs regions", "name the places themselves")
            return None
        there = self.hosting_regions.get(region)
        return None if there is None else there.places

    # --- Who ---

    def _own_infrastructure(self) -> tuple[Engagement, ...]:
        for index, row in enumerate(self.file.own_infrastructure):
            if row.activity != "hosting":
                message = f"expected 'hosting', got {row.activity!r}"
                remedy = "the vendor's own infrastructure is listed for what it stores"
                self.meaning.fault(("own_infrastructure", index, "activity"), message, remedy)
        return tuple(self._engagements(("own_infrastructure",), self.file.own_infrastructure))

    def _sub_processors(self) -> Iterator[SubProcessor]:
        meaning = self.meaning
        for index, row in enumerate(self.file.sub_processors):
            path: Path = ("sub_processors", index)
            meaning.once((*path, "aliases"), row.aliases)
            if not row.engagements:
                message = "expected at least one engagement, got an empty list"
                meaning.fault((*path, "engagements"), message, "say what it is engaged for")
            parent = row.parent or shapes.Parent(name="")
            yield SubProcessor(
                id=row.id,
                name=row.name,
                engagements=tuple(self._engagements((*path, "engagements"), row.engagements)),
                aliases=row.aliases,
                kind=row.kind,
                registered_in=meaning.place_or_none((*path, "registered_in"), row.registered_in),
                parent=parent.name or None,
                parent_registered_in=meaning.place_or_none((*path, "parent", "registered_in"), parent.registered_in),
            )

    def _engagements(self, path: Path, rows: Sequence[shapes.Engagement]) -> Iterator[Engagement]:
        """One engagement for each region that a row names; none of them twice on a day."""
        seen: dict[Engagement, list[tuple[Engagement, Path]]] = {}
        for index, row in enumerate(rows):
            here = (*path, index)
            clashes: dict[Path, bool] = {}
            for engagement in self._engagement(here, row):
                alike = seen.setdefault(evolve(engagement, basis=(), only=(), span=ALWAYS), [])
                overlapping = ((each, there) for each, there in alike if each.span.overlaps(engagement.span))
                clashes |= {there: each.span == engagement.span for each, there in overlapping}
                alike.append((engagement, here))
                yield engagement
            for there, same in clashes.items():
                message = "duplicate entry" if same else "overlapping spans"
                remedy = "leave one of them" if same else "end the first on the day the second starts"
                self.meaning.fault(here, message, f"the same engagement stands at {written(there)}; {remedy}")

    def _engagement(self, path: Path, row: shapes.Engagement) -> Iterator[Engagement]:
        meaning = self.meaning
        regions: tuple[str | None, ...] = (None,)
        if row.regions is not None:
            regions = meaning.names((*path, "regions"), "hosting region", row.regions, some=True)
        data = None if row.data is None else meaning.names((*path, "data"), "data category", row.data, some=True)
        basis, span = meaning.basis(path, row), meaning.span(path, row)
        only = () if row.only is None else meaning.basis(path, row, "only")
        when = meaning.condition((*path, "when"), row.when)
        if row.only is not None and row.when is None:
            meaning.fault((*path, "only"), "only needs when: it is what makes a condition a limit", "leave it out")
        stated = None if row.places == AS_THE_REGION else self._places(path, row.places, None)
        for region in dict.fromkeys(regions):
            places = self._places(path, row.places, region) if row.places == AS_THE_REGION else stated
            yield Engagement(row.activity, row.purpose, basis, region, places, when, only, span, data)

    def _exceptions(self) -> Iterator[ResidencyException]:
        meaning = self.meaning
        for index, row in enumerate(self.file.exceptions):
            path: Path = ("exceptions", index)
            regions = row.regions
            yield ResidencyException(
                data=meaning.names((*path, "data"), "data category", row.data, some=True),
                basis=meaning.basis(path, row),
                when=meaning.condition((*path, "when"), row.when),
                regions=None
                if regions is None
                else meaning.names((*path, "regions"), "hosting region", regions, some=True),
                places=self._places(path, row.places, None),
                span=meaning.span(path, row),
            )

    def _records(self) -> Iterator[Record]:
        for index, row in enumerate(self.file.records):
            path: Path = ("records", index)
            parts = {
                key: tuple(
                    (part.says, self.meaning.basis((*path, key, number), part))
                    for number, part in enumerate(getattr(row, key))
                )
                for key in ("all_of", "one_of")
            }
            yield Record(row.topic, row.says, self.meaning.basis(path, row), **parts)
