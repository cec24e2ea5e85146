"""What must not change: the first answers of the snapshot, for each register."""

from __future__ import annotations

import pytest

from residency import decide
from snapshot.snapshot import ALL, FEW, MANY, NAMES, SMALL, SOME, digests, hashes, kept, questions, resolvers


@pytest.mark.parametrize("name", NAMES)
def test_the_first_answers_are_those_that_are_kept(name: str) -> None:
    """A change that changes an answer on purpose keeps the digests anew, and says in the changelog what it changes."""
    most = SOME if name in SMALL else FEW
    assert kept()[name][str(most)] == digests(hashes(name, most))[str(most)]


@pytest.mark.parametrize("name", SMALL)
def test_what_the_resolver_remembers_is_what_is_decided(name: str) -> None:
    """One resolver, asked everything in a row, answers as `decide` does, which remembers nothing."""
    _, plain, under_rules = resolvers(name)
    for tenant, day, ruled in questions(name, SOME):
        resolver = under_rules if ruled else plain
        assert resolver.resolve(tenant, as_of=day) == decide(resolver.register, tenant, as_of=day)


def test_each_register_has_its_digests() -> None:
    """A register that is added is asked too."""
    assert sorted(NAMES) == sorted(kept())
    numbers = {str(FEW), str(SOME), str(MANY)}
    assert all(numbers <= told.keys() <= {*numbers, str(ALL)} for told in kept().values())
