"""Sixty hostile names in every sink: terminal, log, Markdown, HTML, XML, JSON, annotations. Nothing gets out."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from unicodedata import category

import pytest
from markdown_it import MarkdownIt

from tests.report.report_hostile import HOSTILE

from .rendered import ANNOTATIONS, JSONS, MARKDOWNS, PAGES, TEXTS, XMLS, Render

EVERY = pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
GFM = MarkdownIt("gfm-like")

HTML = re.compile(r"<!-- reconciler:[a-z]+ -->\n?|<details( open)?><summary>[A-Za-z ]+</summary>\n|</details>\n")
"""The only HTML that a comment may hold."""


def every(*sinks: Mapping[str, Render]) -> pytest.MarkDecorator:
    """Each rendering of `sinks`, by its name."""
    renders = {f"{name}-{number}": render for number, sink in enumerate(sinks) for name, render in sink.items()}
    return pytest.mark.parametrize("render", renders.values(), ids=list(renders))


def commands(text: str) -> list[str]:
    """The lines a runner takes for commands: a port of actions/runner, ActionCommand.TryParseV2 and TryParse.

    Azure Pipelines, whose agent that runner comes from, and TeamCity have a word between the last two characters.
    """
    return [line for line in text.splitlines() if line.strip().startswith("::") or re.search(r"##\w*\[", line)]


def steers(text: str) -> list[str]:
    """Characters that steer a terminal, or hide themselves or others."""
    return [each for each in text if each != "\n" and (category(each)[0] == "C" or category(each) in {"Zl", "Zp"})]


@EVERY
@every(TEXTS, MARKDOWNS, JSONS, XMLS, PAGES)
def test_no_line_commands_a_runner_and_no_character_steers(render: Render, name: str) -> None:
    """Whatever is printed may end in the log of a CI job, and in a terminal."""
    text = render(name)
    assert steers(text.replace("\t", "")) == []
    if render not in JSONS.values() and render not in XMLS.values() and render not in PAGES.values():
        assert commands(text) == []


@EVERY
@every(MARKDOWNS)
def test_markdown_holds_no_markup_of_a_stranger(render: Render, name: str) -> None:
    """An independent GFM parser sees our tables and folds; every name is inside a code span or a fence."""
    tokens = GFM.parse(render(name))
    assert [token.content for token in tokens if token.type == "html_block" and not HTML.fullmatch(token.content)] == []
    inner = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inner} <= {
        "text",
        "code_inline",
        "strong_open",
        "strong_close",
        "em_open",
        "em_close",
    }
    plain = "".join(child.content for child in inner if child.type == "text")
    assert re.search(r"@\w|https?:|www\.|#\d|GH-\d|<\w", plain) is None
    for table in re.findall(r"<table>.*?</table>", GFM.render(render(name)), re.DOTALL):
        rows = re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
        assert len({len(re.findall(r"<t[hd]", row)) for row in rows}) == 1


@EVERY
@every(JSONS)
def test_json_is_json(render: Render, name: str) -> None:
    """A reader gets a value, whatever the names."""
    assert isinstance(json.loads(render(name)), dict)


@EVERY
@every(XMLS)
def test_xml_is_xml(render: Render, name: str) -> None:
    """A reader gets as many cases as there are findings, and no element of a stranger's."""
    root = ET.fromstring(render(name))  # noqa: S314 - our own text
    assert {element.tag for element in root.iter()} == {"testsuites", "testsuite", "testcase", "failure", "system-out"}
    assert len(root.findall(".//testcase")) == 3


@EVERY
@every(ANNOTATIONS)
def test_an_annotation_is_one_command(render: Render, name: str) -> None:
    """Each line is a command of ours with properties of ours, and there are as many as findings."""
    lines = render(name).splitlines()
    assert len(lines) == 3
    assert steers("".join(lines)) == []
    for line in lines:
        match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        assert match is not None
        assert {item.partition("=")[0] for item in match[2].split(",")} <= {"file", "line", "col", "title"}
        assert "\r" not in match[3]
