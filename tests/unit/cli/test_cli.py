"""The command line: what it prints, how it exits, and that it never shows a traceback."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from residency import Decision, Resolver, Restriction, Tenant, Verdict, __version__, bundled, load_register
from residency.cli import main

BASE = Path(__file__).parents[2] / "cases" / "base"
BULGARIA = ["resolve", "--country", "BG", "--feature", "voip", "--as-of", "2026-11-23"]
COMMAND = [sys.executable, "-m", "residency"]


def test_the_whole_answer_is_the_explanation(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 0 where a region is settled."""
    assert 0 == main([*BULGARIA, "--full"])
    decision = Resolver(load_register("liveagent")).resolve(Tenant("BG", features={"voip"}), as_of=date(2026, 11, 23))
    assert (decision.explain() + "\n", "") == capsys.readouterr()


def test_reasons_are_those_of_the_explanation(capsys: pytest.CaptureFixture[str]) -> None:
    """Of one region or sub-processor as `explain` gives them; of all, without the sources in full."""
    decision = Resolver(load_register("liveagent")).resolve(Tenant("BG", features={"voip"}), as_of=date(2026, 11, 23))
    for name in ("twilio", "EU"):
        assert 0 == main([*BULGARIA, "--why", name])
        assert decision.explain(name) + "\n" == capsys.readouterr().out
    assert 0 == main([*BULGARIA, "--why", "aws", "--activity", "support"])
    assert decision.explain("aws", activity="support") + "\n" == capsys.readouterr().out
    assert 0 == main([*BULGARIA, "--why"])
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in decision.explain().splitlines() if line and line in set(lines)] == [*filter(None, lines)]
    verdicts = [line for line in lines if line.startswith(tuple(Verdict))]
    assert len(decision.region_answers) + len(decision.sub_processor_answers) == len(verdicts)
    assert 0 == main([*BULGARIA, "--why", "--activity", "support"])
    assert "is not listed for support" in capsys.readouterr().out


@pytest.mark.parametrize("whole", ["--json", "--full"])
def test_the_whole_decision_is_not_narrowed(whole: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is of all activities and data: to ask for both is an error, and not half ignored."""
    assert 2 == main([*BULGARIA, whole, "--activity", "support"])
    message = f"residency: {whole} is the whole decision, of all activities and data\n"
    assert ("", message + f"note: leave out {whole}, or the other\n") == capsys.readouterr()


def test_without_arguments_it_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 0; each example can be run as it stands, but for files of one's own."""
    assert 0 == main([])
    text = capsys.readouterr().out
    examples = re.findall(r"^  residency (.*)$", text, re.MULTILINE)
    assert len(examples) > 5
    for example in examples:
        if "my-vendor" not in example and not example.startswith("table"):
            assert 0 == main(example.split())


@pytest.mark.parametrize("command", ["resolve", "receipt", "replay", "recheck", "list", "check", "table", "format"])
def test_the_help_of_each_command_has_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One line to copy."""
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert 0 == caught.value.code
    assert f"example: residency {command} " in capsys.readouterr().out


def test_the_names_of_a_register_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Of the bundled one unless another is named; as JSON too."""
    assert 0 == main(["list"])
    assert capsys.readouterr().out.startswith("regions of liveagent (4), for --agreed-region\n  EU  European Union")
    assert 0 == main(["list", str(BASE / "register.toml"), "--json"])
    stored = json.loads(capsys.readouterr().out)
    assert ("acme", "--feature") == (stored["register"], stored["features"]["argument"])


def test_the_file_of_a_bundled_register_is_printed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """To start a register of one's own from; of no other file, which is there already."""
    for name in bundled():
        assert 0 == main(["list", name, "--toml"])
        (tmp_path / "mine.toml").write_text(capsys.readouterr().out, "utf-8")
        assert load_register(name) == load_register(tmp_path / "mine.toml")
    assert 2 == main(["list", str(tmp_path / "mine.toml"), "--toml"])
    assert "unknown bundled register" in capsys.readouterr().err


def test_json_is_the_decision_to_store(capsys: pytest.CaptureFixture[str]) -> None:
    """And can be read back."""
    assert 0 == main([*BULGARIA, "--agreed-region", "US", "--consent", "subcontractor-access", "--json"])
    decision = Decision.from_dict(json.loads(capsys.readouterr().out))
    assert ("US", True) == (decision.region, decision.may_touch("subcontractors"))


def test_a_refusal_exits_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    """It is an answer, printed where answers are."""
    assert 1 == main(["resolve", "--country", "BR", "--as-of", "2026-11-23"])
    out, err = capsys.readouterr()
    assert out.startswith("REFUSED: no hosting region is settled and permitted.\n")
    assert "" == err


def test_house_rules_and_a_register_of_ones_own(capsys: pytest.CaptureFixture[str]) -> None:
    """By bundled name or by path."""
    assert 0 == main(["resolve", "--country", "BR", "--house-rules", "rest-of-world", "--as-of", "2026-11-23"])
    assert "The data lives in region US (United States)." in capsys.readouterr().out
    register, rules = str(BASE / "register.toml"), str(BASE / "house-rules.toml")
    arguments = ["resolve", "--country", "JP", "--register", register, "--house-rules", rules]
    assert 0 == main([*arguments, "--as-of", "2026-11-23"])
    assert "The data lives in region US (America)." in capsys.readouterr().out


def test_without_a_day_it_asks_about_today_and_prints_the_day(capsys: pytest.CaptureFixture[str]) -> None:
    """Only here is there a clock."""
    before = date.today()  # noqa: DTZ011 (what the command itself does)
    main(["resolve", "--country", "BG", "--json"])
    asked = date.fromisoformat(json.loads(capsys.readouterr().out)["as_of"])
    assert before <= asked <= date.today()  # noqa: DTZ011


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--country", "UK"],
            "residency: unknown country code 'UK'\nnote: the ISO 3166-1 code of the United Kingdom is 'GB'\n",
        ),
        (["--country", "BG", "--feature", "vopi"], "residency: unknown feature 'vopi'\nnote: did you mean 'voip'?\n"),
        (
            ["--country", "BG", "--consent", "x", "--agreed-region", "EUU"],
            "residency: 2 faults in the tenant\n"
            "  unknown hosting region 'EUU' (did you mean 'EU'?)\n"
            "  unknown consent 'x' (expected one of 'subcontractor-access')\n",
        ),
        (
            ["--country", "BG", "--register", "nowhere.toml"],
            "residency: 1 fault in nowhere.toml\n"
            "  no such file\n"
            "    note: give the path of a file, or the name of a bundled one: example, liveagent\n",
        ),
    ],
)
def test_bad_input_exits_with_two_and_says_what_to_do(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """On standard error, with nothing on standard output."""
    assert 2 == main(["resolve", *arguments])
    assert ("", message) == capsys.readouterr()


@pytest.mark.parametrize("text", ["20261123", "2026-11-31", "tomorrow", "2026-11-23T00:00", ""])
def test_a_day_that_is_none_exits_with_two(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As argparse says it."""
    with pytest.raises(SystemExit) as caught:
        main(["resolve", "--country", "BG", "--as-of", text])
    assert 2 == caught.value.code
    assert f"argument --as-of: expected a day as 2026-11-23, got {text!r}" in capsys.readouterr().err


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    """Of the library."""
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert (0, f"residency {__version__}\n") == (caught.value.code, capsys.readouterr().out)


def test_help_says_that_it_is_no_legal_advice(capsys: pytest.CaptureFixture[str]) -> None:
    """And what the exit statuses mean."""
    for arguments, words in ((["--help"], "no legal advice"), (["resolve", "--help"], "Exit status")):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert 0 == caught.value.code
        assert words in capsys.readouterr().out


def test_an_interruption_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C exits as a shell expects it, without a word."""

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("residency.cli.commands.load_register", interrupted)
    assert 128 + signal.SIGINT == main(BULGARIA)
    assert ("", "") == capsys.readouterr()


def test_streams_of_another_kind_are_written_to_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program may have replaced standard output, or have no standard error at all."""
    out = io.StringIO()
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setattr("sys.stderr", None)
    assert (0, 2) == (main(BULGARIA), main(["resolve", "--country", "UK"]))
    assert out.getvalue().startswith("The data lives in region EU")
    assert "unknown country" not in out.getvalue()


def run(*arguments: str, under: str = "", **options: object) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own; `under` says what a shell does to its streams."""
    shell = ["sh", "-c", f'exec "$@" {under}', "sh"] if under else []
    return subprocess.run([*shell, *COMMAND, *arguments], stderr=subprocess.PIPE, check=False, **options)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize(("arguments", "status"), [(BULGARIA, 0), (["resolve", "--country", "BR"], 1), (["--help"], 0)])
def test_a_closed_pipe_is_quiet_and_keeps_the_exit_status(arguments: list[str], status: int) -> None:
    """Whoever reads only the first lines still learns whether a region is settled."""
    reading, writing = os.pipe()
    os.close(reading)
    done = run(*arguments, stdout=writing)
    os.close(writing)
    assert (status, b"") == (done.returncode, done.stderr)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_an_answer_that_cannot_be_written_is_no_answer() -> None:
    """A full disk must not look like a settled region."""
    with Path("/dev/full").open("wb") as full:
        done = run(*BULGARIA, stdout=full)
    assert (2, b"residency: the answer cannot be written: No space left on device\n") == (done.returncode, done.stderr)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_help_that_cannot_be_written_is_no_success() -> None:
    """As with answers."""
    with Path("/dev/full").open("wb") as full:
        assert [2, 2] == [run(argument, stdout=full).returncode for argument in ("--help", "--version")]


@pytest.mark.parametrize(
    "arguments",
    [BULGARIA, ["check", "liveagent"], ["table", "liveagent"], ["format"], ["--version"], ["--help"], []],
    ids=" ".join,
)
def test_an_answer_without_an_output_is_no_answer(arguments: list[str]) -> None:
    """Where standard output is closed the exit status is 2, and it is said on standard error, if there is one."""
    for closed, said in ((">&-", True), (">&- 2>&-", False)):
        done = run(*arguments, under=closed)
        message = (
            b"residency: the answer cannot be written: standard output is closed\nnote: send it to a file or a pipe\n"
        )
        assert (2, message if said else b"") == (done.returncode, done.stderr)


@pytest.mark.parametrize(("arguments", "status"), [(BULGARIA, 0), (["resolve", "--country", "UK"], 2), (["x"], 2)])
def test_closed_standard_error_changes_no_answer(arguments: list[str], status: int) -> None:
    """Nor does what would be said there go to standard output."""
    done = run(*arguments, under="2>&-", stdout=subprocess.PIPE)
    assert (status, status == 0) == (done.returncode, bool(done.stdout))


@pytest.mark.slow
def test_the_same_bytes_in_any_locale() -> None:
    """UTF-8, whatever the terminal says it speaks; text that is no Unicode is shown escaped."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHON"))}
    path = {"PYTHONPATH": os.environ["PYTHONPATH"]} if "PYTHONPATH" in os.environ else {}
    ascii_only = {**plain, **path, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    first = run(*BULGARIA, "--full", stdout=subprocess.PIPE)
    second = run(*BULGARIA, "--full", stdout=subprocess.PIPE, env=ascii_only)
    assert "Услуга".encode() in first.stdout
    assert (first.stdout, b"") == (second.stdout, second.stderr)
    wrong = run("resolve", "--country", "BG", "--feature", "\udcff", stdout=subprocess.PIPE)
    assert (2, b"", True) == (wrong.returncode, wrong.stdout, wrong.stderr.startswith(b"residency: unknown feature"))


def test_check_tells_what_is_found_and_whether_the_cases_hold(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Exit status 0 for a sound register, whose own contradictions are told; 1 for a fault or a case that fails."""
    assert 0 == main(["check", str(BASE / "versions.toml"), "-v"])
    lines = capsys.readouterr().out.splitlines()
    assert "register versions of 1 January 2024 (Acme, Ltd., Acme, Ltd.)" == lines[0]
    grades = [line.partition(":")[0] for line in lines[1:]]
    assert ["conflict", "conflict", "change", "change", "gap"] == grades[:5]
    assert "1 of 1 cases hold" in lines
    assert "14 laws and claims: 12 proved, 2 about nothing" == lines[-1]

    text = (BASE / "versions.toml").read_text("utf-8")
    path = tmp_path / "v.toml"
    path.write_text(text.replace('answer = "permitted"', 'answer = "prohibited"'), "utf-8")
    assert 1 == main(["check", str(path), "-v"])
    assert [
        "case fails at $.cases[0]: mail was Oldmail's",
        "  oldmail is PERMITTED, not PROHIBITED: Oldmail (oldmail) is listed for service: mail",
        "0 of 1 cases hold",
    ] == [line for line in capsys.readouterr().out.splitlines() if "oldmail is PERM" in line or "case" in line]

    path.write_text(text.replace("notified = 2023-12-01", "notified = 2024-03-01"), "utf-8")
    assert 1 == main(["check", str(path), "-v"])
    assert "fault: newmail is authorised for mail on 2024-02-01, before notice" in capsys.readouterr().out

    path.write_text(text.replace("published = 2024-01-01\nspeaks_from", "speaks_from"), "utf-8")
    assert 0 == main(["check", str(path), "-v"])
    assert "register versions undated (Acme, Ltd., Acme, Ltd.)" == capsys.readouterr().out.splitlines()[0]


def test_check_refuses_a_broken_file_with_all_of_its_faults(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Exit status 2, on standard error, one line for each fault."""
    path = tmp_path / "v.toml"
    text = (BASE / "versions.toml").read_text("utf-8")
    path.write_text(text.replace('ask = "oldmail"', 'ask = "oldmial"').replace('kind = "hosting"', ""), "utf-8")
    assert 2 == main(["check", str(path), "-v"])
    out, err = capsys.readouterr()
    assert "" == out
    assert "unknown hosting region or sub-processor 'oldmial' at $.cases[0].ask" in err


def test_check_shows_one_screen_first(capsys: pytest.CaptureFixture[str]) -> None:
    """Whether the register is sound; the whole report where it is asked for."""
    assert 0 == main(["check", str(BASE / "versions.toml")])
    assert capsys.readouterr().out.startswith(
        "Sound: no faults; 1 of 1 cases pass; 12 laws and claims proved, 2 vacuous."
    )


@pytest.mark.slow
def test_the_bundled_register_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    """By its name."""
    assert 0 == main(["check", "liveagent", "-v"])
    assert capsys.readouterr().out.startswith(
        "register liveagent of 28 October 2019 (LiveAgent, Quality Unit, s. r. o.)"
    )


def test_format_prints_the_reference_and_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    """In Markdown, or as JSON Schema."""
    assert 0 == main(["format"])
    assert capsys.readouterr().out.startswith("# The register format\n")
    assert 0 == main(["format", "--json"])
    assert "a register of the library residency" == json.loads(capsys.readouterr().out)["title"]


def test_an_undated_list_is_answered_as_undated(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """In words, and in the decision that is stored."""
    path = tmp_path / "v.toml"
    text = (BASE / "versions.toml").read_text("utf-8")
    path.write_text(text.replace("published = 2024-01-01\nspeaks_from", "speaks_from"), "utf-8")
    arguments = ["resolve", "--country", "DE", "--register", str(path), "--as-of", "2023-01-01"]
    assert 0 == main([*arguments, "--full"])
    assert "Acme, Ltd. (Acme, Ltd.), register versions undated." == capsys.readouterr().out.splitlines()[0]
    assert 0 == main([*arguments, "--json"])
    stored = json.loads(capsys.readouterr().out)
    assert "published" not in stored["register"]
    assert stored == Decision.from_dict(stored).to_dict()


def test_every_fact_and_demand_of_a_tenant_can_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    """The stored tenant is the one that was meant; places of one kind make one demand."""
    facts = ["--agreement", "contract", "--switched-off", "chat", "--attribute", "plan=paid", "--objection", "mail"]
    demands = ["--within", "EEA", "--within", "CH", "--never-in", "IN", "--never-registered-in", "US"]
    asked = ["resolve", "--country", "DE", "--register", str(BASE / "register.toml"), "--as-of", "2024-06-01", "--json"]
    main([*asked, *facts, *demands])
    tenant = Tenant(
        "DE",
        agreements={"contract"},
        switched_off={"chat"},
        attributes={"plan": "paid"},
        restrictions={
            Restriction(within={"EEA", "CH"}),
            Restriction(never_in={"IN"}),
            Restriction(never_registered_in={"US"}),
        },
        objections={"mail"},
    )
    assert tenant == Decision.from_dict(json.loads(capsys.readouterr().out)).tenant


@pytest.mark.parametrize("text", ["plan", "=paid", "plan="])
def test_an_attribute_without_a_value_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 2, with what would have been accepted."""
    with pytest.raises(SystemExit) as caught:
        main(["resolve", "--country", "DE", "--attribute", text])
    assert 2 == caught.value.code
    assert f"expected an attribute as NAME=VALUE, got {text!r}" in capsys.readouterr().err
