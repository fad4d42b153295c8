"""Hostile names reach no sink as anything but text."""

from __future__ import annotations

import json
import re
from unicodedata import category

import pytest
from markdown_it import MarkdownIt

from reconciler.report.safe import annotation, json_text, md_code, safe_text, terminal
from tests.report.report_hostile import HOSTILE

EVERY = pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
GFM = MarkdownIt("gfm-like")

COMMAND = re.compile(r"^\s*::|##\w*\[")
"""What a GitHub runner takes for a workflow command (actions/runner, ActionCommand.cs)."""


def steers(text: str) -> list[str]:
    return [character for character in text if category(character)[0] == "C" or category(character) in {"Zl", "Zp"}]


def test_there_are_sixty_hostile_names() -> None:
    """The collection is as large as it says, without repetitions."""
    assert len(set(HOSTILE)) >= 60


@EVERY
def test_nothing_steers_a_terminal(name: str) -> None:
    """No control, bidi, zero-width or separator character is left, and the text is not too long."""
    shown = terminal(name)
    assert steers(shown) == []
    assert len(shown) < 1_100


@EVERY
def test_no_line_is_a_workflow_command(name: str) -> None:
    """A runner finds no command, wherever a line is broken before a word."""
    shown = terminal(name)
    assert [line for line in [shown, *shown.split(" ")] if COMMAND.search(line)] == []


@EVERY
@pytest.mark.parametrize("cell", [False, True], ids=["line", "cell"])
def test_a_name_in_markdown_is_one_code_span(name: str, cell: bool) -> None:  # noqa: FBT001 - a parameter
    """An independent GFM parser sees one code span holding the whole name, and neither link nor HTML."""
    if not name.strip():
        assert md_code(name, cell=cell) == f'"{name}"'
        return
    span = md_code(name, cell=cell)
    text = f"| a | b |\n|---|---|\n| {span} | end |\n" if cell else f"name {span} end\n"
    inline = [token for token in GFM.parse(text) if token.type == "inline"]
    children = [child for token in inline for child in token.children or [] if child.type != "text"]
    assert [child.type for child in children] == ["code_inline"]
    assert children[0].content == terminal(name, 200)
    assert [token.content for token in inline[-1:]] == (["end"] if cell else [f"name {span} end"])


@EVERY
def test_an_annotation_is_one_line_with_its_own_properties(name: str) -> None:
    """Nothing in a name ends the command, adds a property or starts a second command."""
    line = annotation("error", name, file=f"{name}.yaml", line=3, column=5, title=name)
    assert steers(line) == []
    properties, _, _ = line.removeprefix("::error ").partition("::")
    assert [item.partition("=")[0] for item in properties.split(",")] == (
        ["file", "line", "col", "title"] if name else ["file", "line", "col"]
    )


@EVERY
def test_json_stays_the_same_value(name: str) -> None:
    """Harmful characters become escapes that a JSON reader takes back."""
    text = json_text(json.dumps({name: [name]}, ensure_ascii=False, indent=2))
    assert json.loads(text) == {name: [name]}
    assert set(steers(text)) <= {"\n"}


def test_long_names_keep_both_ends() -> None:
    """The middle of a long name is left out, and how much of it."""
    assert safe_text("a" * 50 + "-" * 100 + "z" * 50, 40) == "a" * 30 + "...[160 characters]..." + "z" * 10


def test_harmless_text_is_left_alone() -> None:
    """Umlauts, CJK, emoji and backslashes print as they are."""
    assert terminal("Müller 売上 🎉 a\\b C::D") == "Müller 売上 🎉 a\\b C::D"


NOBODY_SEES = "\u034f\u115f\u1160\u17b4\u180b\u2800\u3164\ufe0f\uffa0\U000e0100\xa0\u2003\u3000"


@pytest.mark.parametrize("character", NOBODY_SEES, ids=ascii)
def test_two_names_never_look_the_same_for_what_nobody_sees(character: str) -> None:
    """Letters, marks and symbols without a shape, and spaces that look like the plain one."""
    code = ascii(character)[1:-1].replace("\\x", "\\u00")
    assert terminal(f"user:ada{character}") == f"user:ada{code}"
    assert md_code(f"user:{character}ada") == f"`user:{code}ada`"
    assert json.loads(text := json_text(json.dumps(character, ensure_ascii=False))) == character
    assert text.isascii()


def test_escapes_tell_which_character_it_was() -> None:
    """Each character is shown by its number."""
    assert safe_text("\x1b\u202e\U000e0041") == "\\u001b\\u202e\\U000e0041"
