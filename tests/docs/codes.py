"""Writes the reference of the codes of reasons and notes, from the message catalogue.

python tests/docs/codes.py > docs/reference/codes.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from residency.result.messages import CATALOGUE, ONE_OF
from residency.result.messages_en import SENTENCES

BAR = r"\|"
"""A bar within a cell of a Markdown table."""
PREFACE = """\
# Codes

Every reason and every note has a code: `python tests/docs/codes.py` makes this page of the message catalogue. A program
that acts on an answer compares codes and never sentences: `Refused.codes`, `Reason.code` (of `answer.reason.leaves()`),
`Note.code`, and `code` in stored decisions.

A code is public. Renaming or removing one, or letting it give another verdict, is an **Answer** entry of the
[changelog](../../CHANGELOG.md); new codes may come with any version, and sentences may be said better.

*Names* are the keys of `about`: ids, days (`2026-11-23`) and words; behind a colon, of what kind of row an id is. Where
several stand together, `about` has those that apply, of which `{subject}` and `{dated}` are made. The sentence is the
English one; a decision that was stored keeps the words that it was stored with."""
PARTS = {
    "Conditions": "A single condition, which always gives the same verdict.",
    "Combinations": "Of other reasons, its `parts`, whose verdicts give its own; *unconditional* holds without any.",
    "Limits": "What a permission does not say; a note without a verdict.",
    "Notices": "What concerns a decision as a whole; a note without a verdict.",
}


def page() -> Iterator[str]:
    """The lines of the page."""
    yield PREFACE
    for part, says in PARTS.items():
        yield from ("", f"## {part}", "", says, "", "| code | verdict | names | sentence |", "|---|---|---|---|")
        yield from (_row(code) for code in CATALOGUE if _part(code) == part)


def _part(code: str) -> str:
    kind, dot, _ = code.partition(".")
    return {"limit": "Limits", "notice": "Notices"}.get(kind, "Conditions" if dot else "Combinations")


def _row(code: str) -> str:
    entry = CATALOGUE[code]
    names = ", ".join(_name(name, kind) for name, kind in entry.names.items())
    verdict = "" if entry.verdict is None else entry.verdict.value
    return f"| `{code}` | {verdict} | {names} | {SENTENCES[code].replace('|', BAR)} |"


def _name(name: str, kind: str | None) -> str:
    if name in ONE_OF:
        return " ".join(f"`{each}`" for each in sorted(ONE_OF[name]))
    return f"`{name}`: {kind}" if kind else f"`{name}`"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in page())
