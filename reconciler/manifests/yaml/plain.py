"""A fast reader for files whose every line is plain; what it does not take, `events` reads, and says what is wrong.

It takes only texts in which no two YAML parsers can see different things: one document of block mappings and lists,
no deeper than `WIDEST` columns, with scalars and short `{}` and `[]` on one line. No anchors, tags, escapes, tabs,
block texts, quoted keys or unusual numbers. It gives data without positions; `tests/manifests/test_yaml_tiers.py`
holds it to what `events` reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable
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

_WORD = {True: "0-9A-Za-z_", False: r"\p{L}\p{N}_"}
_LETTER = {True: "A-Za-z", False: r"\p{L}"}
"""What names and words are made of, by whether a text is all ASCII; looking for the others takes longer to prepare."""

_NUMBER = r"(?:0|[1-9][0-9]{0,15})(?:\.[0-9]{1,9})?"
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_SPAN = "(?:[0-9]{1,5}[dhmwy])+|[0-9]{1,3}%"
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_QUOTED = r"""'[^'\n\r\t]*'|"[^"\\\n\r\t]*\""""
_COMMENT = r"#[^\n\r]*"
# What a line may be and a text may not: keys that are no words, and brackets that are many, or open at its end.
_ODD = r"""(?m)(?:^ *|- |[\[{ ])(?i:true|false|null):(?: |$)|[\[{](?:[^\n]*[\[{]){5}|(?:, |[\[{]) *(?:#.*)?$"""


def _lines(word: str, letter: str) -> str:
    """The pattern of a text whose every line is plain; that brackets match is for the parser to say."""
    words = rf"[{letter}][{word}./@%+-]*(?:(?: |:#?)[{word}./@%+-]+)*"
    scalar = f"(?:{words}|{_QUOTED}|{_UUID}|{_DATE}|{_SPAN}|{_NUMBER})"
    key = rf"[{letter}][{word}.-]*:"
    nested = rf"[\[{{](?:(?:{key} )?(?:{scalar}?(?:, |[\]}}])|[\[{{]))*"
    value = f"(?:{nested}|{scalar})?(?: +(?:{_COMMENT})?)?"
    line = f" {{0,{WIDEST}}}(?:{_COMMENT}|(?:(?:- )?{key}|-)(?: {value})?)?"
    return f"^(?:{line}(?:\n|$))*$"


@cache
def _plain(ascii_only: bool) -> Callable[[str], bool]:  # noqa: FBT001 - one pattern or the other
    """Whether a text is plain. Python's own patterns take eight times as long, a fifth of what reading a file does."""
    from pydantic_core import SchemaValidator  # noqa: PLC0415 - nothing is read where all is known
    from pydantic_core.core_schema import str_schema  # noqa: PLC0415 - the same

    lines = _lines(_WORD[ascii_only], _LETTER[ascii_only])
    fits, odd = (SchemaValidator(str_schema(pattern=each)).isinstance_python for each in (lines, _ODD))
    return lambda text: fits(text) and not odd(text)


_METADATA = re.compile(rb"^metadata:(?: (?=\{)|(?: +#.*| *)\n(?: *(?:#.*)?\n)* +(?=[^ #\n]))", re.MULTILINE)


def quick(content: bytes) -> object:
    """The data of the one document in a file; None when `events` has to look at it."""
    text = decode(content) if parse is not None else None
    if not isinstance(text, str) or len(text) > LARGEST:
        return None
    if not _plain(text.isascii())(text):
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
