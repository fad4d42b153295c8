"""What the reader takes, what it makes of it, and what it refuses, rule by rule."""

import pytest

from reconciler.manifests.yaml import CODES, Position, Problem, Reading, read


def data(text: str | bytes) -> list[object]:
    reading = read(text)
    assert reading.problems == ()
    return [document.data for document in reading.documents]


def refusals(text: str | bytes) -> list[tuple[str, int, int]]:
    reading = read(text)
    return [(p.code, p.position.line, p.position.column) for p in reading.problems]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *[(word, word) for word in ("NO", "no", "on", "off", "yes", "y", "nUll", "tRue", "2026-12-31", "12:30:45")],
        *[(word, word) for word in ("1_000", "0b11", "-0o7", "0o8", "0x", "1.2.3", "1e", ".", "+", "..", "0x1g")],
        *[(word, word) for word in ("inf", "nan", "-.nan", "=", "2026-01-01T00:00:00Z", "1 000", "٣", "1٣")],
        *[("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None)],
        *[("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False)],
        *[("0", 0), ("010", 10), ("-1", -1), ("+1", 1), ("0o17", 15), ("0x1F", 31), ("9" * 64, int("9" * 64))],
        *[("1.10", 1.1), (".5", 0.5), ("1.", 1.0), ("1e3", 1000.0), ("-2.5E-1", -0.25), ("+.5", 0.5)],
        *[("'1'", "1"), ('"true"', "true"), ("''", ""), ('""', "")],
    ],
)
def test_scalars_mean_what_the_core_schema_of_yaml_1_2_says(written: str, value: object) -> None:
    """A scalar has the value and the type that YAML 1.2 gives it."""
    (document,) = data(f"key: {written}\n")
    assert document == {"key": value}
    assert isinstance(document, dict)
    assert type(document["key"]) is type(value)


@pytest.mark.parametrize(
    "text", ["", "\n", "# only a comment\n", "---\n", "---\n---\n# none\n", "\ufeff", b"\xef\xbb\xbf"]
)
def test_empty_documents_yield_nothing(text: str | bytes) -> None:
    """Nothing written is nothing read."""
    assert read(text) == Reading((), ())


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ("a: 1\n---\n---\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("--- a\n--- null\n--- ''\n", ["a", None, ""]),
        ("%YAML 1.2\n---\na: 1\n...\n%YAML 1.2\n---\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("\ufeffa: é\n", [{"a": "é"}]),
        ("\ufeffa: é\n".encode(), [{"a": "é"}]),
        ("a: b\r\nc:\r\n- d\r\n", [{"a": "b", "c": ["d"]}]),
        ('a: "\\u2028\\ufeff\\t\\r\\n"\n', [{"a": "\u2028\ufeff\t\r\n"}]),
        ("'<<': 1\n'1': 2\n", [{"<<": 1, "1": 2}]),
        ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", [{"a": "x\ny\n", "b": "x y"}]),
        ("? a\n: 1\n?b: 2\n", [{"a": 1, "?b": 2}]),
        ("a: why?", [{"a": "why?"}]),
        ("{a: [1, {b: ~}], 'c': \"d\"}", [{"a": [1, {"b": None}], "c": "d"}]),
    ],
)
def test_documents_of_a_file_come_in_order(text: str | bytes, documents: list[object]) -> None:
    """Several documents, a BOM, line ends and every style of scalar and collection are read."""
    assert data(text) == documents


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", [("duplicate-key", 3, 1)]),
        ('a: 1\n"a": 2\n', [("duplicate-key", 2, 1)]),
        ("x: {a: 1, a: 2, a: 3}\n", [("duplicate-key", 1, 11), ("duplicate-key", 1, 17)]),
        ("a: &x 1\nb: *x\n", [("yaml-alias", 1, 4), ("yaml-alias", 2, 4)]),
        ("a: *.csv\n", [("yaml-alias", 1, 4)]),
        ("a: &\n", [("yaml-alias", 1, 4)]),
        ("- &x {a: 1}\n", [("yaml-alias", 1, 3)]),
        ("<<: {a: 1}\n", [("yaml-merge-key", 1, 1)]),
        ("a: !!str 1\n", [("yaml-tag", 1, 4)]),
        ("a: ! 1\n", [("yaml-tag", 1, 4)]),
        ("--- !x\na: 1\n", [("yaml-tag", 1, 5)]),
        ("a: !x!y 1\n", [("yaml-tag", 1, 4)]),
        ("a: !<%ed%a0%80> x\n", [("yaml-tag", 1, 1)]),
        ("%YAML 1.1\n---\na: 1\n", [("yaml-directive", 1, 1)]),
        ("%YAML 2.0\n---\na: 1\n", [("yaml-directive", 1, 1)]),
        ("%FOO\n---\na: 1\n", [("yaml-directive", 1, 1)]),
        ("a: 1\n...\n%TAG ! x\n---\na: 1\n", [("yaml-directive", 3, 1)]),
        ("a:\n  1: x\n  true: x\n  ~: x\n", [("yaml-key-not-text", line, 3) for line in (2, 3, 4)]),
        ("a: {{ name }}\n", [("yaml-key-not-text", 1, 5)]),
        ("[a]: x\n", [("yaml-key-not-text", 1, 1)]),
        ("? \n: x\n", [("yaml-key-not-text", 1, 2)]),
        ("?", [("yaml-key-not-text", 1, 2)]),
        (f"a: {'9' * 65}\n", [("yaml-number", 1, 4)]),
        (f"a: 0.{'9' * 63}\n", [("yaml-number", 1, 4)]),
        ("[.inf, -.Inf, .NaN, 1e999]\n", [("yaml-number", 1, column) for column in (2, 8, 15, 21)]),
        ("[" * 33, [("too-deep", 1, 33)]),
        ("".join(f"{' ' * n}a:\n" for n in range(33)) + " " * 33 + "b: c", [("too-deep", 33, 33)]),
        ("- a\n" * 25_000, [("too-many-nodes", 24_997, 3)]),
        ("x" * ((1 << 20) + 1), [("too-large", 1, 1)]),
        ("é" * ((1 << 19) + 1), [("too-large", 1, 1)]),
        (b"x" * ((1 << 20) + 1), [("too-large", 1, 1)]),
        (b"a: 1\nb: \xc3\xa9\xff\n", [("bad-encoding", 2, 5)]),
        (b"a: \xed\xa0\x80\n", [("bad-encoding", 1, 4)]),
        ("a: 1\n".encode("utf-16"), [("bad-encoding", 1, 1)]),
    ],
)
def test_what_is_refused_is_refused_at_its_place(text: str | bytes, expected: list[tuple[str, int, int]]) -> None:
    """Each rule has a code, and the problem stands where the offence does."""
    assert refusals(text) == expected
    assert read(text).documents == ()


@pytest.mark.parametrize(
    "character", [*"\x00\x07\x1b\x7f\x80\x85\x9f\u061c\u200e\u202e\u2066\ud800\udfff\ufdd0\ufffe\uffff\U0010ffff"]
)
def test_dangerous_characters_stand_in_a_file_only_as_escapes(character: str) -> None:
    """Controls, bidi controls and non-characters are seen as escapes; NUL and surrogates are no text at all."""
    assert refusals(f"a: 1\nb: é{character}\n") == [("bad-character", 2, 5)]
    escaped = f'a: 1\nb: [x, "\\U{ord(character):08x}"]\n'
    match character:
        case "\0":
            assert refusals(escaped) == [("bad-character", 2, 8)]
        case "\ud800" | "\udfff":
            assert [found[:2] for found in refusals(escaped)] == [("yaml-syntax", 2)]
        case _:
            assert data(escaped) == [{"a": 1, "b": ["x", character]}]


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\ufeff"])
def test_characters_that_libyaml_misreads_are_refused_unless_escaped(character: str) -> None:
    """U+2028, U+2029 and an inner BOM are not what libyaml takes them for."""
    assert refusals(f"a: x{character}y\n") == [("bad-character", 1, 5)]
    assert data(f'a: "x\\u{ord(character):04x}y"\n') == [{"a": f"x{character}y"}]


def test_depth_and_nodes_up_to_the_caps_are_read() -> None:
    """32 levels and 25,000 nodes are still read."""
    assert data("[" * 32 + "]" * 32)
    assert len(data("- a\n" * 24_996)[0]) == 24_996  # type: ignore[arg-type]


def test_a_document_with_a_problem_is_left_out_and_the_others_stay() -> None:
    """One bad document does not hide the good ones, and none is handed out half read."""
    reading = read("a: 1\n---\nb: 1\nb: 2\n---\nc: 1\n---\nd: [\n")
    assert [document.data for document in reading.documents] == [{"a": 1}, {"c": 1}]
    assert [problem.code for problem in reading.problems] == ["duplicate-key", "yaml-syntax"]


@pytest.mark.parametrize("text", ["[a]\nb: 1\n", "abc\ndef: 1\n", "--- a: b\n", "'a' b\n"])
def test_a_document_with_a_rest_behind_it_is_left_out(text: str) -> None:
    """A document that looks complete but is followed by a rest is not handed out."""
    assert read(text).documents == ()
    assert [problem.code for problem in read(text).problems] == ["yaml-syntax"]


def test_problems_are_told_in_whole_sentences() -> None:
    """A problem says what is wrong, where, and what to do."""
    reading = read("a: 1\nb: 2\n'a': 3\n")
    message = "The key 'a' stands here again; it is first on line 1."
    assert reading.problems == (Problem("duplicate-key", message, Position(3, 1), "Keep one of them."),)


def test_reading_stops_after_a_hundred_problems_and_says_so() -> None:
    """A flood of problems is cut off aloud."""
    found = refusals("a: *x\n" * 1_000)
    assert len(found) == 101
    assert found[-1] == ("too-many-problems", 51, 1)


def test_every_code_is_explained_once() -> None:
    """Codes are unique and each has a title and a text of two sentences or more."""
    assert len({code for code, _, _ in CODES}) == len(CODES)
    for _, title, text in CODES:
        assert title.endswith(".")
        assert text.count(". ") >= 1
