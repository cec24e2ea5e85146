"""What the guides show, to be run with the packages that they are about: the files they write, and their examples."""

from __future__ import annotations

import builtins
import doctest
import re
from pathlib import Path
from typing import Any

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

GUIDES = Path(__file__).parents[1] / "docs" / "how-to"
EXAMPLES = PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS)


def run(guide: str, folder: Path, heading: str = "") -> dict[str, Any]:
    """Run the examples of a guide that run everywhere, and those that need a package: beneath the heading, or all.

    A copy of the guide stands in the folder. The names that they leave.
    """
    parts = (GUIDES / f"{guide}.md").read_text("utf-8").split("\n## ")
    wanted = [part.startswith(f"{heading}\n") or not heading for part in parts]
    copy = [part.replace("```py\n", "```python\n") if run else part for part, run in zip(parts, wanted, strict=True)]
    (folder / f"{guide}.md").write_text("\n## ".join(copy), "utf-8")
    document = Sybil(parsers=[EXAMPLES], path=str(folder), pattern="*.md").parse(folder / f"{guide}.md")
    for example in document.examples():
        example.evaluate()
    names: dict[str, Any] = document.namespace
    names["__builtins__"] = builtins  # which examples that are done leave without
    return names


def files(guide: str) -> dict[str, str]:
    """The files of a guide: the first line of each block of code names its file."""
    return dict(re.findall(r"```py\n# (\S+)\n(.*?)```", (GUIDES / f"{guide}.md").read_text("utf-8"), re.DOTALL))


def commands(guide: str) -> list[list[str]]:
    """The commands of a guide, each as the words of a line of its shell."""
    blocks = re.findall(r"```sh\n(.*?)```", (GUIDES / f"{guide}.md").read_text("utf-8"), re.DOTALL)
    return [line.split() for line in "".join(blocks).splitlines()]


def write(guide: str, folder: Path) -> None:
    """Write the files of a guide, and the empty ones that make packages of their folders."""
    for name, text in files(guide).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        for package in [*path.relative_to(folder).parents][:-1]:
            (folder / package / "__init__.py").touch()
