"""Exit codes are a contract with scripts (contract.md §3)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
import pytest

from reconciler import __version__
from reconciler.cli.entry import run
from reconciler.cli.group import reconciler
from tests.support.playing import TOKEN

MANIFEST = """\
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: roles, target: acme, id: 94a4edfa-5926-4f0c-ad1e-a341f53f6113}
spec: {tags: [governed]}
"""

WORKSPACE = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme: {provider: domo, url: "sandbox:", token: {env: DOMO_TOKEN}}
  other: {provider: domo, url: "sandbox:", token: {file: secret/token}}
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("manifests").mkdir()
    Path("manifests/workspace.yaml").write_text(WORKSPACE)
    Path("manifests/roles.yaml").write_text(MANIFEST)
    return tmp_path


def test_version_and_help_succeed(capsys: pytest.CaptureFixture[str]) -> None:
    """--version and --help are results: stdout, exit 0."""
    assert run(["--version"]) == 0
    assert capsys.readouterr() == (f"reconciler {__version__}\n", "")
    assert run(["plan", "--help"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Usage: reconciler plan [OPTIONS] [COMMAND] [ARGS]...\n")
    assert err == ""


@pytest.mark.parametrize("words", [[], ["plan"], ["audit"], ["retention"], ["sandbox"]], ids=" ".join)
def test_help_fits_80_columns_and_ends_no_sentence_with_dots(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a command does is said in one line, or it is not said."""
    monkeypatch.setenv("COLUMNS", "80")
    assert run([*words, "--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines[1:] if len(line) > 80 or line.endswith("...")] == []


def test_help_and_version_are_found_under_their_other_names(capsys: pytest.CaptureFixture[str]) -> None:
    """`help plan` as git has it, `-V` as compilers do."""
    for words, other in (["help"], ["--help"]), (["help", "plan"], ["plan", "--help"]), (["-V"], ["--version"]):
        assert run(words) == 0
        told = capsys.readouterr()
        assert run(other) == 0
        assert told == capsys.readouterr()
        assert told.out != ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["-w", "x", "plan"],
            "No such option '-w'. It belongs to the command, behind it: reconciler plan -w ...",
        ),
        (
            ["--dataset=x", "drift"],
            "No such option '--dataset'. It belongs to the command, behind it: reconciler drift --dataset ...",
        ),
        (["-w", "x"], "No such option '-w'."),
        (["-w", "x", "schema"], "No such option '-w'."),
    ],
    ids=["short", "long", "no command", "a command without it"],
)
def test_an_option_before_its_command_is_shown_its_place(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other tools take the folder first."""
    assert run(arguments) == 64
    assert capsys.readouterr().err.splitlines()[-1] == f"Error: {told}"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["pln"], id="unknown command"),
        pytest.param(["plan", "--frmat", "json"], id="unknown flag"),
        pytest.param(["plan", "--format", "xml"], id="unknown choice"),
        pytest.param(["plan", "--as-of", "tomorrow"], id="not a date"),
        pytest.param(["plan", "--allow", "everything"], id="unknown guard"),
        pytest.param(["plan", "--allow", "column-dropped@nowhere"], id="not an address"),
        pytest.param(["plan", "--allow", "too-many-changes@acme/roles"], id="one dataset of what is about all"),
        pytest.param(["explain", "no-such-code"], id="unknown code"),
        pytest.param(["schema", "Datset"], id="unknown kind"),
        pytest.param(["apply", "plan.json", "--allow", "column-dropped"], id="a saved plan takes no guards"),
        pytest.param(["show"], id="missing argument"),
    ],
)
def test_wrong_usage_is_64(arguments: list[str], workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not 2: that one means changes."""
    del workspace
    assert run(arguments) == 64
    out, err = capsys.readouterr()
    assert out == ""
    assert "Error: " in err


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["validate", "my files"], "The workspace's folder is named with -w: reconciler validate -w 'my files'\n"),
        (
            ["plan", "my files", "--out", "x"],
            "The workspace's folder is named with -w: reconciler plan -w 'my files'\n",
        ),
        (
            ["audit", "show", "my files"],
            "The workspace's folder is named with -w: reconciler audit show -w 'my files'\n",
        ),
        (["validate", "nowhere"], ""),
        (["schema", "dataset", "my files"], ""),
        (["plan", "--format", "my files"], ""),
    ],
)
def test_a_folder_where_none_belongs_is_shown_its_flag(
    words: list[str], hint: str, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other tools take it as an argument."""
    (workspace / "manifests").rename("my files")
    assert run(words) == 64
    out, err = capsys.readouterr()
    assert (out, err.partition("Error: ")[2].partition("\n")[2]) == ("", hint)


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    "words",
    [
        *(["validate", "-w"], ["audit", "show", "-w"], ["init"], ["fmt"], ["show"], ["apply"], ["plan", "merge"]),
        *(["plan", "--out"], ["drift", "--metrics"], ["export", "--to", "odcs", "--out"], ["apply", "--events"]),
        *(["retention", "simulate", flag] for flag in ("--policy", "--snapshot", "--save-snapshot")),
        *(["sandbox", "serve", "--db"], ["sandbox", "reset", "--db"], ["sandbox", "seed"]),
        ["import", "--target", "acme", "--from", "odcs"],
    ],
    ids=" ".join,
)
def test_a_name_that_is_empty_names_no_folder(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """In a script it is a variable that nobody has set; Python takes it for the folder that one is in."""
    assert run([*words, ""]) == 64
    out, err = capsys.readouterr()
    assert (out, "Invalid value for " in err, err.endswith(": the name is empty.\n")) == ("", True, True)


def test_a_missing_token_names_its_variable(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1, and nothing is guessed."""
    del workspace
    assert run(["plan"]) == 1
    assert capsys.readouterr() == (
        "",
        (
            "Error:\n"
            "manifests/workspace.yaml:4:50: token-missing the token of target acme is missing: "
            "the environment variable DOMO_TOKEN is not set\n"
            "  export DOMO_TOKEN=...\n"
        ),
    )


def test_a_wrong_token_is_said_to_be_refused(
    workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vendor's 401 becomes a sentence; the token itself is never shown."""
    del workspace
    monkeypatch.setenv("DOMO_TOKEN", "canary-domo-token-4711")
    assert run(["plan"]) == 1
    out, err = capsys.readouterr()
    assert "No changes" not in out
    assert "read-failed" in err
    assert "401" in err
    assert "canary-domo-token-4711" not in out + err


def test_a_workspace_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message names what to do."""
    assert run(["validate", "-w", str(tmp_path / "nowhere")]) == 1
    assert capsys.readouterr().err == (
        f"Error:\n{tmp_path}/nowhere:1:1: no-workspace there is no such folder\n"
        "  Name a workspace with -w, or write one with `reconciler init`.\n"
    )


def test_a_selection_that_names_nothing(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A typo in a selection must not look like a clean plan."""
    del workspace
    assert run(["plan", "--dataset", "rols"]) == 1
    assert run(["plan", "--facet", "tag"]) == 1
    assert run(["plan", "--target", "acne"]) == 1
    assert capsys.readouterr() == (
        "",
        (
            "Error:\nnothing-selected: no dataset matches rols\n  Known: acme/roles.\n"
            'Error:\nnothing-selected: there is no facet "tag"\n  Did you mean tags?\n'
            'Error:\nnothing-selected: there is no target "acne"\n  Did you mean acme?\n'
        ),
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", 1, id="empty"),
        pytest.param(b"\x00\xff\xfe", 1, id="bytes"),
        pytest.param(b"{}", 1, id="another document"),
        pytest.param(b'{"format_version": "9.0"}', 1, id="a later version"),
        pytest.param(b'{"format_version": "1.0", "plan_id": "x"}', 4, id="an id that does not fit"),
        pytest.param(b"[" * 100_000, 1, id="deep"),
    ],
)
def test_a_file_that_is_no_plan(
    content: bytes, code: int, workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, never a traceback."""
    monkeypatch.setenv("DOMO_TOKEN", TOKEN)
    (workspace / "plan.json").write_bytes(content)
    for command in (["show", "plan.json"], ["apply", "plan.json"]):
        assert run(command) == code
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("Error:\nplan-unreadable: plan.json cannot be used as a plan: ")
        assert "Traceback" not in err


def test_results_and_diagnostics_are_kept_apart(
    workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`plan --format json` is JSON and nothing else on stdout."""
    import json  # noqa: PLC0415

    del workspace
    monkeypatch.setenv("DOMO_TOKEN", TOKEN)
    assert run(["plan", "--format", "json", "--out", "plan.json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["summary"]["update"] == 1
    assert err == "Saved to plan.json. Next: reconciler apply plan.json\n"
    assert Path("plan.json").stat().st_mode & 0o777 == 0o600
    assert TOKEN not in Path("plan.json").read_text("utf-8")


def test_flags_have_twins_in_the_environment(
    workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """RECONCILER_WORKSPACE stands for --workspace, and so on."""
    Path("manifests").rename("elsewhere")
    monkeypatch.setenv("RECONCILER_WORKSPACE", str(workspace / "elsewhere"))
    monkeypatch.setenv("RECONCILER_DETAILED_EXITCODE", "1")
    monkeypatch.setenv("DOMO_TOKEN", TOKEN)
    assert run(["plan"]) == 2
    assert "acme/roles" in capsys.readouterr().out


def test_every_twin_is_named_as_its_flag_is() -> None:
    """Whatever command it belongs to, and whatever Python calls it."""
    twins = {
        (" ".join(words), flag, variable)
        for words, command in _commands(("reconciler",), reconciler)
        for option in command.params
        if isinstance(option, click.Option) and (variable := option.envvar) is not None
        for flag in [max(option.opts, key=len)]
    }
    assert {flag for _, flag, _ in twins} >= {"--target", "--dataset", "--facet", "--allow", "--all", "--format"}
    wrong = {twin for twin in twins if twin[2] != f"RECONCILER_{twin[1].lstrip('-').replace('-', '_').upper()}"}
    assert not wrong


def _commands(words: tuple[str, ...], command: click.Command) -> Iterable[tuple[tuple[str, ...], click.Command]]:
    yield words, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            if (below := command.get_command(context, name)) is not None:
                yield from _commands((*words, name), below)


@pytest.mark.parametrize("variable", ["RECONCILER_DATASET", "RECONCILER_TARGET", "RECONCILER_FACET"])
def test_what_narrows_a_run_narrows_it_from_the_environment_too(
    variable: str, workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is not there is refused, as it is behind the flag; each line is one, for a name may hold spaces."""
    del workspace
    monkeypatch.setenv("DOMO_TOKEN", TOKEN)
    monkeypatch.setenv(variable, "\nno body\n  no where\r\n\n")
    assert run(["plan"]) == 1
    told = capsys.readouterr().err
    names = ("no body, no where",) if variable == "RECONCILER_DATASET" else ('"no body"\n', '"no where"\n')
    assert [name for name in names if name not in told] == []


def test_a_name_with_spaces_is_one_in_the_environment(
    workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As behind the flag, where the shell's quotes keep it together."""
    manifest = Path("manifests/activity.yaml")
    manifest.write_text(
        "apiVersion: reconciler/v1\nkind: Dataset\n"
        "metadata: {name: Activity Log, target: acme, id: 44c5d1b9-7a26-4369-bf0d-c575bfb168a6}\nspec: {tags: []}\n"
    )
    del workspace
    monkeypatch.setenv("DOMO_TOKEN", TOKEN)
    monkeypatch.setenv("RECONCILER_DATASET", "Activity Log")
    assert run(["plan"]) == 0
    assert capsys.readouterr().out.startswith("No changes.")
