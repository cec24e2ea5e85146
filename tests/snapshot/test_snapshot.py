"""What must not change: the first answers of the snapshot, for each register."""

from __future__ import annotations

import json

import pytest

from residency import Decision, decide
from snapshot.snapshot import (
    ALL,
    FEW,
    MANY,
    NAMES,
    NARROWED,
    SMALL,
    SOME,
    asked,
    digests,
    hashes,
    kept,
    narrowed,
    narrowed_digest,
)

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(SMALL)))
def test_the_first_answers_are_those_that_are_kept(name: str) -> None:
    """A change that changes an answer on purpose keeps the digests anew, and says in the changelog what it changes."""
    assert kept()[name][str(FEW)] == digests(hashes(name, FEW))[str(FEW)]


@pytest.mark.parametrize("name", SMALL)
def test_the_answers_of_small_registers_are_those_that_are_kept(name: str) -> None:
    """They have what real ones have seldom, and are asked more."""
    assert kept()[name][str(SOME)] == digests(hashes(name, SOME))[str(SOME)]


@pytest.mark.parametrize("name", SMALL)
def test_what_the_resolver_remembers_is_what_is_decided(name: str) -> None:
    """One resolver, asked everything in a row, answers as `decide` does, which remembers nothing."""
    for resolver, tenant, day in asked(name, SOME):
        assert resolver.resolve(tenant, as_of=day) == decide(resolver.register, tenant, as_of=day)


@pytest.mark.parametrize("name", SMALL)
def test_the_narrowed_answers_of_small_registers_are_those_that_are_kept(name: str) -> None:
    """A whole answer does not show what is answered about one activity, or one data category."""
    assert kept()[name][NARROWED] == narrowed_digest(name)


@pytest.mark.parametrize("name", SMALL)
def test_what_is_stored_is_read_back(name: str) -> None:
    """Equal, and with the same answers to narrowed questions."""
    for resolver, tenant, day in asked(name, FEW):
        decision = resolver.resolve(tenant, as_of=day)
        stored = Decision.from_dict(json.loads(json.dumps(decision.to_dict())))
        assert decision == stored
        assert decision.to_dict() == stored.to_dict()
        for who, activity, data in narrowed(resolver.register):
            answer = stored.answer(who, activity=activity, data=data)
            assert answer == decision.answer(who, activity=activity, data=data)


def test_each_register_has_its_digests() -> None:
    """A register that is added is asked too."""
    assert sorted(NAMES) == sorted(kept()), "python tests/snapshot/snapshot.py --keep NAME"
    numbers = {str(FEW), str(SOME), str(MANY)}
    assert all(numbers <= told.keys() <= {*numbers, str(ALL), NARROWED} for told in kept().values())
    assert {name for name, told in kept().items() if NARROWED in told} == set(SMALL)
