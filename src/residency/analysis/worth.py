"""What each rule of a register is worth: the points that it alone decides, and the laws that notice when it is gone."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence, Set
from functools import partial

from attrs import frozen

from ..engine.conditions import Fact
from ..model.claims import Claim
from ..model.register import Register
from .cells import Cell, CellView, cells_of
from .evaluator import CellEvaluator
from .laws import LAWS, Law
from .mutations import Flip, flips
from .prover import Given, Progress, Prover
from .universe import Choice, Context, Space, Universe
from .words import days_in_words, listed_countries

__all__ = ["Range", "Worth", "ranges", "worth"]


@frozen
class Worth:
    """A rule, and what it rests on; of all `of` points those `points` at which an answer would be another without it.

    `ranges` are these points for people; `noticed_by` the laws and claims that only its absence breaks. One that no law
    notices could be dropped, or misread, without anybody seeing it.
    """

    rule: str
    basis: tuple[str, ...]
    points: int
    of: int
    ranges: tuple[Range, ...]
    noticed_by: tuple[str, ...]


def worth(register: Register, claims: Sequence[Claim] = (), progress: Progress | None = None) -> tuple[Worth, ...]:
    """What every rule of the register is worth, in the order of the file: mutation testing of the rules.

    The points are tenants that demand nothing, each in a span of days, but for rules that only a demand can tell.
    """
    every, broken = list(flips(register)), _broken(register, claims, demanded=True)
    found: list[Worth] = []
    for number, flip in enumerate(every):
        if progress is not None:
            progress(number, len(every), flip.rule)
        found.append(_worth(register, flip, claims, broken))
    return tuple(found)


def _worth(register: Register, flip: Flip, claims: Sequence[Claim], broken: Set[str]) -> Worth:
    days = {flip.register.speaks_from, register.speaks_from}
    universe = Universe(register, others=(flip.register,), days=days, demands=flip.demanded)
    differing: list[Cell] = []
    for space in universe.spaces:
        one, other = (CellEvaluator(each, space, space.day) for each in (register, flip.register))
        names = [name for name in (*one.regions, *one.sub_processors) if list(_apart(space, one, other, [name]))]
        differing += _apart(space, one, other, names)
    noticed = _broken(flip.register, claims, demanded=flip.demanded) - broken
    points = sum(cell.size for cell in differing)
    return Worth(flip.rule, flip.basis, points, universe.size, ranges(differing), tuple(sorted(noticed)))


def _broken(register: Register, claims: Sequence[Claim], *, demanded: bool) -> frozenset[str]:
    """The laws and claims that the register breaks."""
    laws = tuple(law for law in LAWS if isinstance(law, Law))
    given = Given(register, laws, tuple(claims), demands=demanded)
    prover = Prover(given)
    return frozenset(law.says for law in given.every if prover.proof(law).breaches)


def _apart(space: Space, one: CellEvaluator, other: CellEvaluator, names: Sequence[str]) -> Iterator[Cell]:
    """The tenants of the space to whom the registers give other answers about one of these."""
    cells = cells_of(Cell.whole(space), partial(_differs, one, other, names))
    return (cell for cell, differs in cells if differs)


def _differs(one: CellEvaluator, other: CellEvaluator, names: Sequence[str], cell: Cell) -> bool:
    view = CellView(cell)
    return any(one.reason(name, view).verdict is not other.reason(name, view).verdict for name in names)


Facts = tuple[tuple[Fact, Choice], ...]


@frozen
class Range:
    """Points that have something in common, and how many they are."""

    words: str
    points: int


def ranges(cells: Iterable[Cell]) -> tuple[Range, ...]:
    """The cells as ranges, the largest first: those that differ in one thing alone, and have all of it, are one."""
    every = _without_facts(list(cells))
    alike: dict[Hashable, list[Cell]] = {}
    for cell in every:
        alike.setdefault((id(cell.space), _facts(cell), cell.demands), []).append(cell)
    days: dict[Hashable, list[list[Cell]]] = {}
    for those in alike.values():
        where = frozenset(context for cell in those for context in cell.contexts)
        days.setdefault((where, _facts(those[0]), _demanded(those[0])), []).append(those)
    found = [Range(_words(each), sum(cell.size for those in each for cell in those)) for each in days.values()]
    return tuple(sorted(found, key=lambda each: (-each.points, each.words)))


def _facts(cell: Cell) -> Facts:
    return tuple(sorted(cell.facts.items(), key=lambda entry: entry[0]))


def _demanded(cell: Cell) -> Hashable:
    return () if len(cell.demands) == len(cell.space.demands) else tuple(repr(demand) for demand in cell.demanded)


def _without_facts(cells: list[Cell]) -> list[Cell]:
    """The cells, where those that have every value of a fact between them, and are alike in all else, are one."""
    for fact in sorted({fact for cell in cells for fact in cell.facts}):
        groups: dict[Hashable, list[Cell]] = {}
        for cell in cells:
            rest = tuple(entry for entry in _facts(cell) if entry[0] != fact)
            groups.setdefault((id(cell.space), cell.where, cell.demands, rest, fact in cell.facts), []).append(cell)
        folded: list[Cell] = []
        for those in groups.values():
            whole = len({cell.facts.get(fact) for cell in those}) == len(those[0].space.choices[fact])
            if fact in those[0].facts and whole:
                facts = {name: value for name, value in those[0].facts.items() if name != fact}
                those = [Cell(those[0].space, those[0].where, those[0].demands, facts)]
            folded += those
        cells = folded
    return cells


def _words(groups: list[list[Cell]]) -> str:
    first = groups[0]
    spans = days_in_words(those[0].space.span for those in groups)
    contexts = [context for cell in first for context in cell.contexts]
    parts = [spans, _where(contexts, first[0].space), *(_fact(fact, value) for fact, value in _facts(first[0]))]
    return "; ".join([*parts, *_demands(first[0])])


def _demands(cell: Cell) -> Iterator[str]:
    if len(cell.demands) < len(cell.space.demands):
        first, count = next(cell.demanded), sum(each.size for each in cell.demanded)
        restriction = first.restriction
        what = (
            restriction.text if restriction is not None else f"not {first.objection}" if first.objection else "nothing"
        )
        yield f"demanding '{what}'" + (f", or one of {count - 1:,} answered like it" if count > 1 else "")


def _where(contexts: list[Context], space: Space) -> str:
    """Who agreed on what: countries by the regions agreed on."""
    by_agreement: dict[str | None, set[str]] = {}
    for context in contexts:
        by_agreement.setdefault(context.agreed, set()).update(context.countries)
    by_countries: dict[tuple[str, ...], set[str | None]] = {}
    for region, countries in by_agreement.items():
        by_countries.setdefault(tuple(sorted(countries)), set()).add(region)
    everybody = {country for context in space.contexts for country in context.countries}
    regions = {context.agreed for context in space.contexts}
    told = []
    for customers, agreed in by_countries.items():
        anywhere = len(customers) == len(everybody)
        who = "customers anywhere" if anywhere else f"customers in {listed_countries(customers)}"
        those = " or ".join(sorted(name or "no region" for name in agreed))
        told.append(who if agreed == regions else f"{who} with {those} agreed")
    return ", ".join(told)


def _fact(fact: Fact, value: Choice) -> str:
    kind, name = fact
    if kind == "attribute":
        return f"{name} is {value}" if value else f"{name} is unknown"
    words = {"feature": ("on", "off"), "consent": ("given", "not given"), "agreement": ("there", "not there")}
    return f"{kind} {name} {words[kind][0 if value else 1]}"
