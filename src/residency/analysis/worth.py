"""Worth of each rule of a register: the points that it alone decides, and the laws that only its absence breaks."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence, Set
from functools import partial

from attrs import frozen

from ..engine.conditions import Fact
from ..errors import BadInput
from ..model.claims import Claim
from ..model.register import Register
from .cells import Cell, CellView, TooMany, cells_of
from .evaluator import CellEvaluator
from .laws import LAWS, Law
from .mutations import Mutation, mutations_of
from .prover import Progress, ProofTask, Prover
from .universe import Choice, Context, Space, Universe
from .words import days_in_words, listed_countries

__all__ = ["Range", "Worth", "ranges", "worth"]


@frozen
class Worth:
    """The worth of one rule: without it some answer would differ at `points` of all `of` points.

    `basis` is what the rule rests on, `ranges` are these points in words, and `noticed_by` the laws and claims that
    only its absence breaks. A rule that no law notices could be dropped, or misread, without anybody seeing it.
    """

    rule: str
    basis: tuple[str, ...]
    points: int
    of: int
    ranges: tuple[Range, ...]
    noticed_by: tuple[str, ...]


def worth(register: Register, claims: Sequence[Claim] = (), progress: Progress | None = None) -> tuple[Worth, ...]:
    """Mutation testing of the rules: what each rule of the register is worth, in the order of the file.

    The points are tenants that demand nothing, each in a span of days, except for rules that only a demand can tell.
    Raises `BadInput` for a register of which an answer hangs on too many facts to look at all of them.
    """
    mutations, broken = list(mutations_of(register)), _broken(register, claims, demanded=True)
    found: list[Worth] = []
    for number, mutation in enumerate(mutations):
        if progress is not None:
            progress(number, len(mutations), mutation.rule)
        try:
            found.append(_worth(register, mutation, claims, broken))
        except TooMany:
            message = f"register {register.id!r} tells too many tenants apart to say what {mutation.rule} is worth"
            raise BadInput(message, "let fewer facts decide one answer, or leave its worth out") from None
    return tuple(found)


def _worth(register: Register, mutation: Mutation, claims: Sequence[Claim], broken: Set[str]) -> Worth:
    days = {mutation.register.speaks_from, register.speaks_from}
    universe = Universe(register, others=(mutation.register,), days=days, demands=mutation.demanded)
    differing: list[Cell] = []
    for space in universe.spaces:
        original, mutated = (CellEvaluator(version, space, space.day) for version in (register, mutation.register))
        subjects = (*original.regions, *original.sub_processors)
        names = [name for name in subjects if list(_differing(space, original, mutated, [name]))]
        differing += _differing(space, original, mutated, names)
    noticed = _broken(mutation.register, claims, demanded=mutation.demanded) - broken
    points = sum(cell.size for cell in differing)
    return Worth(mutation.rule, mutation.basis, points, universe.size, ranges(differing), tuple(sorted(noticed)))


def _broken(register: Register, claims: Sequence[Claim], *, demanded: bool) -> frozenset[str]:
    """The laws and claims that the register breaks."""
    laws = tuple(law for law in LAWS if isinstance(law, Law))
    task = ProofTask(register, laws, tuple(claims), demands=demanded)
    prover = Prover(task)
    return frozenset(law.says for law in task.all_laws if prover.proof(law).breaches)


def _differing(space: Space, original: CellEvaluator, mutated: CellEvaluator, names: Sequence[str]) -> Iterator[Cell]:
    """The cells of the space to whose tenants the two registers give different verdicts on one of the names."""
    cells = cells_of(Cell.whole(space), partial(_differs, original, mutated, names))
    return (cell for cell, differs in cells if differs)


def _differs(original: CellEvaluator, mutated: CellEvaluator, names: Sequence[str], cell: Cell) -> bool:
    view = CellView(cell)
    return any(original.reason(name, view).verdict is not mutated.reason(name, view).verdict for name in names)


FactValues = tuple[tuple[Fact, Choice], ...]


@frozen
class Range:
    """A range: points that have something in common, in words, and how many they are."""

    words: str
    points: int


def ranges(cells: Iterable[Cell]) -> tuple[Range, ...]:
    """The cells as ranges, the largest first; cells that differ in one respect and cover all of it are one range."""
    folded = _without_facts(list(cells))
    in_space: dict[Hashable, list[Cell]] = {}
    for cell in folded:
        in_space.setdefault((id(cell.space), _facts(cell), cell.demands), []).append(cell)
    by_days: dict[Hashable, list[list[Cell]]] = {}
    for group in in_space.values():
        contexts = frozenset(context for cell in group for context in cell.contexts)
        by_days.setdefault((contexts, _facts(group[0]), _demanded(group[0])), []).append(group)
    found = [Range(_words(groups), sum(cell.size for group in groups for cell in group)) for groups in by_days.values()]
    return tuple(sorted(found, key=lambda entry: (-entry.points, entry.words)))


def _facts(cell: Cell) -> FactValues:
    return tuple(sorted(cell.facts.items(), key=lambda entry: entry[0]))


def _demanded(cell: Cell) -> Hashable:
    return () if len(cell.demands) == len(cell.space.demands) else tuple(repr(demand) for demand in cell.demanded)


def _without_facts(cells: list[Cell]) -> list[Cell]:
    """The cells, with those made one that have every value of a fact between them and are alike in all else."""
    for fact in sorted({fact for cell in cells for fact in cell.facts}):
        groups: dict[Hashable, list[Cell]] = {}
        for cell in cells:
            rest = tuple(entry for entry in _facts(cell) if entry[0] != fact)
            groups.setdefault((id(cell.space), cell.where, cell.demands, rest, fact in cell.facts), []).append(cell)
        folded: list[Cell] = []
        for group in groups.values():
            whole = len({cell.facts.get(fact) for cell in group}) == len(group[0].space.choices[fact])
            if fact in group[0].facts and whole:
                facts = {name: value for name, value in group[0].facts.items() if name != fact}
                group = [Cell(group[0].space, group[0].where, group[0].demands, facts)]
            folded += group
        cells = folded
    return cells


def _words(groups: list[list[Cell]]) -> str:
    first = groups[0]
    spans = days_in_words(group[0].space.span for group in groups)
    contexts = [context for cell in first for context in cell.contexts]
    parts = [spans, _where(contexts, first[0].space), *(_fact(fact, value) for fact, value in _facts(first[0]))]
    return "; ".join([*parts, *_demands(first[0])])


def _demands(cell: Cell) -> Iterator[str]:
    if len(cell.demands) < len(cell.space.demands):
        first, count = next(cell.demanded), sum(demand.size for demand in cell.demanded)
        objection = f"objecting to {first.objection}" if first.objection else "without restrictions or objections"
        words = objection if first.restriction is None else f"with the restriction '{first.restriction.text}'"
        yield words + (f", or one of {count - 1:,} answered like it" if count > 1 else "")


def _where(contexts: list[Context], space: Space) -> str:
    """Customers in words: their countries, by the regions agreed on."""
    by_agreement: dict[str | None, set[str]] = {}
    for context in contexts:
        by_agreement.setdefault(context.agreed, set()).update(context.countries)
    by_countries: dict[tuple[str, ...], set[str | None]] = {}
    for region, members in by_agreement.items():
        by_countries.setdefault(tuple(sorted(members)), set()).add(region)
    everywhere = {country for context in space.contexts for country in context.countries}
    all_regions = {context.agreed for context in space.contexts}
    parts = []
    for countries, agreed in by_countries.items():
        anywhere = len(countries) == len(everywhere)
        customers = "customers anywhere" if anywhere else f"customers in {listed_countries(countries)}"
        regions = " or ".join(sorted(name or "no region" for name in agreed))
        parts.append(customers if agreed == all_regions else f"{customers} with {regions} agreed")
    return ", ".join(parts)


def _fact(fact: Fact, value: Choice) -> str:
    kind, name = fact
    if kind == "attribute":
        return f"{name} is {value}" if value else f"{name} is unknown"
    words = {"feature": ("on", "off"), "consent": ("given", "not given"), "agreement": ("there", "not there")}
    return f"{kind} {name} {words[kind][0 if value else 1]}"
