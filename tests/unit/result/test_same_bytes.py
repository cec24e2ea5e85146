"""Stored forms are the same bytes everywhere: under every hash seed, and under each version of Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import residency

WRITTEN = """
import json, sys
from datetime import date
from residency import Resolver, Restriction, Tenant, load_house_rules, load_register
register = load_register("liveagent")
for rules in (None, load_house_rules("rest-of-world", register)):
    for country, agreed in (("BG", None), ("US", "EU"), ("BR", None)):
        demands = {Restriction(within={"EEA", "GB", "CH"}), Restriction(never_in={"IN"}, activities={"support"})}
        facts = {"features": {"voip"}, "consents": {"subcontractor-access"}, "objections": {"twilio", "aws"}}
        tenant = Tenant(country, agreed, restrictions=demands, **facts)
        for asked in (tenant, Tenant(country, agreed)):
            decision = Resolver(register, house_rules=rules).resolve(asked, as_of=date(2026, 11, 23))
            sys.stdout.buffer.write(decision.receipt().bytes + b"\\n")
            print(json.dumps(decision.to_dict()), flush=True)
"""


SOURCE = Path(residency.__file__).parents[1]
PACKAGES = Path(pytest.__file__).parents[1]
VERSIONS = ("3.11", "3.12", "3.13")


def written(python: str = sys.executable, **environment: str) -> bytes:
    """The receipts and evidence that a fresh interpreter writes; what it imports is all Python."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE")}
    env |= {"PYTHONPATH": os.pathsep.join(map(str, (SOURCE, PACKAGES))), **environment}
    return subprocess.run([python, "-c", WRITTEN], capture_output=True, env=env, check=True).stdout


def interpreter(version: str) -> str | None:
    """A Python of that version, on the path or where pyenv and uv keep theirs."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR", Path.home() / ".local" / "share" / "uv" / "python"))
    kept = [*pyenv.glob(f"{version}.*/bin/python{version}"), *uv.glob(f"*-{version}.*/bin/python{version}")]
    found = [*map(str, sorted(kept)), shutil.which(f"python{version}")]
    return next((path for path in found if path is not None), None)


@pytest.mark.slow
def test_receipts_and_evidence_are_the_same_bytes_under_every_hash_seed() -> None:
    """Sets are sorted wherever they are written."""
    first, *others = (written(PYTHONHASHSEED=seed) for seed in ("0", "1", "2", "12345"))
    assert len(first.splitlines()) == 24
    assert [first] * 3 == others


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
def test_receipts_and_evidence_are_the_same_bytes_under_each_version_of_python(version: str) -> None:
    """Of those that are supported: a digest that was kept under one is compared under another."""
    python = interpreter(version)
    if python is None:
        pytest.skip(f"no Python {version} is found on the path, or where pyenv and uv keep theirs")
    assert written() == written(python)
