"""Layout: nothing is ever wider than it may be, whatever it is made of."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from residency.errors import is_hidden
from residency.report.layout import CUT, MOST_LINES, columns, cut, entry, listing, padded, wrapped

TEXTS = st.text(st.characters(codec="utf-8"), max_size=60) | st.text("ab ,;:東é\u0301\u200d\n\x1b…", max_size=60)
WIDTHS = st.integers(20, 200)


def test_columns_are_those_of_a_terminal() -> None:
    """Wide characters take two, marks on others none, the mark that makes an emoji of a character one."""
    assert [4, 4, 4, 1, 2, 2] == [columns(text) for text in ("café", "東京", "ａｂ", "e\u0301", "❤\ufe0f", "🙂")]


def test_a_text_is_cut_after_a_word() -> None:
    """And what was cut off is marked; a first word that does not fit is cut itself."""
    assert "the policy gives no rights" == cut("the policy gives no rights", 26)
    assert "the policy gives no …" == cut("the policy gives no rights", 25)
    assert "the policy gives …" == cut("the policy gives, no rights", 20)
    assert "Rindfleis…" == cut("Rindfleischetikettierung", 10)
    assert "東京…" == cut("東京都港区", 6)


@pytest.mark.slow
@given(TEXTS, WIDTHS)
@example("x" * 20 + " y", 20)
def test_nothing_is_wider_than_it_may_be(text: str, width: int) -> None:
    """Cut, padded, wrapped, as an entry or a list; and no line acts on a terminal."""
    assert columns(cut(text, width)) <= width
    assert columns(padded(text, width)) == width
    lines = [
        *wrapped(text, width),
        *wrapped(text, width, 30, "To do: "),
        *entry(text, text, width, 16),
        *listing("title", [text, *text.split()] * 9, width, 16, before=text, after=text),
    ]
    assert all(columns(line) <= width and not any(map(is_hidden, line)) for line in lines)


def test_a_wrapped_text_keeps_its_words() -> None:
    """All of them, in order; lines after the first are indented."""
    words = "agree on a region with the vendor and name it as agreed_region"
    lines = list(wrapped(words, 30, 2, "To do: "))
    assert ["To do: agree on a region with", "  the vendor and name it as", "  agreed_region"] == lines
    assert [""] == list(wrapped("", 30))
    assert ["To do:"] == list(wrapped("", 30, 2, "To do: "))
    assert [f"{'x' * 19}{CUT}", "  y"] == list(wrapped(f"{'x' * 30} y", 20))


@given(st.lists(st.text("abc", min_size=1, max_size=12), max_size=80), WIDTHS)
def test_a_list_takes_few_lines_and_counts_what_it_leaves_out(items: list[str], width: int) -> None:
    """What is shown and what is counted are together all of it."""
    lines = list(listing("title", items, width, 16))
    assert len(lines) <= MOST_LINES
    shown = " ".join(lines).removeprefix("title").split()
    left_out = int(shown[-2]) if shown and shown[-1] == "more" else 0
    assert len(items) == left_out + len(shown) - (3 if left_out else 0)


def test_a_long_list_is_cut_after_an_item() -> None:
    """With a text before, a text behind, and something else than commas between."""
    items = [f"party-{number}" for number in range(20)]
    assert [
        "  UNDETERMINED  product is not known:",
        "                party-0, party-1,",
        "                party-2, … 17 more",
    ] == list(listing("  UNDETERMINED", items, 40, 16, before="product is not known: "))
    before = "a text that alone takes more lines than a list may: " * 4
    assert MOST_LINES < len(list(listing("title", ["a", "b"], 40, 16, before=before)))
    assert ["title           a; b: rest"] == list(listing("title", ["a", "b"], 40, 16, after=": rest", comma="; "))
