"""The page on stored forms shows what the library writes."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from residency import Resolver, Restriction, Tenant, load_register

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "stored-forms.md"
GERMAN = Tenant("DE", features={"calls"}, restrictions={Restriction(within={"EEA"}, activities={"hosting"})})


def undated(stored: dict[str, Any]) -> dict[str, Any]:
    """Without what another version of the library, or of the list of countries, changes."""
    register = {key: value for key, value in stored["register"].items() if key != "countries"}
    return {**stored, "library": None, "register": register}


def test_the_receipt_and_the_evidence_of_the_page_are_what_is_written() -> None:
    """Value for value."""
    receipt, evidence = map(json.loads, re.findall(r"```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL))
    resolver, day = Resolver(load_register("example")), date(2026, 11, 23)
    written = resolver.resolve(GERMAN, as_of=day).receipt().bytes
    assert undated(json.loads(written)) == undated(receipt)
    assert undated(resolver.resolve(Tenant("US"), as_of=day).to_dict()) == undated(evidence)
    assert list(evidence) == list(resolver.resolve(Tenant("US"), as_of=day).to_dict())
