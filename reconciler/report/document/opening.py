"""What bytes must be before they are read as a plan: JSON, of a known version, and as they were made."""

from __future__ import annotations

import json
from typing import Final, Literal, TypeAlias

from .rows import packed, signature
from .scan import Content, loose, scan

FORMAT_VERSION: Final = "1.0"
"""A new minor version only adds keys, which readers ignore; a new major version is refused."""

LARGEST: Final = 256 * 2**20
"""Bytes; ten thousand datasets that all change need less than a third."""

Flaw: TypeAlias = Literal["large", "broken", "foreign", "newer", "altered"]
"""foreign: JSON, but no plan. newer: a major version this code does not know. altered: changed after it was made."""

# What facets raise for words they did not make, and what Python raises for absurd numbers and depths.
UNREADABLE: Final = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


class DocumentError(Exception):
    """These bytes are no plan that can be used; its text is one sentence for the user.

    Attributes:
        flaw: what is wrong, for the choice of an exit code.
    """

    def __init__(self, flaw: Flaw, sentence: str) -> None:
        super().__init__(sentence)
        self.flaw: Flaw = flaw


def decoded(data: str | bytes) -> str:
    """The text of a file that is not too large."""
    if len(data) > LARGEST:
        raise DocumentError("large", f"The plan file is larger than {LARGEST // 2**20} MiB and was not read.")
    try:
        return data if isinstance(data, str) else data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError("broken", "The file is not a plan: it is not JSON in UTF-8.") from error


def parsed(text: str) -> Content:
    """The JSON object in `text`, if it looks like a plan."""
    try:
        content = scan(text)
    except json.JSONDecodeError as error:
        sentence = f"The file is not a plan: its JSON breaks at line {error.lineno}, column {error.colno}."
        raise DocumentError("broken", sentence) from error
    except (ValueError, RecursionError) as error:
        raise DocumentError("broken", "The file is not a plan: it is not JSON in UTF-8.") from error
    if "shard" in content.head:
        raise DocumentError("foreign", "The file is a part of a plan: `reconciler plan merge` puts all parts together.")
    if "format_version" not in content.head:
        raise DocumentError("foreign", "The file is not a plan: it has no format_version.")
    return content


def check_version(content: Content) -> None:
    """Refuse formats that this version does not read."""
    major, _, minor = str(content.head["format_version"])[:20].partition(".")
    if not (major.isdecimal() and minor.isdecimal()):
        raise DocumentError("foreign", "The file is not a plan: its format_version is not a version.")
    ours = FORMAT_VERSION.partition(".")[0]
    if int(major) > int(ours):
        sentence = f"The plan has format {int(major)}.{int(minor)}; this version reads {ours}.x: use the newer one."
        raise DocumentError("newer", sentence)
    if int(major) < int(ours):
        raise DocumentError("foreign", f"The plan has format {int(major)}.{int(minor)}, which no version wrote.")


def check_genuine(content: Content) -> None:
    """Refuse what was altered."""
    claimed = content.head.get("plan_id")
    if not isinstance(claimed, str):
        raise DocumentError("foreign", "The file is not a plan: it has no plan_id.")
    try:
        genuine = claimed == signature(content.head, {key: map(_canonical, rows) for key, rows in content.rows.items()})
    except UNREADABLE:
        genuine = False
    if not genuine:
        raise DocumentError("altered", "The plan was altered after it was made: its plan_id does not fit its content.")


def _canonical(row: bytes) -> bytes:
    return packed(loose(row))
