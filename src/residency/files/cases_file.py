"""The cases of a register file: questions with the answers that the documents give."""

from __future__ import annotations

from collections.abc import Callable

from ..model.verdict import Verdict
from ..result.cases import Case
from .question_shapes import Case as CaseShape
from .register_schema import RegisterFile
from .semantics import Meaning
from .structure import Path
from .tenant_file import TenantRows, tenant_of

__all__ = ["cases"]

_ASKED = "hosting region or sub-processor"


def cases(file: RegisterFile, meaning: Meaning) -> Callable[[], tuple[Case, ...]]:
    """What makes the cases, once each fault of theirs was noted and there was none."""
    tenants = TenantRows(meaning, [name for name, each in file.features.items() if each.default == "on"])
    meaning.known[_ASKED] = {**meaning.known["hosting region"], **meaning.known["sub-processor"]}
    for index, row in enumerate(file.cases):
        path: Path = ("cases", index)
        tenants.check((*path, "tenant"), row.tenant)
        meaning.name((*path, "ask"), _ASKED, row.ask)
        meaning.basis(path, row)
        if row.data is not None:
            meaning.name((*path, "data"), "data category", row.data)
        for key in ("activity", "data"):
            if getattr(row, key) is not None and row.ask in meaning.known["hosting region"]:
                meaning.fault((*path, key), f"{row.ask!r} is a hosting region", f"{key} is asked of a sub-processor")
    return lambda: tuple(map(_case, file.cases))


def _case(row: CaseShape) -> Case:
    verdict = Verdict(row.answer.upper())
    return Case(row.says, tenant_of(row.tenant), row.as_of, row.ask, verdict, row.basis, row.activity, row.data)
