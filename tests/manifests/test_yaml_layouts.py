"""The same data in many layouts: flow and block, every scalar style, folded lines, comments, odd indentation."""

import json
import re
import textwrap
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.manifests.yaml import read

WORDS = (
    "NO",
    "on",
    "1.0",
    "0x10",
    "010",
    "12:30",
    "- x",
    "a: b",
    "# x",
    "",
    " x",
    "x ",
    "'",
    '"',
    "\\",
    "<<",
    "*a",
    "~",
)
CHARACTERS = st.characters(
    exclude_categories=("Cs", "Cc", "Cn"),
    exclude_characters="\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2028\u2029\u2066\u2067\u2068\u2069\ufeff",
)
TEXTS = st.one_of(
    st.sampled_from(WORDS),
    st.from_regex(re.compile(r"[a-z]{1,5}( [a-z]{1,5}){0,3}"), fullmatch=True),
    st.text(CHARACTERS | st.sampled_from("\n '\":#"), max_size=12),
)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | st.integers(-(10**18), 10**18) | FLOATS | TEXTS
DATA = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./]*(?: [A-Za-z0-9_./]+)*")
_CONSTANTS = {"null", "true", "false"}


class Layouts:
    """One way after another to write data down, chosen by `random`."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def document(self, data: object) -> str:
        """Write a whole document."""
        if self._collection(data):
            return self._block(data, 0).removeprefix("\n") + self._end()
        return f"--- {self._scalar(data, 1, folds=True)}" + self._end()

    def _end(self) -> str:
        return self._random.choice(("", "\n", "\n\n", "\n# end\n", "\n...\n"))

    def _collection(self, data: object) -> bool:
        return isinstance(data, list | dict) and bool(data)

    def _block(self, data: object, indent: int) -> str:
        """Write a value behind a key or a dash, with the line break or the space before it."""
        if not self._collection(data) or (indent and self._random.random() < 0.3):
            return " " + self._flow(data, indent, folds=indent > 0)
        pad = " " * (indent + self._random.choice((0, 1, 2)))
        step = self._random.choice((2, 4))
        lines = []
        if isinstance(data, dict):
            for key, value in data.items():
                lines.append(f"{pad}{self._key(key)}:{self._block(value, len(pad) + step)}")
        elif isinstance(data, list):
            lines = [f"{pad}-{self._block(value, len(pad) + step)}" for value in data]
        comment = self._random.choice(("", " # why", "\n\n" + pad + "# a: [comment"))
        return f"{comment}\n" + "\n".join(lines)

    def _flow(self, data: object, indent: int, *, folds: bool) -> str:
        gap = self._random.choice(("", " ", "\n" + " " * indent)) if folds else ""
        if isinstance(data, dict):
            pairs = (f"{self._key(key)}: {self._flow(value, indent, folds=False)}" for key, value in data.items())
            return "{" + gap + f",{gap or ' '}".join(pairs) + gap + "}"
        if isinstance(data, list):
            return "[" + gap + f",{gap or ' '}".join(self._flow(item, indent, folds=False) for item in data) + gap + "]"
        return self._scalar(data, indent, folds=folds)

    def _key(self, key: str) -> str:
        return self._scalar(key, 0, folds=False)

    def _scalar(self, value: object, indent: int, *, folds: bool) -> str:
        if value is None:
            return self._random.choice(("null", "~", "Null", "NULL"))
        if isinstance(value, bool):
            return self._random.choice((str(value), str(value).lower(), str(value).upper()))
        if not isinstance(value, str):
            return repr(value)
        styles = [json.dumps(value, ensure_ascii=False)]
        if "\n" not in value:
            styles.append("'" + value.replace("'", "''") + "'")
        if _PLAIN.fullmatch(value):
            styles = [f'"{value}"', f"'{value}'"] + [value] * (value.lower() not in _CONSTANTS)
            if folds and value.lower() not in _CONSTANTS:
                styles += [style.replace(" ", "\n" + " " * (indent + 1)) for style in styles]
        chosen = self._random.choice(styles)
        return self._literal(value, indent) if folds and value.strip() and self._random.random() < 0.2 else chosen

    def _literal(self, value: str, indent: int) -> str:
        body = textwrap.indent(value, " " * (indent + 9), lambda line: line != "\n")
        if value[0] in " \n\t" or value.endswith("\n\n"):
            return json.dumps(value, ensure_ascii=False)
        return ("|\n" if value.endswith("\n") else "|-\n") + body.removesuffix("\n")


def typed(data: object) -> object:
    """Make 1, 1.0 and True differ."""
    if isinstance(data, dict):
        return [(key, typed(value)) for key, value in data.items()]
    return [typed(item) for item in data] if isinstance(data, list) else (type(data).__name__, repr(data))


def ours(text: str) -> object:
    reading = read(text)
    assert reading.problems == ()
    return reading.documents[0].data


@settings(max_examples=300, deadline=None)
@given(data=DATA, seed=st.integers(0, 2**32))
def test_every_layout_of_the_same_data_reads_the_same(data: object, seed: int) -> None:
    """Flow, block, quotes, folded lines and comments change nothing about the data."""
    text = Layouts(Random(seed)).document(data)  # noqa: S311
    assert typed(ours(text)) == typed(data)
