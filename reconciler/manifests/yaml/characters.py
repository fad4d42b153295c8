"""Bytes to text, and which characters a text may hold."""

import re

from reconciler.manifests.yaml.document import Position, Problem

LARGEST = 1 << 20

# C0 and C1 controls, bidi controls, lone surrogates, non-characters: unseen, or able to make a text look like another.
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
_REFUSED = _CONTROLS + "\x80-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
_REFUSED += "".join(f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
# As an escape, what is unseen can be seen; names that vendors hold must be sayable. These two no vendor can hold.
_BAD_VALUE = re.compile("[\x00\ud800-\udfff]")
# libyaml takes U+2028 and U+2029 for line breaks and stumbles over an inner BOM, where YAML 1.2 sees text: so only
# their escapes pass.
_BAD_SOURCE = f"[{_REFUSED}\u2028\u2029\ufeff]"
_BAD_ASCII = re.compile(f"[{_CONTROLS}]")
_SOUND_ASCII = bytes(byte for byte in range(128) if not _BAD_ASCII.match(chr(byte)))


def position_at(text: str, offset: int) -> Position:
    """Find the line and column of a character; the end of the text is just behind its last character."""
    before = text[:offset]
    breaks = before.count("\n") + before.count("\r") - before.count("\r\n")
    start = max(before.rfind("\n"), before.rfind("\r")) + 1
    return Position(breaks + 1, len(before) - start + 1)


def is_sayable(text: str) -> bool:
    """Whether a manifest can hold `text`, with escapes if need be."""
    return _BAD_VALUE.search(text) is None


def bad_character(value: str, position: Position) -> Problem | None:
    """Tell what is wrong with the characters of a value, which escapes can bring past `decode`."""
    found = _BAD_VALUE.search(value)
    return None if found is None else _refusal(found[0], position, "Remove the escape.")


def decode(source: str | bytes) -> str | Problem:
    """Give the text of a file without its BOM, or the one problem that keeps it from being read."""
    if len(source) > LARGEST:
        return _too_large()
    if isinstance(source, bytes):
        if not source.translate(None, _SOUND_ASCII):
            # Most files: a fifth of the time that a pattern takes.
            return source.decode("ascii")
        try:
            text = source.decode("utf-8")
        except UnicodeDecodeError as error:
            return _not_utf8(source, error)
    else:
        text = source
    text = text.removeprefix("\ufeff")
    # Most texts are ASCII; the other pattern, long as it is, is only compiled for one that is not.
    found = _BAD_ASCII.search(text) if text.isascii() else re.search(_BAD_SOURCE, text)
    if found is not None:
        return _refusal(found[0], position_at(text, found.start()), "Delete it; it is often pasted along unseen.")
    size = len(text) if text.isascii() else len(text.encode())
    return _too_large() if size > LARGEST else text


def _too_large() -> Problem:
    # How many it has nobody knows: of a larger file no more is read.
    message = f"This file has more than {LARGEST:,} bytes, the most that is read."
    return Problem("too-large", message, Position(1, 1), "Split it into several files.")


def _not_utf8(source: bytes, error: UnicodeDecodeError) -> Problem:
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Problem("bad-encoding", "This file is UTF-16.", Position(1, 1), "Save it as UTF-8.")
    before = source[: error.start].decode("utf-8").removeprefix("\ufeff")
    message = f"Byte 0x{source[error.start]:02x} is not UTF-8."
    return Problem("bad-encoding", message, position_at(before, len(before)), "Save the file as UTF-8.")


def _refusal(character: str, position: Position, hint: str) -> Problem:
    message = f"The character U+{ord(character):04X} is not allowed in a manifest."
    return Problem("bad-character", message, position, hint)
