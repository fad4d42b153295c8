"""Long texts in one line: whatever differs, one sees that it does, and where."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.facets.texts import AROUND, DIFFERING, WHOLE, quoted, replaced

TEXTS = st.text(st.sampled_from(["a", "b", " ", "\n", "\t", "\\", "n", "\u00a0"]), max_size=80)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_two_texts_never_look_alike(head: str, one: str, other: str, tail: str) -> None:
    """However much they have in common."""
    before, after = f"{head * 9}{one * 9}{tail * 9}", f"{head * 9}{other * 9}{tail * 9}"
    left, _, right = replaced(before, after).partition(" -> ")
    assert (left == right) == (before == after)
    assert max(len(left), len(right)) < 6 * (DIFFERING + 2 * AROUND) + 40
    assert "\n" not in left + right


def test_what_is_cut_says_how_long_it_is() -> None:
    """A new text shows its beginning, a change the beginning and the end of what differs."""
    assert quoted("x" * WHOLE) == f'"{"x" * WHOLE}"'
    assert quoted("x" * 1000) == f'"{"x" * WHOLE}…" (1000 characters)'
    assert replaced("from here to there " * 5 + "x" * 1000, "from here to there " * 5) == (
        f'"…from here to there {"x" * 300}…[600 characters]…{"x" * 100}" -> "…from here to there "'
    )


def test_white_space_is_seen_where_nothing_else_differs() -> None:
    """A page shows several spaces as one, and a line break as a space."""
    assert replaced("a b", "a  b") == '"a␣b" -> "a␣␣b"'
    assert replaced("a b", "a\nb") == r'"a␣b" -> "a\nb"'
    assert replaced("a b", "a\u00a0b") == r'"a␣b" -> "a\u00a0b"'
    assert replaced("a\nb", r"a\nb") == r'"a\nb" -> "a\\nb"'
