"""What a well-formed text may still not hold, in plain sentences, each at the node concerned."""

from yaml._yaml import Mark
from yaml.events import Event

from reconciler.manifests.yaml.document import Position, Problem

DEEPEST = 32
MOST_NODES = 25_000
MOST_PROBLEMS = 100

_QUOTE = "If it is text, put it in quotes."
_WRITE_OUT = "Write the content out where it is meant."
_SPLIT = "Split it into several files."


def mark_of(event: Event) -> Mark:
    """Give the place of an event, from 0."""
    return event.start_mark  # type: ignore[return-value]  # libyaml's parser marks every event, with its own marks


def position_of(event: Event) -> Position:
    """Give the place of an event, from 1."""
    mark = mark_of(event)
    return Position(mark.line + 1, mark.column + 1)


def directive(event: Event) -> Problem:
    """Refuse a document of another version of YAML."""
    message, hint = "Only the directive '%YAML 1.2' is allowed.", "Delete the line that starts with '%'."
    return Problem("yaml-directive", message, position_of(event), hint)


def alias(event: Event, name: str) -> Problem:
    """Refuse an alias."""
    message = f"'*{name[:40]}' is an alias, which is not read."
    return Problem("yaml-alias", message, position_of(event), f"{_WRITE_OUT} {_QUOTE}")


def anchor(event: Event, name: str) -> Problem:
    """Refuse an anchor, also one that nothing refers to."""
    message = f"'&{name[:40]}' is an anchor, which is not read."
    return Problem("yaml-alias", message, position_of(event), f"{_WRITE_OUT} {_QUOTE}")


def tag(position: Position) -> Problem:
    """Refuse a tag, without showing it: its %-escapes can hold anything."""
    return Problem("yaml-tag", "A tag (a word that starts with '!') is not read.", position, _QUOTE)


def merge_key(event: Event) -> Problem:
    """Refuse an unquoted `<<`."""
    return Problem("yaml-merge-key", "'<<' is a merge key, which is not read.", position_of(event), _WRITE_OUT)


def key_of_several(event: Event) -> Problem:
    """Refuse a list or mapping as a key."""
    message, hint = "A list or mapping stands where a key must be.", "Text that starts with '{' or '[' needs quotes."
    return Problem("yaml-key-not-text", message, position_of(event), hint)


def key_not_text(event: Event, written: str) -> Problem:
    """Refuse a number, a boolean, null or nothing as a key."""
    if not written:
        message, hint = "A key is missing here.", "Put the key before the ':'."
    else:
        message, hint = f"The key {written} is not text, and keys must be.", f'Write "{written}" in quotes.'
    return Problem("yaml-key-not-text", message, position_of(event), hint)


def question_mark(event: Event) -> Problem:
    """Refuse `[?x]`, which YAML 1.2 reads as the text `?x` and libyaml as a key `x`."""
    message = "Inside brackets a text cannot start with '?'."
    return Problem("yaml-syntax", message, position_of(event), "Put the text in quotes.")


def duplicate(event: Event, key: str, first_line: int) -> Problem:
    """Refuse a key that its mapping already has."""
    message = f"The key {key[:40]!r} stands here again; it is first on line {first_line}."
    return Problem("duplicate-key", message, position_of(event), "Keep one of them.")


def number(event: Event, why: str) -> Problem:
    """Refuse a number for the reason given."""
    return Problem("yaml-number", why, position_of(event), _QUOTE)


def too_deep(place: Position) -> Problem:
    """Refuse to go deeper."""
    message = f"This is nested more than {DEEPEST} levels deep."
    return Problem("too-deep", message, place, "Close the brackets before it, or make it flatter.")


def too_many_nodes(event: Event) -> Problem:
    """Refuse to go on counting."""
    message = f"This file holds more than {MOST_NODES:,} keys, values and documents."
    return Problem("too-many-nodes", message, position_of(event), _SPLIT)


def too_many_problems(position: Position) -> Problem:
    """Say that more may follow."""
    message = f"Reading stopped here, after {MOST_PROBLEMS} problems."
    return Problem("too-many-problems", message, position, "Mend these first.")
