"""Workspaces of any size, and what a vendor would answer about their datasets."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from reconciler.core.ports import OWNER
from reconciler.core.principals import Principal
from reconciler.facets.owner import Owner
from reconciler.facets.permissions import Grant
from reconciler.facets.retention.version import Version
from reconciler.facets.schema import Column
from reconciler.facets.tags import Tag

COLUMNS, GRANTS = 20, 10

HEAD = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme:
    provider: domo
    url: {url}
    token: {{env: BENCH_TOKEN}}
    actor: user:#900
    concurrency: {concurrency}
    requestsPerSecond: {rate}
"""

DATASET = """\
apiVersion: reconciler/v1
kind: Dataset
metadata:
  name: dataset-{number:06}
  target: acme
  id: "{number}"
spec:
  owner: user:#900
  schema:
    columns:
{columns}
  tags:
    mode: authoritative
    values:
      - gold
      - finance
      - daily
      - tag-{number}
  permissions:
    mode: authoritative
    grants:
{grants}
  retention:
    keepLast: 5
    keepWithin: 30d
    keepDaily: 7
    keepWeekly: 4
    keepMonthly: 12
    prune: false
    guards:
      minVersions: 1
      minAge: 7d
"""

ONLINE = """\
apiVersion: reconciler/v1
kind: Dataset
metadata: {{name: dataset-{number:06}, target: acme, id: "{number}"}}
spec:
  tags: [gold, {tag}]
"""


class Facets(msgspec.Struct):
    """What was read of one dataset."""

    owner: tuple[Owner, ...]
    schema: tuple[Column, ...]
    tags: tuple[Tag, ...]
    permissions: tuple[Grant, ...]
    retention: tuple[Version, ...]


class Live(msgspec.Struct):
    """A line of a saved snapshot."""

    id: str
    facets: Facets


def manifest(number: int) -> str:
    """A dataset's manifest: 60 lines, five facets; its columns are its own, its people some of five hundred."""
    columns = "\n".join(f"      - {{name: {name}, type: STRING}}" for name in _columns(number))
    grants = "\n".join(f"      - {{principal: 'user:#{who}', access: CAN_VIEW}}" for who in _people(number))
    return DATASET.format(number=number, columns=columns, grants=grants)


def _columns(number: int) -> list[str]:
    return [f"column_{number}_{index}" for index in range(COLUMNS)]


def _people(number: int) -> list[int]:
    return [(number * 7 + index) % 500 for index in range(GRANTS)]


def small(number: int, tag: str) -> str:
    """The manifest of a dataset of which only the tags are managed."""
    return ONLINE.format(number=number, tag=tag)


def write_workspace(root: Path, count: int, *, bad_every: int = 0, url: str = "https://acme.example") -> Path:
    """`count` datasets, a file each; every `bad_every`-th has an unknown key and a value of the wrong type."""
    _head(root, url, 8, 1000)
    for number in range(count):
        text = manifest(number)
        if bad_every and number % bad_every == 0:
            text = text.replace("keepDaily: 7", "keepDaily: seven").replace("mode: auth", "mood: auth", 1)
        place(root, number).write_text(text, "utf-8")
    return root


def write_online(root: Path, count: int, url: str, *, concurrency: int, rate: float, tag: str = "daily") -> Path:
    """`count` datasets of which only the tags are managed."""
    _head(root, url, concurrency, rate)
    for number in range(count):
        place(root, number).write_text(small(number, tag), "utf-8")
    return root


def write_snapshot(path: Path, count: int, *, differs_every: int = 20) -> Path:
    """What was read of each dataset, a line for each; every `differs_every`-th differs."""
    with path.open("wb") as file:
        for number in range(count):
            tags = ["gold", "finance", "daily", "stale" if number % differs_every == 0 else f"tag-{number}"]
            access = [*((str(who), "CAN_VIEW") for who in _people(number)), ("900", OWNER)]
            facets = Facets(
                owner=(Owner(Principal("user", "900")),),
                schema=tuple(Column(name, "STRING") for name in _columns(number)),
                tags=tuple(map(Tag, tags)),
                permissions=tuple(Grant(Principal("user", who), level) for who, level in access),
                retention=(),
            )
            file.write(msgspec.json.encode(Live(str(number), facets)) + b"\n")
    return path


def _head(root: Path, url: str, concurrency: int, rate: float) -> None:
    root.mkdir(parents=True, exist_ok=True)
    text = HEAD.format(url=json.dumps(url), concurrency=concurrency, rate=rate)
    (root / "workspace.yaml").write_text(text, "utf-8")


def place(root: Path, number: int) -> Path:
    """Where the manifest of dataset `number` is."""
    folder = root / f"{number // 1000:04}"
    folder.mkdir(exist_ok=True)
    return folder / f"{number:06}.yaml"
