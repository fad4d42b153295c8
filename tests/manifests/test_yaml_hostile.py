"""Bombs and garbage: the reader refuses them soon, and raises on nothing."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler.manifests.yaml import CODES, read

MIB = 1 << 20
DEEP = "too-deep"
BOMBS: dict[str, tuple[str | bytes, str]] = {
    "open-brackets": ("[" * 200_000, DEEP),
    "open-braces": ("{" * 200_000, DEEP),
    "brackets-and-braces": ("[{" * 200_000, DEEP),
    "keyed-braces": ("{a: " * 200_000, DEEP),
    "dashes": ("- " * 200_000, DEEP),
    "question-marks": ("? " * 200_000, DEEP),
    "stairs": ("".join(" " * n + "a:\n" for n in range(1_400)), DEEP),
    "stairs-of-dashes": ("".join(" " * n + "-\n" for n in range(1_400)), DEEP),
    "closing-brackets": ("]" * 200_000, "yaml-syntax"),
    "colons": (": " * 200_000, "yaml-syntax"),
    "commas": ("[" + "," * 500_000, "yaml-syntax"),
    "tabs": ("\t" * (MIB - 1), "yaml-syntax"),
    "open-quote": ('a: "' + "x\n" * (MIB // 2 - 8), "yaml-syntax"),
    "endless-key": ("a" * (MIB - 8) + ": 1", "yaml-syntax"),
    "quotes-in-a-row": ("[" + "'x' " * 200_000, "yaml-syntax"),
    "billion-laughs": ("a: &a [x,x]\n" + "".join(f"b{n}: &b{n} [*a,*a,*a]\n" for n in range(30)), "yaml-alias"),
    "self-reference": ("a: &a [*a]", "yaml-alias"),
    "aliases": ("a: &a x\nb: [" + "*a," * 340_000 + "]", "yaml-alias"),
    "anchors": ("".join(f"- &a{n} x\n" for n in range(80_000)), "yaml-alias"),
    "long-anchor": ("&" + "a" * (MIB - 8) + " x", "yaml-alias"),
    "merge-keys": ("{" + "<<: {a: 1}, " * 80_000 + "}", "yaml-merge-key"),
    "python-tags": ("- !!python/object/apply:os.system ['id']\n" * 20_000, "yaml-tag"),
    "long-tag": ("!" + "a" * (MIB - 8) + " x", "yaml-tag"),
    "escaped-tag": ("!<" + "%41" * 340_000 + "> x", "yaml-tag"),
    "tag-directives": ("".join(f"%TAG !a{n}! tag:x\n" for n in range(50_000)), "yaml-directive"),
    "unknown-directives": ("%X y\n" * 200_000, "yaml-directive"),
    "long-version": ("%YAML 1." + "1" * (MIB - 16), "yaml-directive"),
    "duplicates": ("a: 1\n" * 200_000, "duplicate-key"),
    "long-duplicates": (("a" * 900 + ": 1\n") * 1_150, "duplicate-key"),
    "lists-as-keys": ("{" + "[a]: b, " * 100_000 + "}", "yaml-key-not-text"),
    "documents": ("---\n" * 262_000, "too-many-nodes"),
    "closed-documents": ("--- a\n...\n" * 100_000, "too-many-nodes"),
    "items": ("- a\n" * 262_000, "too-many-nodes"),
    "empty-lists": ("[" + "[]," * 340_000 + "]", "too-many-nodes"),
    "pairs": ("".join(f"k{n}: v\n" for n in range(80_000)), "too-many-nodes"),
    "full-depth-again-and-again": (("[" * 31 + "]" * 31 + "\n---\n") * 15_000, "too-many-nodes"),
    "digits": ("a: " + "9" * (MIB - 8), "yaml-number"),
    "decimals": ("a: 1." + "9" * (MIB - 8), "yaml-number"),
    "exponent": ("a: 1e" + "9" * (MIB - 8), "yaml-number"),
    "hexadecimals": ("a: 0x" + "f" * (MIB - 8), "yaml-number"),
    "ten-mebibytes": (b"x" * 10 * MIB, "too-large"),
    "wide-characters": ("\U0001f600" * 300_000, "too-large"),
    "nul": ("a: " + "\0" * 100_000, "bad-character"),
    "late-control": ("x\n" * (MIB // 2 - 8) + "\x1b", "bad-character"),
    "byte-order-marks": ("\ufeff" * 300_000, "bad-character"),
    "no-utf-8": (b"\xff" * 500_000, "bad-encoding"),
    "late-no-utf-8": (b"x" * (MIB - 8) + b"\xff", "bad-encoding"),
}


@pytest.mark.parametrize(("text", "code"), BOMBS.values(), ids=BOMBS)
def test_bombs_are_refused_soon(text: str | bytes, code: str) -> None:
    """No text takes more than a moment, whatever it was made for."""
    start = time.perf_counter()
    reading = read(text)
    assert time.perf_counter() - start < 2
    assert code in {problem.code for problem in reading.problems}


MANIFEST = """\
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: orders, target: acme, id: 44c5d1b9}
spec:
  tags: [gold, "pii: no", 'a''b']
  permissions:
    mode: authoritative
    grants:
    - {principal: group:data-eng, access: CAN_EDIT}
  note: |
    two
    lines
---
a: 1.5
"""
SIGNS = st.sampled_from("[]{}\t\n'\"\\|#\0\ud800\ufeff\u2028\r,:-?&*!%@`a1é😀")
WORDS = st.sampled_from(("---\n", "...\n", "&a ", "*a", "<<: ", "!!str ", "!<%ed%a0%80> ", "%YAML 1.1\n", "%TAG ! x\n"))
SNIPPETS = SIGNS | WORDS | st.sampled_from((": ", "- ", "? ", ">-", "1e999", "a: 1\n"))
EDITS = st.lists(
    st.tuples(st.integers(0, len(MANIFEST)), st.integers(0, 5), SNIPPETS | st.text(max_size=4)), min_size=1, max_size=6
)


def check(text: str | bytes) -> None:
    """Whatever the reading is, all of it can be used."""
    reading = read(text)
    lines = text.count("\n") + text.count("\r") + 1 if isinstance(text, str) else None
    for problem in reading.problems:
        assert problem.code in {code for code, _, _ in CODES}
        assert problem.message.endswith(".")
        assert problem.position.line >= 1
        assert problem.position.column >= 1
        assert lines is None or problem.position.line <= lines
    for document in reading.documents:
        assert document.positions.keys() >= document.keys.keys()
        assert document.locate(("no", "such", 1)) in document.positions.values()


@settings(max_examples=800, deadline=None)
@given(edits=EDITS)
def test_mutated_manifests_never_raise(edits: list[tuple[int, int, str]]) -> None:
    """Any edit of a manifest gives documents and problems that hold together."""
    text = MANIFEST
    for place, cut, snippet in edits:
        text = text[:place] + snippet + text[place + cut :]
    check(text)
    check(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=300, deadline=None)
@given(text=st.text(SIGNS, max_size=40) | st.binary(max_size=40))
@example(text="a: !<%ed%a0%80> x")
@example(text=b"\xff\xfe")
def test_garbage_never_raises(text: str | bytes) -> None:
    """Neither do characters and bytes at random."""
    check(text)
