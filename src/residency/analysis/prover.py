"""Prover: proves laws for every tenant, or refutes one by the smallest tenant that breaks it; `check` proves all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from attrs import evolve, frozen

from ..errors import BadInput
from ..model.claims import Claim, Home
from ..model.house_rules import HouseRules
from ..model.register import Register
from ..model.tenant import Tenant
from .cells import Cell, CellView, TooMany, cells_of
from .evaluator import CellEvaluator
from .laws import LAWS, Law, Pair, Subject, claim_laws
from .mutations import other_ids, renamed
from .proof import Counterexample, Proof, joined
from .universe import Demand, Space, Universe, tenant_with
from .views import STAND_IN, DecisionView, TenantView, Unfold

__all__ = ["MOST_CELLS", "Progress", "ProofTask", "Prover", "check"]

MOST_CELLS = 250_000
"""How many kinds of tenants are looked at for one law before it is given up as not covered."""


@frozen
class ProofTask:
    """What is to be proved; `most_cells` kinds of tenants are looked at for one law before it is given up."""

    register: Register
    laws: tuple[Law | Pair, ...]
    claims: tuple[Claim, ...] = ()
    house_rules: HouseRules | None = None
    most_cells: int = MOST_CELLS
    demands: bool = True

    @property
    def all_laws(self) -> tuple[Law | Pair, ...]:
        """The laws, then the claims as laws."""
        return (*self.laws, *claim_laws(self.claims, self.register))


class Prover:
    """Prover of laws, or of one worker's share of each: every `workers`-th question, beginning with number `worker`."""

    def __init__(self, task: ProofTask, worker: int = 0, workers: int = 1, *, fold: bool = True) -> None:
        self._task, self._share = task, (worker, workers)
        register, rules, claims = task.register, task.house_rules, task.claims
        self._without_rules, self._most = register, task.most_cells
        self._register = register if rules is None else rules.over(register)
        self._names = other_ids(self._register)
        customers = (claim.what.customers for claim in claims if isinstance(claim.what, Home))
        self._universe = Universe(
            self._register,
            others=() if rules is None else (register,),
            days={day for claim in claims for day in claim.span.change_dates},
            apart=[places for places in customers if places is not None],
            demands=task.demands,
            fold=fold,
        )
        self._undemanding = [evolve(space, demands=(Demand(),), numbers={}) for space in self._universe.spaces]
        self._kept: dict[tuple[Space, str], CellEvaluator] = {}

    def proof(self, law: Law | Pair) -> Proof:
        """The proof of a law; one that reads what is folded is evaluated for each country and place by itself."""
        try:
            return self._proof(law)
        except Unfold:
            return Prover(self._task, *self._share, fold=False)._proof(law)

    def _proof(self, law: Law | Pair) -> Proof:
        of = covered = breaches = cells = 0
        concerned = not isinstance(law, Law) or not law.claim
        least: Counterexample | None = None
        for space in self._undemanding if isinstance(law, Pair) and law.step in _UNDEMANDING else self._universe.spaces:
            reached = []
            for question in islice(self._questions(law, space), self._share[0], None, self._share[1]):
                reached.append(0)
                for cell, holds in self._within(space, question, cells):
                    cells, reached[-1] = cells + 1, reached[-1] + cell.size
                    concerned = concerned or holds is not None
                    if holds is False:
                        breaches += cell.size
                        found = question.counterexample(cell)
                        least = found if least is None or found.size < least.size else least
            of, covered = of + (space.size if reached else 0), covered + min(reached, default=0)
        return Proof(law.says, of, covered, breaches, cells, law.basis, least, concerned)

    def _within(self, space: Space, question: _Question, done: int) -> Iterator[tuple[Cell, bool | None]]:
        """The kinds of tenants for a question, as many as may still be looked at after the `done` ones."""
        results = islice(cells_of(Cell.whole(space), question.holds), max(0, self._most - done))
        try:
            yield from results
        except TooMany:
            return

    def _questions(self, law: Law | Pair, space: Space) -> Iterator[_Question]:
        own = self._evaluator(space, "own")
        if isinstance(law, Law):
            own = self._evaluator(space, "plain") if law.claim else own
            about = (law.about,) if law.about is not None else ()
            yield from (_Question(law, own, own, names or about) for names in self._about(law.each))
            return
        for names in self._about("answer"):
            if law.step == "consent withdrawn":
                yield from (_Question(law, own, own, names, consent) for consent in self._register.consents)
            elif law.step == "house rules laid over" and self._without_rules is not self._register:
                yield _Question(law, self._evaluator(space, "plain"), own, names)
            elif law.step == "demand made":
                yield _Question(law, own, own, names)
            elif law.step in _EVALUATOR_AFTER:
                yield _Question(law, own, self._evaluator(space, _EVALUATOR_AFTER[law.step]), names)

    def _about(self, subject: Subject) -> Iterable[tuple[str | int, ...]]:
        """The subjects of a law: ids, and for engagements their numbers too."""
        regions, sub_processors = (
            [(name,) for name in names] for names in (self._register.regions, self._register.sub_processors)
        )
        match subject:
            case "tenant":
                return [()]
            case "hosting region":
                return regions
            case "sub-processor":
                return sub_processors
            case "answer":
                return [*regions, *sub_processors]
            case "engagement":
                processors = sorted(self._register.sub_processor_rows, key=lambda processor: processor.id)
                return [(row.id, number) for row in processors for number in range(len(row.engagements))]

    def _evaluator(self, space: Space, which: str) -> CellEvaluator:
        """The register as `which` says: under its house rules, without them, on another day, or with other ids."""
        key = (space, "own" if which == "plain" and self._without_rules is self._register else which)
        if key not in self._kept:
            register = self._without_rules if which == "plain" else self._register
            names = self._names if which == "renamed" else {}
            day = space.last if which == "last" else space.day
            self._kept[key] = CellEvaluator(
                renamed(register, names) if names else register, space, day, renamed=names, most=self._most
            )
        return self._kept[key]


_EVALUATOR_AFTER = {"days pass": "last", "ids renamed": "renamed"}
"""The evaluator (as `Prover._evaluator` names it) that a step leads to."""
_UNDEMANDING = (*_EVALUATOR_AFTER, "consent withdrawn")
"""Steps that are about tenants that demand nothing."""


@frozen(eq=False)
class _Question:
    """A law evaluated for cells, about one id at most; `consent` is the one withdrawn, where the law is about that."""

    law: Law | Pair
    first: CellEvaluator
    second: CellEvaluator
    names: tuple[str | int, ...]
    consent: str | None = None

    @property
    def about(self) -> str | None:
        """The hosting region or sub-processor that it is about."""
        return str(self.names[0]) if self.names else None

    def holds(self, cell: Cell) -> bool | None:
        """Whether the law holds for all tenants of the cell; None where it is a claim that is not about them."""
        first, second = self._views(cell)
        before, after = DecisionView(self.first, first), DecisionView(self.second, second)
        tenant = TenantView(self.second, second)
        try:
            if isinstance(self.law, Pair):
                assert self.about is not None
                result: object = self.law.holds(before, after, self.about)
            else:
                result = self.law.holds(tenant, after, *(() if self.law.each == "tenant" else self.names))
        except AssertionError:
            return False
        except (BadInput, AttributeError) as error:
            if not _needs_a_tenant(error):
                raise
            message = (
                f"the law {self.law.says!r} passes its tenant on to code that needs a Tenant, and it is {STAND_IN}"
            )
            raise BadInput(message, "loop over residency.analysis.every_tenant: it makes real tenants") from error
        if result is None and isinstance(self.law, Law) and self.law.claim:
            return None
        if not isinstance(result, bool):
            raise BadInput(f"the law {self.law.says!r} must say True or False, got {result!r:.60}", "return a bool")
        return result

    def _views(self, cell: Cell) -> tuple[CellView, CellView]:
        if self.consent is not None:
            given, withdrawn = ({("consent", self.consent): state} for state in (True, False))
            return CellView(cell, given), CellView(cell, withdrawn)
        undemanding = isinstance(self.law, Pair) and self.law.step == "demand made"
        return CellView(cell, undemanding=undemanding), CellView(cell)

    def counterexample(self, cell: Cell) -> Counterexample:
        """The smallest tenant of the cell."""
        space, law = cell.space, self.law
        where = min(
            cell.where, key=lambda number: (space.contexts[number].agreed or "", space.contexts[number].countries)
        )
        demanded = min(cell.demands, key=lambda number: (number > 0, space.demands[number].places != (), number))
        facts = {fact: cell.facts.get(fact, choices[0]) for fact, choices in space.choices.items()}
        before, after = self._views(Cell(space, (where,), (demanded,), facts))

        def tenant(view: CellView) -> Tenant:
            context, demand = space.contexts[where], Demand() if view.undemanding else space.demands[demanded]
            values = {**facts, **view.supposing}
            return tenant_with(self.first.register, context.countries[0], context.agreed, values, demand)

        found = "" if self.about is None else self.second.reason(self.about, after).verdict.value
        changed = isinstance(law, Pair) and law.step in ("consent withdrawn", "demand made")
        return Counterexample(
            law,
            tenant(after),
            space.day,
            self.about,
            found,
            tenant(before) if changed else None,
            self.second.day if self.second.day != space.day else None,
        )


def _needs_a_tenant(error: BadInput | AttributeError) -> bool:
    """Whether what a law calls needs a real tenant: it refuses the stand-in, or looks for what only a tenant has."""
    if isinstance(error, AttributeError):
        return isinstance(error.obj, TenantView) and hasattr(Tenant, str(error.name))
    return STAND_IN in error.message


Progress = Callable[[int, int, str], None]


def check(
    register: Register,
    laws: Iterable[Law | Pair] = LAWS,
    *,
    claims: Sequence[Claim] = (),
    house_rules: HouseRules | None = None,
    most_cells: int = MOST_CELLS,
    workers: int = 1,
    progress: Progress | None = None,
) -> tuple[Proof, ...]:
    """Proofs of laws, then of claims, for all tenants of the register's `Universe`: proved, broken or not covered.

    With `house_rules` the laws are asked of the register under them; claims are about the register alone. Where more
    than `most_cells` kinds of tenants have to be looked at, for one law or in one span for all laws together, or more
    than 1,000 combinations of facts for one condition, proofs say how many points were covered. With several `workers`
    the questions are shared among that many processes: then a law must be a function of a module. `progress` is called
    with the number of laws done, of all, and the next one.

    >>> from residency import load_claims, load_register
    >>> proofs = check(load_register("liveagent"), claims=load_claims("liveagent"))
    >>> {proof.outcome for proof in proofs} - {"about nothing"}
    {'proved'}
    """
    task = ProofTask(register, tuple(laws), tuple(claims), house_rules, most_cells)
    if workers == 1:
        return _share(task, 0, 1, progress)
    from concurrent.futures import ProcessPoolExecutor  # only where the work is worth several processes
    from multiprocessing import get_context

    with ProcessPoolExecutor(workers - 1, get_context("spawn")) as pool:
        others = [pool.submit(_share, task, worker, workers) for worker in range(1, workers)]
        own = _share(task, 0, workers, progress)
        return tuple(map(joined, zip(own, *(other.result() for other in others), strict=True)))


def _share(task: ProofTask, worker: int, workers: int, progress: Progress | None = None) -> tuple[Proof, ...]:
    """The proofs of one worker's share of every law."""
    prover, proofs = Prover(task, worker, workers), []
    for number, law in enumerate(task.all_laws):
        if progress is not None:
            progress(number, len(task.all_laws), law.says)
        proofs.append(prover.proof(law))
    return tuple(proofs)
