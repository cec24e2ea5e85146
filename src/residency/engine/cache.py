"""Cache of parts of answers, each in a tree of the facts that it read while it was worked out.

A new combination of facts works out no more than the parts that read one of its own; what a part depends on is stated
nowhere but in the evaluation itself.
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
"""The numbers of the customer regions that may be a tenant's, in the register's order; -1 for none of them."""
HOME: Fact = ("home", "")
AGREED: Fact = ("agreed region", "")
Values = Mapping[Fact, Hashable]
"""Every fact of a tenant that an answer may read."""
Reads = dict[Fact, None]
"""The facts that were read, in the order in which they were."""


@frozen
class _Leaf:
    """A part of an answer, and all that it read."""

    result: Any
    reads: Reads


@frozen
class _Branch:
    """A part of an answer that reads `fact` next: what is known of it by the value."""

    fact: Fact
    children: dict[Hashable, _Branch | _Leaf]


Trees = dict[Hashable, _Branch | _Leaf]


class Cache:
    """What is kept, all of which is forgotten together; `size` counts reasons, and the nodes of trees.

    `answers` are whole, by the facts of tenants that no condition tells apart; `homes` are by country and span; `parts`
    by span and demands, and then each in its tree. Threads share it without a lock, which the child of a fork might
    wait for until its end; now and then they count a part twice, or not at all.
    """

    def __init__(self) -> None:
        self.size = 0
        self.answers: dict[Hashable, Answers] = {}
        self.homes: dict[tuple[str, int], tuple[Homing, Home]] = {}
        self.parts: dict[Hashable, Trees] = {}


@frozen
class Query:
    """A tenant on a day: `homing` tells its `home` from others, `era` the span that the day is in from other spans.

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
    """What a register's answers are made of."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.heading, self.around = Heading.of(register), FromRegister(register)
        self.regions = [(("region", name), register.region(name)) for name in register.regions]
        named = ((name, register.sub_processor(name)) for name in register.sub_processors)
        self.sub_processors = [(("sub-processor", name), who) for name, who in named]
        self._unsaid: dict[Fact, Hashable] = {
            **{("feature", name): name in register.on_by_default for name in register.features},
            **dict.fromkeys(("consent", name) for name in register.consents),
            **dict.fromkeys(("agreement", name) for name in register.agreements),
            **dict.fromkeys(("attribute", name) for name in register.attributes),
        }

    def values(self, tenant: Tenant, homing: Homing) -> Values:
        """Every fact of the tenant, True where it has it; the country only as it places it."""
        values = {**self._unsaid, HOME: homing, AGREED: tenant.agreed_region}
        values.update(dict.fromkeys((("feature", name) for name in tenant.features), True))
        values.update(dict.fromkeys(("feature", name) for name in tenant.switched_off))
        values.update(dict.fromkeys((("consent", name) for name in tenant.consents), True))
        values.update(dict.fromkeys((("agreement", name) for name in tenant.agreements), True))
        values.update({("attribute", name): value for name, value in tenant.attributes})
        return values

    def home(self, country: str, day: date) -> tuple[Homing, Home]:
        """The home of a country's tenants on that day, with numbers that tell it from all others."""
        home = find_home(self.register, country, day)
        regions = self.register.customer_regions
        return tuple(-1 if each is None else regions.index(each) for each in home.candidates), home

    def answers(self, query: Query, cache: Cache) -> Answers:
        """The answers, equal to those of `decide`."""
        asked = _Lookup(self, query, cache)
        (settled,) = asked.parts([("settled", None)], asked.settled, lambda _: 1)
        on_regions = tuple(asked.parts(self.regions, asked.region, _of_answer))
        on_sub_processors = tuple(asked.parts(self.sub_processors, asked.sub_processor, _of_answer))
        told = (self.heading, settled, on_regions, on_sub_processors, self.around)
        return Answers(*told, query.first, query.last, self.register.closed_on(query.day))


class _Recorder:
    """What is read of a tenant: the facts that the part read which is being worked out."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self.reads: Reads | None = None

    def read(self, fact: Fact) -> Any:
        """The value of a fact."""
        self.count({fact: None})
        return self._values[fact]

    def count(self, reads: Reads) -> None:
        """Count as read by the part that is being worked out."""
        assert self.reads is not None
        self.reads.update(reads)

    def recorded(self, make: Callable[[], T]) -> tuple[T, Reads]:
        """What is made, with all that it read: nothing of that counts for the part around it."""
        around, self.reads = self.reads, Reads()
        try:
            return make(), self.reads
        finally:
            self.reads = around


class _Lookup:
    """One query: each part of its answer from the cache, or worked out and kept there."""

    def __init__(self, parts: Parts, query: Query, cache: Cache) -> None:
        self._register, self._query, self._cache = parts.register, query, cache
        self._values = parts.values(query.tenant, query.homing)
        self._recorder = _Recorder(self._values)
        self._worked_out: Evaluation | None = None
        tenant = query.tenant
        demanded = (query.era, tenant.restrictions, tenant.objections)
        self._trees = cache.parts.setdefault(demanded, {})

    @property
    def _evaluation(self) -> Evaluation:
        """Worked out when it is first needed (`functools.cached_property` would take a lock until Python 3.12)."""
        if self._worked_out is None:
            self._worked_out = _recorded(self._register, self._query, self._recorder)
        return self._worked_out

    def parts(self, asked: Iterable[tuple[Hashable, A]], make: Callable[[A], T], size: Callable[[T], int]) -> list[T]:
        """The part of each key; what it read counts for the part around it, whether it was kept or not."""
        trees, values, reads = self._trees, self._values, self._recorder.reads
        found = []
        for key, of in asked:
            node = trees.get(key)
            while type(node) is _Branch:
                node = node.children.get(values[node.fact])
            leaf = node if type(node) is _Leaf else self._work_out(key, partial(make, of), size)
            if reads is not None:
                reads.update(leaf.reads)
            found.append(leaf.result)
        return found

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

    def sub_processor(self, who: SubProcessor) -> Answer:
        """The answer on a sub-processor."""
        rows = (((who.id, number), row) for number, row in enumerate(who.engagements))
        engagements = self.parts(rows, lambda row: self._evaluation.engagement_answer(who, row), _of_engagement)
        return Answer.of_engagements(who.id, who.name, engagements)


def _kept(trees: Trees, key: Hashable, leaf: _Leaf, values: Values) -> _Leaf:
    """The leaf in its place, or the one that another thread put there.

    What was read before decides what is read next. Where that is not so an answer depends on something that it did not
    read, and another tenant would get it.
    """
    place, at = trees, key
    for fact in leaf.reads:
        node = place.setdefault(at, _Branch(fact, {}))
        if not isinstance(node, _Branch) or node.fact != fact:
            raise RuntimeError(f"{key} read {fact} where it did not before: it depends on what it does not read")
        place, at = node.children, values[fact]
    kept = place.setdefault(at, leaf)
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
    """The evaluation of a query: it sees of the tenant what it reads, and the demands, which its trees are about."""
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
        """The reasons; who looks at one has read all that placement read, which is worked out but once."""

        def of(name: str) -> Reason:
            recorder.count(reads)
            return reasons[name]

        return Lazy(reasons, of)

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


def _of_answer(answer: Answer) -> int:
    """Its reasons; those of its engagements are counted where they are kept."""
    return _reasons(answer.reason)


def _of_engagement(answer: EngagementAnswer) -> int:
    return sum(map(_reasons, answer.reasons))


def _reasons(reason: Reason) -> int:
    return 1 + sum(map(_reasons, reason.parts))
