"""Faults planted in the rules of the bundled register, never in its claims: `residency check` finds each of them."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

import residency
from residency.cli import main

pytestmark = pytest.mark.slow

REGISTER = (Path(residency.__file__).parent / "registers" / "liveagent.toml").read_text("utf-8")
RULES, CLAIMS = REGISTER.split("# --- Claims", 1)

FAULTS = {
    "Amazon stores anywhere": (
        'purpose = "servers", basis = ["43"]',
        'purpose = "servers", places = "worldwide", basis = ["43"]',
    ),
    "Amazon stores in all regions": (
        'purpose = "servers", basis = ["43"]',
        'purpose = "servers", regions = ["EU", "SG", "UK", "US"], basis = ["43"]',
    ),
    "the consent gate is dropped": ('when = { consent = "subcontractor-access" }, only = ["56b", "R9"], ', ""),
    "the consent gate asks for a feature": (
        'when = { consent = "subcontractor-access" }',
        'when = { feature = "voip" }',
    ),
    "VoIP for everybody": ('when = { feature = "voip" }, only = ["R5"], ', ""),
    "Websupport is open to every customer": ('when = { customer_in = "EU" }, only = ["R3", "R5"], ', ""),
    "Norway is in the customer region EU": ('customers = ["EU"]                       #', 'customers = ["EU", "NO"] #'),
    "Bulgaria is in the customer region UK": ('customers = ["GB"]\nhome', 'customers = ["GB", "BG"]\nhome'),
    "everyone else is at home in the EU": (
        'customers = ["SG"]\nhome = "SG"\nbasis = ["R2"]\n',
        'customers = ["SG"]\nhome = "SG"\nbasis = ["R2"]\n\n[[customer_regions]]\nid = "rest"\n'
        'customers = "everyone else"\nhome = "EU"\nbasis = ["R2"]\n',
    ),
    "the register speaks a day early": ("published = 2019-10-28", "published = 2019-10-28\nspeaks_from = 2019-10-27"),
    "the register speaks a day late": ("published = 2019-10-28", "published = 2019-10-28\nspeaks_from = 2019-10-29"),
    "a row ends": ('regions = ["UK"], places', 'until = 2024-01-01, regions = ["UK"], places'),
    "a row begins late": ('regions = ["EU"], places', 'since = 2020-01-01, regions = ["EU"], places'),
    "nobody stores in the UK": (
        '{ activity = "hosting", purpose = "servers", regions = ["UK"], places = "as the region", basis = ["40"] },',
        "",
    ),
    "the UK is within the EU": ('places = ["GB"]\nbasis = ["40", "R1"]', 'places = ["EU"]\nbasis = ["40", "R1"]'),
}


def checked(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit status of the check, and what it says."""
    status = main(["check", str(path), "-v"])
    return status, capsys.readouterr().out


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found_with_a_test_that_fails(
    fault: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The smallest tenant that shows it is a test to paste, which holds of the register without the fault."""
    sound, faulty = FAULTS[fault]
    assert 1 == RULES.count(sound)
    path = tmp_path / "faulty.toml"
    path.write_text(RULES.replace(sound, faulty) + "# --- Claims" + CLAIMS, "utf-8")
    status, said = checked(path, capsys)
    assert 1 == status
    broken = re.findall(r"^broken: .*\n  [\d,]+ answers break it; .*\n\n((?:    .*\n|\n)+)", said, re.MULTILINE)
    assert broken
    for code in broken:
        test = textwrap.dedent(code)
        with pytest.raises(AssertionError):
            run(test)
        run(test.replace(repr(str(path)), "'liveagent'"))


def run(code: str) -> None:
    """Run the one test that the code defines."""
    names: dict[str, object] = {}
    exec(compile(code, "pasted", "exec"), names)
    (test,) = (value for name, value in names.items() if name.startswith("test_"))
    assert callable(test)
    test()


def test_a_house_rule_that_permits_what_is_prohibited_is_refused_with_its_clause(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Whether it says so outright, or places a customer whom the register places."""
    head = 'format = 1\nregister = "liveagent"\ndecided_by = "x"\ndecided_on = 2026-11-23\n'
    rules = tmp_path / "rules.toml"
    region = '[[customer_regions]]\nid = "be"\ncustomers = ["BG"]\nhome = "US"\nbecause = "cheap"\n'
    for text, said in ((region, "R2"), ('[[permit]]\nwho = "websupport"\n', "can never permit")):
        rules.write_text(head + text, "utf-8")
        assert 2 == main(["check", "liveagent", "--house-rules", str(rules)])
        assert said in capsys.readouterr().err


def test_the_bundled_register_and_its_example_of_house_rules_are_proved(capsys: pytest.CaptureFixture[str]) -> None:
    """Every law and claim, for every point; claims are about the register alone, whatever house rules add."""
    for more in ([], ["--house-rules", "rest-of-world"]):
        assert 0 == main(["check", "liveagent", "-v", *more])
        said = capsys.readouterr().out
        counts = re.findall(r"^proved: .* \(([\d,]+) of ([\d,]+) points", said, re.MULTILINE)
        assert 32 < len(counts)
        assert all(covered == of for covered, of in counts)
        assert "broken" not in said
