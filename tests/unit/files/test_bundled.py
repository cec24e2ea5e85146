"""What is shipped by name."""

from __future__ import annotations

import pytest

from residency import HouseRules, UnknownName, bundled, load_house_rules, load_register


def test_the_bundled_names_are_those_that_can_be_loaded() -> None:
    """Registers by their ids, and house rules, which are for one register."""
    assert ("example", "liveagent") == bundled() == bundled("register")
    assert list(bundled()) == [load_register(name).id for name in bundled()]
    assert ("rest-of-world",) == bundled("house rules")
    assert isinstance(load_house_rules("rest-of-world", load_register("liveagent")), HouseRules)


def test_no_other_kind_of_file_is_bundled() -> None:
    """The error says which are."""
    with pytest.raises(UnknownName) as caught:
        bundled("registers")  # type: ignore[arg-type]
    assert ("unknown kind of bundled file 'registers'", "did you mean 'register'?") == (
        caught.value.message,
        caught.value.remedy,
    )
