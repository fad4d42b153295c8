"""A manifest file in the canonical layout, through ruamel.yaml, which keeps comments and quotes; its one job here.

Nothing is handed out unproven: the fast reader must find the same data in the new text, and every comment must still
be there.
"""

from __future__ import annotations

import io
import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .ordering import in_order
from .yaml import read
from .yaml.spans import text_lines
from .yaml.writing import quoted

if TYPE_CHECKING:
    from ruamel.yaml import YAML

ROUNDS = 4
_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n]*", re.MULTILINE)


class NotFormattedError(Exception):
    """The text cannot be laid out without losing something."""


def formatted(text: str) -> str:
    """`text` in the canonical layout: two spaces, keys in the order of their model, one line end, no BOM.

    Quotes, comments, empty lines and what is written on one line stay as they are. Formatting its own result
    changes nothing.

    Raises:
        NotFormattedError: something would be lost.
    """
    comments = Counter(_comments(text))
    data = _data(text)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for _ in range(ROUNDS):
        new = _round_trip(in_order(text))
        # Only a text that is read again can be looked at closer.
        new = _align(new) if _data(new) == data else new
        if _data(new) != data:
            raise NotFormattedError("its data would not be the same")
        if lost := comments - Counter(_comments(new)):
            raise NotFormattedError(f"a comment would be lost: {next(iter(lost))}")
        if new == text:
            return new
        text = new
    raise NotFormattedError("its layout does not settle")


def _data(text: str) -> Any:
    """The data of `text`, comparable; None when it has problems."""
    reading = read(text)
    return None if reading.problems else _typed([document.data for document in reading.documents])


def _typed(value: Any) -> Any:
    """`value` so that 1, 1.0 and true differ, and the order of keys does not."""
    if isinstance(value, dict):
        return {key: _typed(member) for key, member in value.items()}
    return [_typed(item) for item in value] if isinstance(value, list) else (type(value).__name__, value)


def _comments(text: str) -> Iterator[str]:
    return (comment.rstrip() for comment in _COMMENT.findall(text))


def _round_trip(text: str) -> str:
    from ruamel.yaml import YAML  # noqa: PLC0415 - only a run that formats needs it
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415

    yaml = YAML(typ="rt", pure=True)
    yaml.Emitter, yaml.Representer = _emitter(), _representer()
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    yaml.preserve_quotes = True
    yaml.width = 10**6
    yaml.indent(mapping=2, sequence=4, offset=2)
    try:
        return _dumped(yaml, list(yaml.load_all(text)))
    except (YAMLError, ValueError, RecursionError, AttributeError, TypeError, IndexError) as error:
        # ruamel's own faults are as many as these; the file stays as it is.
        raise NotFormattedError(str(error).partition("\n")[0]) from error


def _dumped(yaml: YAML, documents: list[Any]) -> str:
    buffer = io.StringIO()
    yaml.dump_all([document for document in documents if document is not None], buffer)
    lines = buffer.getvalue().rstrip("\n").split("\n")
    return "\n".join([*lines, ""])


def _align(text: str) -> str:
    """`text` with no comment line deeper or less deep than both lines around it."""
    inside = text_lines(text)
    lines = text.split("\n")
    content = [
        number for number, line in enumerate(lines) if number in inside or (line.strip() and line.lstrip()[0] != "#")
    ]
    for number, line in enumerate(lines):
        if number not in inside and line.lstrip().startswith("#"):
            at = bisect(content, number)
            below = _column(lines[content[at]]) if at < len(content) else 0
            above = _column(lines[content[at - 1]]) if at else 0
            column = sorted((above, below, _column(line)))[1]
            lines[number] = " " * column + line.strip()
    return "\n".join(lines)


def _column(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _emitter() -> Any:
    from ruamel.yaml.emitter import RoundTripEmitter  # noqa: PLC0415
    from ruamel.yaml.events import CollectionEndEvent  # noqa: PLC0415

    class Emitter(RoundTripEmitter):
        """Writes what cannot be seen as escapes, where ruamel's own would write the character."""

        def write_double_quoted(self, text: Any, split: Any = True) -> None:  # noqa: ARG002, FBT002 - as inherited
            self.write_indicator(quoted(text), need_whitespace=True)

        def write_post_comment(self, event: Any) -> bool:
            written = super().write_post_comment(event)
            if isinstance(event, CollectionEndEvent):
                # Else the comment's line end counts twice, and a mapping below it is written on one line.
                self.no_newline = False
            return written

    return Emitter


def _representer() -> Any:
    from ruamel.yaml.representer import RoundTripRepresenter  # noqa: PLC0415

    class Representer(RoundTripRepresenter):
        """Writes null as a word, where ruamel's own would write nothing and move the comment behind it."""

        def represent_none(self, data: Any) -> Any:
            del data
            return self.represent_scalar("tag:yaml.org,2002:null", "null")

    Representer.add_representer(type(None), Representer.represent_none)
    return Representer
