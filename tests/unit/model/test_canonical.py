"""Canonical JSON: the bytes of RFC 8785, or an error that says what is none of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from residency import BadInput, Verdict
from residency.model.canonical import MOST, canonical

WHOLE = st.text(st.characters(exclude_categories=["Cs"]))
"""Texts of all characters there are: controls, quotes, combining ones, and those beyond the first 65,536."""
HARD = st.text(st.sampled_from('\x00\x1f\x7f\x80"\\/\b\f\n\r\t  é€\ud7ff\ue000\ufb33\uffff\U00010000\U0010ffff'))
TEXTS = WHOLE | HARD
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MOST, MOST) | TEXTS,
    lambda values: st.lists(values, max_size=3) | st.dictionaries(TEXTS, values, max_size=4).map(MappingProxyType),
    max_leaves=8,
)


def plain(value: Any) -> Any:
    """The value with plain dictionaries, as the other implementation takes it."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {key: plain(item) for key, item in value.items()} if isinstance(value, Mapping) else value


@given(VALUES)
def test_the_bytes_are_those_of_another_implementation(value: Any) -> None:
    """The package `rfc8785`, which shares no code with ours."""
    assert rfc8785.dumps(plain(value)) == canonical(value)


@given(VALUES)
def test_what_is_read_back_has_the_same_bytes(value: Any) -> None:
    """So whoever reads bytes tells whether they are canonical."""
    assert canonical(value) == canonical(json.loads(canonical(value)))


@given(st.dictionaries(TEXTS, TEXTS), st.randoms())
def test_the_order_in_which_keys_were_written_is_none_of_it(value: dict[str, str], random: Any) -> None:
    """Nor what kind of mapping it is."""
    entries = list(value.items())
    random.shuffle(entries)
    assert canonical(value) == canonical(MappingProxyType(dict(entries)))


def test_keys_are_sorted_by_code_units_of_utf_16() -> None:
    """The example of RFC 8785, 3.2.3: a character beyond the first 65,536 comes before one late among them."""
    keys = ("\r", "1", "\x80", "\xf6", "€", "\U0001f600", "\ufb33")
    assert list(json.loads(canonical(dict.fromkeys(reversed(keys))))) == list(keys)


def test_texts_and_numbers_of_a_subclass_are_plain() -> None:
    """Such as a verdict, which is its text."""
    assert b'["PERMITTED",true,1]' == canonical((Verdict.PERMITTED, True, 1))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1.5, "expected plain JSON, got 1.5 at $"),
        ({"a": [0, float("nan")]}, "expected plain JSON, got nan at $.a[1]"),
        ([MOST + 1], "expected plain JSON, got 9007199254740992 at $[0]"),
        ({"a": {"b"}}, "expected plain JSON, got {'b'} at $.a"),
        ({"a": b"b"}, "expected plain JSON, got b'b' at $.a"),
        ({"a": {1: "b"}}, "expected a text, got 1 at $.a as a key"),
        ({None: "b"}, "expected a text, got None at $ as a key"),
        (["\ud83d"], "half a surrogate pair in the text '\\ud83d' at $[0]"),
        ({"\udc00": 1}, "half a surrogate pair in the text '\\udc00' at $ as a key"),
    ],
)
def test_what_is_no_canonical_json_is_refused_with_its_path(value: Any, message: str) -> None:
    """A float has many ways to be written, half a surrogate pair none, and other keys would be guessed."""
    with pytest.raises(BadInput) as caught:
        canonical(value)
    assert caught.value.message == message
    assert caught.value.remedy is not None


def test_what_holds_itself_is_refused() -> None:
    """And so is what is nested too deeply for Python."""
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(BadInput) as caught:
        canonical(endless)
    assert caught.value.message == "it is nested too deeply, or holds itself"
