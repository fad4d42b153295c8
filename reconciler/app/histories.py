"""The versions of datasets at one moment, in a file: for looking at policies without a vendor or a token."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.words import Json
from reconciler.facets.retention import Version
from reconciler.facets.retention.version import read, words

from .exits import Exit, Stop
from .saving import save

FORMAT = "1.0"
LARGEST = 512 * 1024 * 1024
"""More bytes than any history has; more are not even read."""


class Histories(Struct, frozen=True):
    """What there was."""

    as_of: datetime
    """When it was read."""
    versions: Mapping[Address, tuple[Version, ...]]


def save_histories(histories: Histories, path: Path) -> None:
    """Write a file that nobody else may read. It holds no token.

    Raises:
        Stop: it cannot be written.
    """
    datasets: list[Json] = [
        {"target": address.target, "dataset": address.dataset, "versions": [words(version) for version in versions]}
        for address, versions in sorted(histories.versions.items())
    ]
    document: Json = {"format_version": FORMAT, "as_of": histories.as_of.isoformat(), "datasets": datasets}
    save(json.dumps(document, indent=1, ensure_ascii=False) + "\n", path, "snapshot")


def read_histories(path: Path) -> Histories:
    """What `save_histories` wrote.

    Raises:
        Stop: the file is nothing of the kind.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise _refused(path, "it is larger than any snapshot")
        return _histories(json.loads(path.read_bytes()))
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from error
    except KeyError as error:
        raise _refused(path, f"{error} is missing") from error
    except json.JSONDecodeError as error:
        raise _refused(path, f"its JSON breaks at line {error.lineno}, column {error.colno}") from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _refused(path, str(error)) from error


def _histories(document: Mapping[str, Json]) -> Histories:
    if document["format_version"] != FORMAT:
        msg = f"its format is {document['format_version']!r}, and this version reads {FORMAT}"
        raise ValueError(msg)
    if not isinstance(document["as_of"], str):
        msg = "it does not say when it was taken; `retention simulate --save-snapshot` makes one that does"
        raise TypeError(msg)
    as_of = datetime.fromisoformat(document["as_of"])
    if as_of.tzinfo is None:
        msg = "as_of has no time zone"
        raise ValueError(msg)
    datasets = document["datasets"]
    if not isinstance(datasets, list):
        msg = "datasets is not a list"
        raise TypeError(msg)
    return Histories(as_of.astimezone(UTC), dict(_history(entry) for entry in datasets))


def _history(entry: Mapping[str, Json]) -> tuple[Address, tuple[Version, ...]]:
    versions = entry["versions"]
    if not isinstance(versions, list):
        msg = "versions is not a list"
        raise TypeError(msg)
    found = {version.key: version for version in map(read, versions)}
    if len(found) < len(versions):
        msg = f"dataset {entry['dataset']} has two versions of one id"
        raise ValueError(msg)
    return Address(str(entry["target"]), str(entry["dataset"])), tuple(found.values())


def _refused(path: Path, why: str) -> Stop:
    hint = "Make a new one with --save-snapshot FILE."
    summary = f"{path} cannot be used as a snapshot of versions: {why}"
    return Stop(Exit.ERROR, Diagnostic("snapshot-unreadable", "error", summary, hint=hint))
