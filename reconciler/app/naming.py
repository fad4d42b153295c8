"""Names for what is adopted: files that every file system takes, keys of people, names of datasets."""

from __future__ import annotations

import re
from collections.abc import Container
from hashlib import sha256
from unicodedata import normalize

LONGEST_FILE = 60
LONGEST_KEY = 40
LONGEST_NAME = 500

_DEVICES = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
"""What Windows takes for a device, whatever follows the dot."""


def slug(text: str, longest: int) -> str:
    """`text` as lower-case ASCII letters, digits and single dashes; empty when it has none of the former."""
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].strip("-")


def short(identifier: str) -> str:
    """Eight characters that stand for an id and are the same each time."""
    return sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def free(first: str, identifier: str, taken: Container[str]) -> str:
    """`first` if it is not taken, else with what stands for `identifier` behind it."""
    candidates = [first, f"{first}-{short(identifier)}"]
    number = 1
    while candidates[0] in taken:
        del candidates[0]
        number += 1
        candidates.append(f"{first}-{short(identifier)}-{number}")
    return candidates[0]


def file_stem(name: str, identifier: str, taken: Container[str]) -> str:
    """The name, without suffix, of the file for a dataset."""
    stem = slug(name, LONGEST_FILE) or f"dataset-{short(identifier)}"
    return free(f"{stem}-dataset" if _DEVICES.fullmatch(stem) else stem, identifier, taken)


def person_key(kind: str, identifier: str, display: str | None, taken: Container[str]) -> str:
    """The key in `Principals` of a user or group."""
    plain = slug(display or "", LONGEST_KEY)
    return free(plain or f"{kind}-{slug(identifier, LONGEST_KEY) or short(identifier)}", identifier, taken)


def dataset_name(title: str, identifier: str, taken: Container[str]) -> str:
    """The name in addresses of a dataset that the vendor calls `title`; two of its datasets may be called the same."""
    name = sayable(title).replace("\n", " ").strip()[:LONGEST_NAME].strip() or f"dataset {short(identifier)}"
    if name not in taken:
        return name
    return free(f"{name} {short(identifier)}", identifier, taken)


def sayable(text: str) -> str:
    """`text` with what no manifest can hold (NUL, half a surrogate pair) shown as a replacement character."""
    return re.sub("[\0\ud800-\udfff]", "\ufffd", text)
