"""What must not change: the first answers of the snapshot, for each register."""

from __future__ import annotations

import pytest

from snapshot.snapshot import ALL, FEW, MANY, NAMES, digests, hashes, kept


@pytest.mark.parametrize("name", NAMES)
def test_the_first_answers_are_those_that_are_kept(name: str) -> None:
    """A change that changes an answer on purpose keeps the digests anew, and says in the changelog what it changes."""
    assert kept()[name][str(FEW)] == digests(hashes(name, FEW))[str(FEW)]


def test_each_register_has_its_digests() -> None:
    """A register that is added is asked too."""
    assert sorted(NAMES) == sorted(kept())
    assert all({str(FEW), str(MANY)} <= told.keys() <= {str(FEW), str(MANY), str(ALL)} for told in kept().values())
