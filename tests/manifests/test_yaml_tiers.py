"""The two readers against each other, and against ruamel.yaml: what the quick one takes, all three see alike."""

from __future__ import annotations

import io
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor

from reconciler.core.diagnostics import Diagnostic
from reconciler.manifests.files import File
from reconciler.manifests.manifest import Written
from reconciler.manifests.reading import Folder, read_file, with_places
from reconciler.manifests.yaml import again, place_below, quick, read
from reconciler.manifests.yaml.writing import document_text
from tests.manifests.manifest_strategies import manifests, mutated
from tests.manifests.test_yaml_layouts import DATA, Layouts, typed

KEYS = ("a", "b", "kind", "metadata", "x-y", "nullable", "true", "Null", "é")
SCALARS = (
    *("", "x", "two words", "user:#900", "a:b", "https://x.example/y?z", "e5", "inf", "nan", "yes", "NO", "on", "True"),
    *("null", "~", "0", "7", "007", "1.50", "1e3", ".5", "-1", "0x1F", "0o17", "1_000", "12:30", "2026-01-31", "30d"),
    *("1y6m", "30%", "'it'", '"it"', '"a\\tb"', "'it''s'", "'# no'", "x # yes", "x #", "#", "*a", "&a", "!t", "|", ">"),
    *("[]", "{}", "[x, y]", "{a: b}", "[{a: b}, {a: c}]", "{a: [x, {b: y}]}", "[x,y]", "[x", "x]", "{a: b", "[a: b]"),
    *("{a: b, a: c}", "[[[[[[x]]]]]]", "- x", "a: b", "a:", "94a4edfa-5926-4f0c-ad1e-a341f53f6113", "1234e567", "² ٣"),
    *("%x", "@x", "`x", "x\t", "\tx", "x  ", "a,b", "x, y", "?x", "<<", "---", "..."),
)


def lines(random: Random) -> str:
    """A few lines that look like a manifest's, each at any indentation: mostly no YAML at all."""
    written = []
    column = 0
    for _ in range(random.randint(1, 7)):
        column = max(0, min(14, column + random.choice((0, 0, 0, 1, 2, 2, -1, -2, -2, 4))))
        key = random.choice((f"{random.choice(KEYS)}:", f"- {random.choice(KEYS)}:", "-", "", "#"))
        value = random.choice(SCALARS)
        gap = " " if random.random() < 0.95 else random.choice(("", "  "))
        written.append(" " * column + (key + gap + value).rstrip(" ") + random.choice(("", "", "", " ", " # why", "#")))
    return random.choice(("\n", "\n", "\n", "\r\n")).join(written) + random.choice(("", "\n", "\n\n"))


class Plain(SafeConstructor):
    """ruamel turns days into dates, which the core schema of YAML 1.2 does not."""


Plain.add_constructor("tag:yaml.org,2002:timestamp", Plain.construct_scalar)


def theirs(text: str) -> object:
    parser = YAML(typ="safe", pure=True)
    parser.Constructor = Plain
    return parser.load(io.StringIO(text))


def agree(text: str) -> bool:
    """Whether the quick reader takes `text`; then the others must see the same in it."""
    content = text.encode()
    data = quick(content)
    if data is None:
        return False
    reading = read(content)
    assert reading.problems == ()
    assert [typed(document.data) for document in reading.documents] == [typed(data)]
    assert typed(theirs(text)) == typed(data)
    assert typed(again(content)) == typed(data)
    place = place_below(content, ("metadata",))
    assert place is None or place == reading.documents[0].locate(("metadata",))
    return True


@settings(max_examples=400, deadline=None)
@given(seed=st.integers(0, 2**64))
def test_lines_at_random_are_seen_alike_or_left_to_the_careful_reader(seed: int) -> None:
    """Indentation, comments, brackets and scalars of every kind, most of them wrong."""
    agree(lines(Random(seed)))  # noqa: S311


@settings(max_examples=200, deadline=None)
@given(data=DATA, seed=st.integers(0, 2**32))
def test_any_layout_is_seen_alike(data: object, seed: int) -> None:
    """Data of any shape, in layouts that the quick reader mostly leaves alone."""
    agree(Layouts(Random(seed)).document(data))  # noqa: S311


def test_what_people_write_is_taken() -> None:
    """Else all of this would be for nothing: of two thousand texts made of plain lines a good part is taken."""
    taken = sum(agree(lines(Random(seed))) for seed in range(2000))  # noqa: S311
    assert taken > 100


def shown(folder: Folder) -> tuple[Any, tuple[Diagnostic, ...], frozenset[str]]:
    """What a file gave, with the places that manifests are shown at and asked for."""
    told = [
        (item.model, item.written.source("metadata"), item.written.source("kind"), item.written.document.data)
        for item in folder.manifests
    ]
    return told, folder.problems, folder.broken


@settings(max_examples=300, deadline=None)
@given(data=manifests, seed=st.none() | st.integers(0, 2**32))
def test_a_file_gives_the_same_whichever_reader_took_it(data: dict[str, Any], seed: int | None) -> None:
    """Models, findings with their lines and columns, and places: of valid manifests and of broken ones."""
    text = document_text(data if seed is None else mutated(data, Random(seed)))  # noqa: S311
    file = File("x.yaml", text.encode())
    assert shown(read_file(file)) == shown(with_places(file))


@pytest.mark.parametrize("inside", ["{a, 8}", "{a, true}", "{a: [{b, 8}]}", "{[a], b: c}", "{a: b, [c]}", "[{8: x}]"])
@pytest.mark.parametrize(
    "text",
    [
        "kind: Dataset\nmetadata: {name: x, target: t, id: x}\nspec:\n  schedule: {type: MANUAL, free: @}\n",
        "kind: Dataset\nmetadata: {name: x, target: t, id: x}\nspec:\n  versions: [{id: x, metadata: {free: @}}]\n",
        "kind: Workspace\ntargets:\n  a: {provider: domo, url: https://x, token: {env: A}, free: @}\n",
    ],
    ids=["schedule", "metadata", "target"],
)
def test_keys_are_text_however_deep_in_what_is_passed_on_as_it_is(text: str, inside: str) -> None:
    """Also where a manifest may say anything: the careful reader has to see it, and tells where it stands."""
    file = File("x.yaml", f"apiVersion: reconciler/v1\n{text}".replace("@", inside).encode())
    assert [problem.code for problem in read_file(file).problems] == ["yaml-key-not-text"]


def test_without_the_quick_reader_the_careful_one_reads_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser in Rust is an accelerator: where it cannot be imported, nothing but the time changes."""
    file = File("x.yaml", b"apiVersion: reconciler/v1\nkind: Profile\nmetadata: {name: x}\nspec: {tags: [gold]}\n")
    with_it = shown(read_file(file))
    monkeypatch.setattr("reconciler.manifests.yaml.plain.parse", None)
    assert quick(file.content) is None
    assert shown(read_file(file)) == with_it


def test_the_place_of_metadata_needs_no_second_reading() -> None:
    """Every dataset is shown at it, so that it is found without the careful reader, however it is laid out."""
    layouts = {
        "kind: Dataset\nmetadata:\n  name: x\n": (3, 3),
        "metadata: # who\n\n  # why\n    name: x\n": (4, 5),
        "metadata: {name: x}\n": (1, 11),
    }
    found = {text: Written(text.encode(), "x").source("metadata") for text in layouts}
    assert {text: (place.line, place.column) for text, place in found.items()} == layouts
    assert all(place_below(text.encode(), ("metadata",)) for text in layouts)
