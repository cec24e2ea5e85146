"""Threads, forks, tasks and reloads: what the guide shows of them, and what it says beside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import pytest

import guides
import residency
from residency import BadFile, BadInput, Receipt, Resolver, Tenant, load_register

EXAMPLE = Path(residency.__file__).parent / "registers" / "example.toml"
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the guide's examples leave."""
    return guides.run("threads-and-workers", tmp_path_factory.mktemp("guide"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A register file that may be replaced."""
    path = tmp_path / "register.toml"
    replace(path, EXAMPLE.read_text("utf-8"))
    return path


def replace(path: Path, text: str) -> None:
    """Put another file in its place, written later than the one before."""
    after = path.stat().st_mtime_ns + 1_000_000_000 if path.exists() else 1_000_000_000
    written = path.with_suffix(".new")
    written.write_text(text, "utf-8")
    os.utime(written, ns=(after, after))
    written.replace(path)


def moved(text: str) -> str:
    """The register, with its customers in the EU hosted in region US."""
    return text.replace('customers = ["EU"]\nhome = "EU"', 'customers = ["EU"]\nhome = "US"')


def region(resolver: Resolver) -> str | None:
    """Where a customer in Bulgaria is."""
    return resolver.resolve(Tenant("BG"), as_of=TODAY).region


def test_a_register_is_loaded_again_only_when_its_file_was_written(names: dict[str, Any], file: Path) -> None:
    """And it is told whether its meaning changed, which other words do not."""
    current = names["Current"](file)
    first = current.resolver
    assert (False, True) == (current.reload(), current.resolver is first)
    replace(file, EXAMPLE.read_text("utf-8").replace('name = "EU region"', 'name = "European region"'))
    assert (False, "European region") == (current.reload(), current.resolver.register.hosting_regions[0].name)
    replace(file, moved(EXAMPLE.read_text("utf-8")))
    assert (True, "US", "EU") == (current.reload(), region(current.resolver), region(first))


@pytest.mark.parametrize("text", ["", "format = 1\n", EXAMPLE.read_text("utf-8")[:3000]])
def test_a_file_that_is_not_in_order_leaves_the_old_resolver(names: dict[str, Any], file: Path, text: str) -> None:
    """Until the file is put right; and it is looked at again each time."""
    current = names["Current"](file)
    replace(file, text)
    for _ in range(2):
        with pytest.raises(BadFile):
            current.reload()
        assert "EU" == region(current.resolver)
    replace(file, moved(EXAMPLE.read_text("utf-8")))
    assert (True, "US") == (current.reload(), region(current.resolver))


@pytest.mark.slow
def test_threads_that_ask_while_the_register_is_replaced_get_whole_answers(names: dict[str, Any], file: Path) -> None:
    """Each of one register or of the other: the region is that of the digest beside it."""
    texts = [EXAMPLE.read_text("utf-8"), moved(EXAMPLE.read_text("utf-8"))]
    current, done = names["Current"](file), Event()
    digests = {load_register(file).digest: "EU"}

    def ask() -> set[tuple[str, str | None]]:
        found = set()
        while not done.is_set():
            receipt = current.resolver.resolve(Tenant("BG"), as_of=TODAY).receipt()
            found.add((receipt.digests.digest, receipt.region))
        return found

    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(ask) for _ in range(4)]
        for number in range(1, 9):
            replace(file, texts[number % 2])
            assert current.reload()
            digests[current.resolver.register.digest] = region(current.resolver) or ""
        done.set()
    assert {"EU", "US"} == set(digests.values())
    assert set().union(*(each.result() for each in asked)) <= set(digests.items())


def test_a_register_that_was_not_reviewed_is_refused_by_its_digest(file: Path) -> None:
    """The one that was is taken, in whatever words."""
    digest = load_register(file).digest
    replace(file, EXAMPLE.read_text("utf-8").replace("EU region", "European region"))
    assert digest == load_register(file, digest=digest).digest
    replace(file, moved(EXAMPLE.read_text("utf-8")))
    with pytest.raises(BadInput):
        load_register(file, digest=digest)


def test_a_task_answers_for_the_day_that_it_was_sent(names: dict[str, Any]) -> None:
    """On the day before the register speaks nothing is settled, whenever the worker runs."""
    message = {"tenant": Tenant("BG").to_dict(), "as_of": "2019-06-02"}
    receipt = Receipt.read(names["task"](json.dumps(message)))
    assert (date(2019, 6, 2), None) == (receipt.as_of, receipt.region)


FORKED = """
import multiprocessing
from datetime import date
from residency import Resolver, Tenant, load_register

resolver = Resolver(load_register("example"))


def ask(country):
    return resolver.resolve(Tenant(country), as_of=date(2026, 11, 23)).receipt().digest


if __name__ == "__main__":
    before = [ask("BG")]
    with multiprocessing.get_context({method!r}).Pool(2) as workers:
        forked = workers.map(ask, ["BG", "US", "BR"])
    assert forked == before + [ask("US"), ask("BR")], forked
    print("the same")
"""


@pytest.mark.slow
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_answer_as_the_process_that_made_them(method: str, tmp_path: Path) -> None:
    """Forked with a resolver that was asked before, or spawned with one of their own."""
    if method == "fork" and not hasattr(os, "fork"):
        pytest.skip("this system does not fork")
    script = tmp_path / "workers.py"
    script.write_text(FORKED.format(method=method), "utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, encoding="utf-8", check=False, env=os.environ)
    assert ("the same\n", "") == (done.stdout, done.stderr)
