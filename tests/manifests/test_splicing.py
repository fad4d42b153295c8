"""What is written into a manifest goes beside what stands there, of which not a byte changes."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.app.writing import PUBLIC, place_text
from reconciler.manifests.splicing import NotWritableError, inserted
from reconciler.manifests.workspace import Place
from reconciler.manifests.writer import ChangedMeanwhileError, create_text, replace_text, write_id
from reconciler.manifests.yaml import read
from tests.manifests.test_yaml_layouts import DATA, Layouts, typed

NEW = {"new": {"id": "7", "name": "A \u202e: b"}}


@pytest.mark.parametrize(
    ("text", "path", "after", "expected"),
    [
        (
            "users:\n    ada: {id: '1'}   # who\n\n# about groups\ngroups: {}\n",
            ["users"],
            None,
            "users:\n    ada: {id: '1'}   # who\n    new: NEW\n\n# about groups\ngroups: {}\n",
        ),
        ("u:\n  a:\n    n: |\n      x\n\nb: 1\n", ["u"], None, "u:\n  a:\n    n: |\n      x\n  new: NEW\n\nb: 1\n"),
        ("users: {} # none\nb: 1", ["users"], None, "users: # none\n  new: NEW\nb: 1"),
        ("users:\nb: 1\n", ["users"], None, "users:\n  new: NEW\nb: 1\n"),
        ("b: 1", ["users"], None, "b: 1\nusers:\n  new: NEW\n"),
        ("a:\r\n  b: 2 # c\r\n  c: 3\r\n", ["a"], "b", "a:\r\n  b: 2 # c\r\n  new: NEW\r\n  c: 3\r\n"),
        ("\ufeffa:\n  b: 1\n", ["a"], None, "\ufeffa:\n  b: 1\n  new: NEW\n"),
        ("{b: 1}", ["users"], None, "{b: 1, users: {new: NEW}}"),
        ("{b: 1, users: {a: 1, }}", ["users"], None, "{b: 1, users: {a: 1, new: NEW, }}"),
        ("a: {b: 1, # why\n  c: 2}\n", ["a"], "b", "a: {b: 1, new: NEW, # why\n  c: 2}\n"),
    ],
)  # fmt: skip
def test_new_entries_take_the_layout_of_their_neighbours(
    text: str, path: list[str], after: str | None, expected: str
) -> None:
    """Blocks and braces, any indentation, line ends, comments, empty mappings, and mappings that are not there."""
    written = '{id: "7", name: "A \\u202e: b"}'
    assert inserted(text, 0, path, NEW, after) == expected.replace("NEW", written)


@settings(max_examples=200, deadline=None)
@given(data=st.dictionaries(st.sampled_from("abcde"), DATA, min_size=1, max_size=4), seed=st.integers(0, 2**32))
def test_whatever_stands_there_stays(data: dict[str, object], seed: int) -> None:
    """In any layout of any data, the text is the old one with something put in, or it is refused."""
    text = Layouts(Random(seed)).document(data)  # noqa: S311
    try:
        new = inserted(text, 0, [], NEW)
    except NotWritableError:
        return
    assert typed(read(new).documents[0].data) == typed({**data, **NEW})
    kept = iter(new)
    assert all(character in kept for character in text)


MANIFEST = "# mine\nmetadata:\n  name: orders # it\n  target: acme\nspec: {}\n"


def test_an_id_goes_behind_the_target(tmp_path: Path) -> None:
    """And never twice, nor into another manifest. One that somebody else wrote there meanwhile is written."""
    path = tmp_path / "a.yaml"
    path.write_text(f"a: 1\n---\n{MANIFEST}")
    write_id(Place(path, 1), "orders", "007")
    assert path.read_text() == f"a: 1\n---\n{MANIFEST}".replace("acme\n", 'acme\n  id: "007"\n')
    written = path.stat()
    write_id(Place(path, 1), "orders", "007")
    assert path.stat() == written
    for place, name in ((Place(path, 1), "orders"), (Place(path, 0), "orders"), (Place(path, 7), "orders")):
        with pytest.raises(ChangedMeanwhileError):
            write_id(place, name, "008")
    assert '"008"' not in path.read_text()


def test_nothing_is_written_over_what_somebody_else_wrote(tmp_path: Path) -> None:
    """Neither a file that changed meanwhile, nor one that came meanwhile; and no temporary file is left."""
    path = tmp_path / "a.yaml"
    create_text(path, "a: 1\n")
    with pytest.raises(ChangedMeanwhileError):
        replace_text(path, "a: 3\n", expected="a: 2\n")
    with pytest.raises(FileExistsError):
        create_text(path, "a: 3\n")
    assert path.read_text() == "a: 1\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_of_any_name_is_written(tmp_path: Path) -> None:
    """The temporary file beside it has a shorter one, counted in bytes as file systems do."""
    path = tmp_path / f"{62 * chr(0x1F600)}.yaml"
    path.write_text("a: 1\n", "utf-8")
    replace_text(path, "a: 2\n", expected="a: 1\n")
    assert path.read_text("utf-8") == "a: 2\n"
    place_text("a: 3\n", path, PUBLIC)
    assert path.read_text("utf-8") == "a: 3\n"
