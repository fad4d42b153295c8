"""Where every key and value stands."""

import pytest

from reconciler.manifests.yaml import Document, Path, Position, read

TEXT = """\
# a comment
kind: Dataset
spec:
  tags: [gold, "né", 😀, {x: 1}]
  grants:
  - principal: 'user:ada'
    access: |
      READ
  - principal:
  "quoted key": {}
"""


def one(text: str) -> Document:
    reading = read(text)
    assert reading.problems == ()
    (document,) = reading.documents
    return document


def flat(places: object) -> dict[Path, tuple[int, int]]:
    assert isinstance(places, dict)
    return {path: (place.line, place.column) for path, place in places.items()}


def test_every_value_has_a_position() -> None:
    """Lines and columns count from 1, columns in characters; a block list starts at its first dash."""
    assert flat(one(TEXT).positions) == {
        (): (2, 1),
        ("kind",): (2, 7),
        ("spec",): (4, 3),
        ("spec", "tags"): (4, 9),
        ("spec", "tags", 0): (4, 10),
        ("spec", "tags", 1): (4, 16),
        ("spec", "tags", 2): (4, 22),
        ("spec", "tags", 3): (4, 25),
        ("spec", "tags", 3, "x"): (4, 29),
        ("spec", "grants"): (6, 3),
        ("spec", "grants", 0): (6, 5),
        ("spec", "grants", 0, "principal"): (6, 16),
        ("spec", "grants", 0, "access"): (7, 13),
        ("spec", "grants", 1): (9, 5),
        ("spec", "grants", 1, "principal"): (9, 15),
        ("spec", "quoted key"): (10, 17),
    }


def test_every_key_has_a_position() -> None:
    """A key is found by the path of its value."""
    assert flat(one(TEXT).keys) == {
        ("kind",): (2, 1),
        ("spec",): (3, 1),
        ("spec", "tags"): (4, 3),
        ("spec", "tags", 3, "x"): (4, 26),
        ("spec", "grants"): (5, 3),
        ("spec", "grants", 0, "principal"): (6, 5),
        ("spec", "grants", 0, "access"): (7, 5),
        ("spec", "grants", 1, "principal"): (9, 5),
        ("spec", "quoted key"): (10, 3),
    }


@pytest.mark.parametrize(
    ("path", "value", "key"),
    [
        (("kind",), (2, 7), (2, 1)),
        (("spec", "tags", 1), (4, 16), (4, 16)),
        (("spec", "missing"), (4, 3), (4, 3)),
        (("spec", "tags", 9, "deep", 0), (4, 9), (4, 9)),
        (("missing",), (2, 1), (2, 1)),
        ((), (2, 1), (2, 1)),
    ],
    ids=str,
)
def test_what_is_not_there_is_located_at_what_holds_it(
    path: Path, value: tuple[int, int], key: tuple[int, int]
) -> None:
    """A missing key is reported at its mapping, a list item at itself."""
    document = one(TEXT)
    assert document.locate(path) == Position(*value)
    assert document.locate_key(path) == Position(*key)


def test_plain_scalars_are_told_from_quoted_ones() -> None:
    """A number written without quotes can be met with `quote it`."""
    document = one("a: 1.10\nb: '1.10'\nc: |\n  1\nd: [x]\n")
    paths: list[Path] = [("a",), ("b",), ("c",), ("d",), ("d", 0), ("e",)]
    assert [path for path in paths if document.is_plain(path)] == [("a",), ("d", 0)]


def test_positions_count_from_the_start_of_the_file_in_every_document() -> None:
    """The second document goes on counting lines, behind a BOM and through every kind of line end."""
    first, second = read("\ufeffa: 1\r\n---\r\nb:\n - c\r - d\n").documents
    assert flat(first.positions) == {(): (1, 1), ("a",): (1, 4)}
    assert flat(second.positions) == {(): (3, 1), ("b",): (4, 2), ("b", 0): (4, 4), ("b", 1): (5, 4)}


def test_places_found_one_by_one_are_those_found_all_at_once() -> None:
    """A few questions are answered by counting nodes, many from maps; nobody can tell which."""
    wanted = [*one(TEXT).positions, ("spec", "no"), ("spec", "tags", 9), ("kind", "x"), ("spec", 0), ("no", "no")]
    at_once = one(TEXT)
    for _ in range(100):
        at_once.locate(())
    for path in wanted:
        alone = one(TEXT)
        assert (alone.locate(path), alone.locate_key(path)) == (at_once.locate(path), at_once.locate_key(path))
    assert "maps" not in vars(alone.places)
    assert "maps" in vars(at_once.places)
