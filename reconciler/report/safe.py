r"""Foreign text made harmless, once for every sink it can reach.

Names of datasets, columns, tags and people come from strangers. Whatever sink they are printed to has its own ways to
be told what to do: escape sequences, mentions, markup, workflow commands. Nothing is removed: what is not harmless is
shown as `\uXXXX`, so that two different names never look the same.
"""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias
from unicodedata import category

NAME: Final = 200
"""Most characters of one name that are shown."""

SENTENCE: Final = 1_000
"""Most characters of one sentence that are shown; a sentence holds several names."""

Level: TypeAlias = Literal["error", "warning", "notice"]
"""What GitHub Actions calls the severities of an annotation."""

_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""What nobody sees of Unicode's letters and marks (Default_Ignorable_Code_Point), and a blank among its symbols."""
_NOT_PLAIN = re.compile(r"[^\n\x20-\x7e]")
_BACKTICKS = re.compile(r"`+")
# A runner takes `::` for a command at the start of a line, after white space; wrapping can put any word there.
_COMMAND = re.compile(r"(^|\s)::")
# `##[` of GitHub, `##vso[` of Azure Pipelines and `##teamcity[` count anywhere in a line.
_OLDER_COMMAND = re.compile(r"##([A-Za-z]*)\[")


def safe_text(text: str, limit: int | None = NAME) -> str:
    """`text` on one line, without characters that steer a terminal or hide themselves or others.

    Every character of a Unicode category C* (controls, bidi and zero-width characters, unassigned, private,
    surrogates), every line and paragraph separator, every space but the plain one and whatever else nobody sees becomes
    an escape. The middle of what is longer than `limit` is left out, because both ends of a name tell it apart.
    """
    if limit is not None and len(text) > limit:
        head, tail = limit - limit // 4, limit // 4
        left_out = len(text) - head - tail
        return f"{_escaped(text[:head])}...[{left_out} characters]...{_escaped(text[-tail:])}"
    return _escaped(text)


def _escaped(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escape(character) if unsafe(character) else character for character in text)


def unsafe(character: str) -> bool:
    """Whether `character` may reach no sink as it is."""
    kind = category(character)
    return kind.startswith("C") or (kind[0] == "Z" and character != " ") or _UNSEEN.match(character) is not None


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - the end of the first plane


def terminal(text: str, limit: int | None = SENTENCE) -> str:
    """`text` for a terminal or a log, where a CI runner may look for commands too."""
    return _OLDER_COMMAND.sub(r"##\1\\u005b", _COMMAND.sub(r"\1:\\u003a", safe_text(text, limit)))


def md_code(text: str, *, cell: bool = False, limit: int | None = NAME) -> str:
    """`text` as one Markdown code span, in which nothing is a mention, a link or HTML; `cell` in a table.

    What a CI job writes as Markdown it often prints to its log too, so there is no workflow command in it either.
    """
    shown = terminal(text, limit)
    if not shown.strip():
        return f'"{shown}"'
    fence = "`" * (max((len(run) for run in _BACKTICKS.findall(shown)), default=0) + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    span = f"{fence}{pad}{shown}{pad}{fence}"
    return span.replace("|", "\\|") if cell else span


def json_text(text: str) -> str:
    """JSON `text` with harmful characters, which can only stand inside its strings, as JSON escapes."""
    return _NOT_PLAIN.sub(_json_escape, text)


def _json_escape(match: re.Match[str]) -> str:
    character = match[0]
    if not unsafe(character):
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def workflow_data(text: str, limit: int | None = SENTENCE) -> str:
    """`text` as the message of a GitHub workflow command."""
    return safe_text(text, limit).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def workflow_property(text: str, limit: int | None = NAME) -> str:
    """`text` as a property of a GitHub workflow command."""
    return workflow_data(text, limit).replace(":", "%3A").replace(",", "%2C")


def annotation(level: Level, message: str, *, file: str, line: int, column: int = 1, title: str = "") -> str:
    """A GitHub annotation: a line that puts `message` beside a line of a file in the pull request."""
    where = f"file={workflow_property(file, None)},line={line},col={column}"
    name = f",title={workflow_property(title)}" if title else ""
    return f"::{level} {where}{name}::{workflow_data(message)}"
