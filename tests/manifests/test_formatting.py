"""`fmt`: one layout, and nothing lost on the way there."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from reconciler.cli.entry import run
from reconciler.manifests import ordering
from reconciler.manifests.rewriting import NotFormattedError, formatted
from reconciler.manifests.yaml import Reading, read
from reconciler.manifests.yaml.writing import document_text
from tests.manifests.test_yaml_layouts import DATA, Layouts, typed

ROOT = Path(__file__).parents[2]

UNTIDY = """\
# yaml-language-server: $schema=x
kind:   Dataset
apiVersion: reconciler/v1
spec:
    # the tags
    tags:
    - gold
    - "x\\u202ey"     # why
    owner: user:ada

    permissions:
      grants:
      - {principal: user:bo,access: CAN_VIEW}
      # for the audit
      - principal: user:cy
        access: CAN_EDIT
      mode: additive
metadata:
    # first
    target: acme
    name: 'or''ders'
# the end
---
# second
kind: Profile
metadata: {name: p}
apiVersion: reconciler/v1
spec: {}
"""

TIDY = """\
# yaml-language-server: $schema=x
apiVersion: reconciler/v1
kind: Dataset
metadata:
  name: 'or''ders'
  # first
  target: acme
spec:
  owner: user:ada

  # the tags
  tags:
    - gold
    - "x\\u202ey"     # why
  permissions:
    mode: additive
    grants:
      - {principal: user:bo, access: CAN_VIEW}
      # for the audit
      - principal: user:cy
        access: CAN_EDIT
# the end
---
# second
apiVersion: reconciler/v1
kind: Profile
metadata: {name: p}
spec: {}
"""


def test_an_untidy_file_becomes_tidy() -> None:
    """Indentation, spaces and the order of keys change; comments, quotes, escapes and empty lines stay."""
    assert formatted(UNTIDY) == TIDY
    assert formatted(TIDY) == TIDY
    assert formatted("\ufeff" + UNTIDY.replace("\n", "\r\n")) == TIDY


def test_documents_of_a_file_are_each_looked_at_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice as many are twice the work, wherever they begin and end."""
    seen: list[int] = []

    def counted(text: str) -> Reading:
        seen.append(len(text))
        return read(text)

    monkeypatch.setattr(ordering, "read", counted)
    inner = "spec:\n  tags: [x]\n  owner: user:ada\nkind: Dataset\n"
    tidy = "kind: Dataset\nspec:\n  owner: user:ada\n  tags: [x]\n"
    text = f"%YAML 1.2\n---\n{inner}# a\n--- # b\n{inner}...\n# c\n{inner}...\n%YAML 1.2\n---\na: |\n  ---\n"
    assert ordering.in_order(text) == text.replace(inner, tidy)
    work = []
    for count in (10, 20, 40):
        seen.clear()
        assert ordering.in_order(f"---\n{inner}" * count) == f"---\n{tidy}" * count
        work.append(sum(seen))
    assert work[1:] == [2 * work[0], 4 * work[0]]


@settings(max_examples=100, deadline=None)
@given(data=DATA, seed=st.integers(0, 2**32))
def test_formatting_never_changes_data_and_settles_at_once(data: object, seed: int) -> None:
    """Any layout of any data: the same data, or a refusal; and formatting the result changes nothing."""
    text = Layouts(Random(seed)).document(data)  # noqa: S311
    try:
        new = formatted(text)
    except NotFormattedError:
        return
    assert typed(read(new).documents[0].data) == typed(read(text).documents[0].data)
    assert formatted(new) == new


@pytest.mark.parametrize("path", sorted((ROOT / "manifests").rglob("*.yaml")), ids=lambda path: path.name)
def test_the_example_is_in_the_canonical_layout(path: Path) -> None:
    """What we show is what `fmt` writes."""
    assert formatted(path.read_text("utf-8")) == path.read_text("utf-8")


def test_check_tells_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`fmt --check` is for CI; `fmt` writes; then the check passes."""
    monkeypatch.chdir(tmp_path)
    path = Path("manifests/a.yaml")
    path.parent.mkdir()
    path.write_text(UNTIDY)
    path.chmod(0o640)
    assert run(["fmt", "--check"]) == 1
    assert path.read_text() == UNTIDY
    assert run(["fmt"]) == 0
    assert path.read_text() == TIDY
    assert path.stat().st_mode & 0o777 == 0o640
    assert run(["fmt", "--check", "manifests/a.yaml"]) == 0
    assert capsys.readouterr() == (
        "would change manifests/a.yaml\nformatted manifests/a.yaml\n1 file is in the canonical layout.\n",
        "",
    )
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="there, no file can be called so")
def test_a_file_s_name_steers_no_terminal_and_commands_no_runner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A pull request may hold a file of any name, and CI prints which ones `fmt --check` would change."""
    monkeypatch.chdir(tmp_path)
    names = ("a\n::error::b.yaml", "b\x1b]0;title\a.yaml", "c\u202elmay.yaml", "d ##[error].yaml")
    for name in names:
        Path(name).write_text(UNTIDY)
    assert (run(["fmt", "--check", "."]), run(["fmt", "."])) == (1, 0)
    told = [r"a\u000a::error::b.yaml", r"b\u001b]0;title\u0007.yaml", r"c\u202elmay.yaml", r"d ##\u005berror].yaml"]
    lines = [f"{done} {name}\n" for done in ("would change", "formatted") for name in told]
    assert capsys.readouterr() == ("".join(lines), "")


def test_what_cannot_be_formatted_stays_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A broken file does not keep the others from being formatted."""
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("a: [1")
    Path("b.yaml").write_text(UNTIDY)
    Path("c.yaml").write_text("a: 1.161221714486619e+56\n")
    assert run(["fmt", "."]) == 1
    out, err = capsys.readouterr()
    assert out == "formatted b.yaml\n"
    assert err == (
        "Error:\n"
        "a.yaml:1:6: yaml-syntax The '[' on line 1 is not closed, or a ',' is missing before this.\n"
        "  Add the ']' or the ','.\n"
        "c.yaml:1:1: not-formatted it cannot be laid out: its data would not be the same; it stays as it is\n"
    )
    assert Path("a.yaml").read_text() == "a: [1"
    assert run(["fmt", "d.yaml"]) == 1
    assert "d.yaml:1:1: unreadable-file there is no such file or folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    ["1e400", "9" * 70, "1_000", "1_0.5", "0b101", "0x1_f", "1.5_0e3", "1_", "3.1_rc", "1_0:30", "0:5._", "2026-01-01"],
)
def test_a_text_that_somebody_takes_for_a_number_is_written_so_that_nobody_does(text: str) -> None:
    """It is read as the text it is, and its layout is the one that `fmt` leaves."""
    written = document_text({"apiVersion": "reconciler/v1", "kind": "Dataset", "spec": {"tags": [text]}})
    (document,) = read(written).documents
    assert document.data == {"apiVersion": "reconciler/v1", "kind": "Dataset", "spec": {"tags": [text]}}
    assert formatted(written) == written
    assert YAML(typ="safe", pure=True).load(f"%YAML 1.1\n---\n{written}")["spec"]["tags"] in (
        [text],
        [date(2026, 1, 1)],
    )


@pytest.mark.parametrize(
    "text",
    [
        "a: [{id: x}, {b: {c: d}}, [{e: f}]]\n",
        "a: # b\n  - {id: x} # c\n  - id: y\n    f: z\n",
        "a: # b\n  - {} # c\n  - id: y\n    f: z\n",
        "a: null # b\nc: null\nd: [null, {e: null}]\nf:\n  - null # g\n  - h\n",
    ],
    ids=["braces-of-one-key", "comments-behind-list-and-item", "comment-behind-nothing", "null"],
)
def test_what_ruamel_would_write_in_another_way_stays(text: str) -> None:
    """Braces, `null` and the place of a comment are not ours to change, nor a reason to refuse a file."""
    assert formatted(text) == text
