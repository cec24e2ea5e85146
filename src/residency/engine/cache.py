"""Cache of parts of answers: each is kept in a tree of the facts that it read while it was worked out.

For a new combination of facts only the parts that read one of its new facts are worked out; what a part depends on is
stated nowhere but in the evaluation itself.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any, TypeVar

from attrs import frozen

from ..model.register import Register
from ..model.rows import HostingRegion, SubProcessor
from ..model.tenant import Tenant
from ..result.answer import Answer, EngagementAnswer
from ..result.answers import Answers, Heading
from ..result.reason import Reason
from .conditions import Fact, Facts, Lazy
from .evaluate import Evaluation, Question
from .notes import FromRegister
from .placement import Home, customer_reasons, find_home
from .restrictions import TenantDemands

__all__ = ["Cache", "Parts", "Query"]

A = TypeVar("A")
T = TypeVar("T")
Homing = tuple[int, ...]
"""The numbers of a home's candidates among the register's customer regions; -1 for none of them."""
HOME: Fact = ("home", "")
AGREED: Fact = ("agreed region", "")
Values = Mapping[Fact, Hashable]
"""The value of every fact of a tenant that an answer may read."""
Reads = dict[Fact, None]
"""The facts that were read, in the order of reading."""


@frozen
class _Leaf:
    """A leaf of a tree: a part of an answer, and all that it read."""

    result: Any
    reads: Reads


@frozen
class _Branch:
    """A branch of a tree: here the part reads `fact` next; the children are by its value."""

    fact: Fact
    children: dict[Hashable, _Branch | _Leaf]


Trees = dict[Hashable, _Branch | _Leaf]


class Cache:
    """The cache of one resolver, forgotten as a whole; `size` counts reasons, and the nodes of trees.

    `answers` are whole, by the facts of tenants that no condition tells apart; `homes` are by country and span; `parts`
    by span and demands, and then each in its tree. Threads share it without a lock, on which the child of a fork might
    wait for ever; now and then they count a part twice, or not at all.
    """

    def __init__(self) -> None:
        self.size = 0
        self.answers: dict[Hashable, Answers] = {}
        self.homes: dict[tuple[str, int], tuple[Homing, Home]] = {}
        self.parts: dict[Hashable, Trees] = {}


@frozen
class Query:
    """A query about a tenant on a day: `homing` is the key of its `home`, `era` that of the span of the day.

    The span goes from the day `first` to the day `last`.
    """

    tenant: Tenant
    day: date
    home: Home
    homing: Homing
    era: Hashable
    first: date
    last: date


class Parts:
    """The parts that a register's answers are made of."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.heading, self.around = Heading.of(register), FromRegister(register)
        self.regions = [(("region", name), register.region(name)) for name in register.regions]
        sub_processors = map(register.sub_processor, register.sub_processors)
        self.sub_processors = [(("sub-processor", each.id), each) for each in sub_processors]
        self._unsaid: dict[Fact, Hashable] = {
            **{("feature", name): name in register.on_by_default for name in register.features},
            **dict.fromkeys(("consent", name) for name in register.consents),
            **dict.fromkeys(("agreement", name) for name in register.agreements),
            **dict.fromkeys(("attribute", name) for name in register.attributes),
        }

    def values(self, tenant: Tenant, homing: Homing) -> Values:
        """The value of every fact of the tenant, True where it has it; of its country only the home."""
        values = {**self._unsaid, HOME: homing, AGREED: tenant.agreed_region}
        values.update(dict.fromkeys((("feature", name) for name in tenant.features), True))
        values.update(dict.fromkeys(("feature", name) for name in tenant.switched_off))
        values.update(dict.fromkeys((("consent", name) for name in tenant.consents), True))
        values.update(dict.fromkeys((("agreement", name) for name in tenant.agreements), True))
        values.update({("attribute", name): value for name, value in tenant.attributes})
        return values

    def home(self, country: str, day: date) -> tuple[Homing, Home]:
        """The home of a country's tenants on that day, after the numbers that are its key."""
        home = find_home(self.register, country, day)
        regions = self.register.customer_regions
        return tuple(-1 if region is None else regions.index(region) for region in home.candidates), home

    def answers(self, query: Query, cache: Cache) -> Answers:
        """The answers, equal to those of `decide`."""
        lookup = _Lookup(self, query, cache)
        (settled,) = lookup.parts([("settled", None)], lookup.settled, lambda _: 1)
        on_regions = tuple(lookup.parts(self.regions, lookup.region, _size_of_answer))
        on_sub_processors = tuple(lookup.parts(self.sub_processors, lookup.sub_processor, _size_of_answer))
        answered = (self.heading, settled, on_regions, on_sub_processors, self.around)
        return Answers(*answered, query.first, query.last, self.register.closed_on(query.day))


class _Recorder:
    """Recorder of the facts of a tenant that are read by the part being worked out."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self.reads: Reads | None = None

    def read(self, fact: Fact) -> Any:
        """The value of a fact, which counts as read."""
        self.count({fact: None})
        return self._values[fact]

    def count(self, reads: Reads) -> None:
        """Count the facts as read by the part being worked out."""
        assert self.reads is not None
        self.reads.update(reads)

    def recorded(self, make: Callable[[], T]) -> tuple[T, Reads]:
        """What `make` makes, with all that it read, which does not count for the part around it."""
        outer, self.reads = self.reads, Reads()
        try:
            return make(), self.reads
        finally:
            self.reads = outer


class _Lookup:
    """Look-up of one query: each part of its answer from the cache, or worked out and kept in it."""

    def __init__(self, parts: Parts, query: Query, cache: Cache) -> None:
        self._register, self._query, self._cache = parts.register, query, cache
        self._values = parts.values(query.tenant, query.homing)
        self._recorder = _Recorder(self._values)
        self._worked_out: Evaluation | None = None
        demands = (query.era, query.tenant.restrictions, query.tenant.objections)
        self._trees = cache.parts.setdefault(demands, {})

    @property
    def _evaluation(self) -> Evaluation:
        """Worked out when it is first needed (`functools.cached_property` would take a lock until Python 3.12)."""
        if self._worked_out is None:
            self._worked_out = _recorded(self._register, self._query, self._recorder)
        return self._worked_out

    def parts(self, rows: Iterable[tuple[Hashable, A]], make: Callable[[A], T], size: Callable[[T], int]) -> list[T]:
        """The part for each key and row; what it read counts for the part around it, whether it was kept or not."""
        trees, values, reads = self._trees, self._values, self._recorder.reads
        results = []
        for key, row in rows:
            node = trees.get(key)
            while type(node) is _Branch:
                node = node.children.get(values[node.fact])
            leaf = node if type(node) is _Leaf else self._work_out(key, partial(make, row), size)
            if reads is not None:
                reads.update(leaf.reads)
            results.append(leaf.result)
        return results

    def _work_out(self, key: Hashable, make: Callable[[], T], size: Callable[[T], int]) -> _Leaf:
        made, reads = self._recorder.recorded(make)
        leaf = _Leaf(made, reads)
        kept = _kept(self._trees, key, leaf, self._values)
        if kept is leaf:
            self._cache.size += size(made) + len(reads)
        return kept

    def settled(self, _: None) -> str | None:
        """The hosting region that placement settles."""
        return self._evaluation.settled

    def region(self, region: HostingRegion) -> Answer:
        """The answer on a hosting region."""
        return self._evaluation.region_answer(region)

    def sub_processor(self, sub_processor: SubProcessor) -> Answer:
        """The answer on a sub-processor, put together from those on its engagements."""
        rows = (((sub_processor.id, number), row) for number, row in enumerate(sub_processor.engagements))
        engagements = self.parts(
            rows, lambda row: self._evaluation.engagement_answer(sub_processor, row), _size_of_engagement
        )
        return Answer.of_engagements(sub_processor.id, sub_processor.name, engagements)


def _kept(trees: Trees, key: Hashable, leaf: _Leaf, values: Values) -> _Leaf:
    """The leaf, put in its place of the tree, or the one that another thread put there.

    What was read before decides what is read next. Where that is not so, `RuntimeError`: the answer depends on
    something that it did not read, and another tenant would get it.
    """
    children, branch_key = trees, key
    for fact in leaf.reads:
        node = children.setdefault(branch_key, _Branch(fact, {}))
        if not isinstance(node, _Branch) or node.fact != fact:
            raise RuntimeError(f"{key} read {fact} where it did not before: it depends on what it does not read")
        children, branch_key = node.children, values[fact]
    kept = children.setdefault(branch_key, leaf)
    if not isinstance(kept, _Leaf):
        raise RuntimeError(f"{key} did not read {kept.fact} as before: it depends on what it does not read")
    return kept


@frozen(kw_only=True)
class _RecordedEvaluation(Evaluation):
    """An evaluation that records what each of its parts reads."""

    recorder: _Recorder
    recorded: dict[Hashable, tuple[Reason, Reads]]

    def part(self, key: Hashable, question: Question) -> Reason:
        kept = (key, self.supposed)
        if kept not in self.recorded:
            self.recorded[kept] = self.recorder.recorded(lambda: question(self))
        reason, reads = self.recorded[kept]
        self.recorder.count(reads)
        return reason


def _recorded(register: Register, query: Query, recorder: _Recorder) -> Evaluation:
    """The evaluation of a query, which records the facts that it reads, but no demands: trees are kept by demands."""
    customers = customer_reasons(register, query.home)

    def customer(name: str) -> Reason:
        recorder.read(HOME)
        return customers[name]

    facts = Facts.lazy(
        register,
        has=lambda kind, name: recorder.read((kind, name)) is True,
        attribute=lambda name: recorder.read(("attribute", name)),
        located={"customer region": Lazy(customers, customer)},
    )
    demands = TenantDemands(register, query.tenant, query.day)

    def placing() -> Evaluation:
        recorder.read(HOME)
        return Evaluation.of(register, query.day, query.home, recorder.read(AGREED), facts, demands)

    plain, reads = recorder.recorded(placing)

    def charged(reasons: Mapping[str, Reason]) -> Mapping[str, Reason]:
        """The reasons; whoever looks at one reads all that placement read, which is worked out only once."""

        def charge(name: str) -> Reason:
            recorder.count(reads)
            return reasons[name]

        return Lazy(reasons, charge)

    return _RecordedEvaluation(
        register=register,
        day=query.day,
        placed=charged(plain.placed),
        stays=charged(plain.stays),
        facts=facts.where("hosting region", charged(plain.facts.located["hosting region"])),
        demands=demands,
        recorder=recorder,
        recorded={},
    )


def _size_of_answer(answer: Answer) -> int:
    """The number of its reasons; those of its engagements are counted where they are kept."""
    return _size(answer.reason)


def _size_of_engagement(answer: EngagementAnswer) -> int:
    return sum(map(_size, answer.reasons))


def _size(reason: Reason) -> int:
    return 1 + sum(map(_size, reason.parts))
