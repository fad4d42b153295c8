"""A fast reader for files whose every line is plain; what it does not take, `events` reads, and says what is wrong.

It takes only texts in which no two YAML parsers can see different things: one document of block mappings and lists,
no deeper than `WIDEST` columns, with scalars and short `{}` and `[]` on one line. No anchors, tags, escapes, tabs,
block texts, quoted keys or unusual numbers. It gives data without positions; `tests/manifests/test_yaml_tiers.py`
holds it to what `events` reads.
"""

from __future__ import annotations

import re
from functools import cache

from reconciler.manifests.yaml.characters import decode
from reconciler.manifests.yaml.document import Path, Position

try:
    from yaml_rs import loads as parse
except ImportError:
    # It is young, and compiled for each platform: where it is missing, everything is read with care.
    parse = None  # type: ignore[assignment]

LARGEST = 20_000
"""Characters. A node takes at least one, so that a text this short cannot hold more nodes than `events` would take."""
WIDEST = 12
"""Columns of indentation. Each opens at most two levels, so that no text is nested deeper than `events` would take."""

_FORGETS = re.match("(?:a[b]+c)*+", "ab").end() > 0  # type: ignore[union-attr]
"""Whether possessive groups that fail forget where they began (gh-106052): those of Python 3.11.2, not of 3.11.7."""


def _firm(piece: str, times: str) -> str:
    """`piece` so many `times`, and no way back."""
    return f"(?>(?:{piece}){times})" if _FORGETS else f"(?:{piece}){times}+"


_WORDS = r"[^\W\d_][\w./@%+-]*+" + _firm(r" [\w./@%+-]+|:#?[\w./@%+-]+", "*")
_NUMBER = r"(?:0|[1-9][0-9]{0,15})" + _firm(r"\.[0-9]{1,9}", "?")
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_SPAN = _firm("[0-9]{1,5}[dhmwy]", "+") + "|[0-9]{1,3}%"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_QUOTED = r"""'[^'\n\r\t]*+'|"[^"\\\n\r\t]*+\""""
# What looks ahead for one character spares most lines several alternatives.
_SCALAR = rf"(?:{_WORDS}|{_QUOTED}|(?=[0-9a-f])(?:{_UUID}|{_DATE}|{_SPAN}|{_NUMBER}))(?![^\s,\]}}])"
_KEY = r"(?!(?=[tTfFnN])(?i:true|false|null):)[^\W\d_][\w.-]*+:"
# Brackets may hold brackets, five in all on one line; that they match is for the parser to say.
_ITEM = _firm(f"{_KEY} ", "?") + _firm(_SCALAR, "?") + r"(?:, |[\]}]|(?=[\[{]))"
_NESTED = _firm(r"[\[{]" + _firm(_ITEM, "*"), "{1,5}")
_VALUE = rf"(?:(?=[\[{{]){_NESTED}(?<=[\]}}])|{_SCALAR})"
_COMMENT = r"#[^\n\r]*+"
_BEGINNING = "(?:" + _firm("- ", "?") + _KEY + r"(?: |(?=\n|\Z))|- )"
_ENTRY = _BEGINNING + _firm(_VALUE, "?") + _firm(" ++" + _firm(_COMMENT, "?"), "?")
_LINES = _firm(rf" {{0,{WIDEST}}}+" + _firm(f"{_COMMENT}|{_ENTRY}", "?") + r"(?:\n|\Z)", "*")
_PLAIN = cache(lambda flags: re.compile(_LINES, flags))
"""By flags, one of which looks through a text that is all ASCII a quarter sooner; compiling either takes a while."""
_METADATA = re.compile(rb"^metadata:(?: (?=\{)|(?: +#.*| *)\n(?: *(?:#.*)?\n)* +(?=[^ #\n]))", re.MULTILINE)


def quick(content: bytes) -> object:
    """The data of the one document in a file; None when `events` has to look at it."""
    text = decode(content) if parse is not None else None
    if not isinstance(text, str) or len(text) > LARGEST:
        return None
    if _PLAIN(re.ASCII if text.isascii() else re.UNICODE).fullmatch(text) is None:
        return None
    try:
        return parse(text, parse_datetime=False)
    except ValueError:
        return None


def again(content: bytes) -> object:
    """The data of a file that `quick` has taken before, if only in an earlier run, where the fast parser was there."""
    if parse is not None:
        return parse(content.decode("utf-8-sig"), parse_datetime=False)
    from reconciler.manifests.yaml.events import read  # noqa: PLC0415 - brings libyaml, which plain files do without

    return read(content).documents[0].data


def place_below(content: bytes, path: Path) -> Position | None:
    """The place of the mapping `metadata`, which every dataset is shown at, in a file that `quick` takes.

    None for any other path, and where the text is laid out in another way: `events` knows all places.
    """
    found = _METADATA.search(content) if path == ("metadata",) else None
    if found is None:
        return None
    start = found.end()
    return Position(content.count(b"\n", 0, start) + 1, start - content.rfind(b"\n", 0, start))
