"""The use case init: a workspace to begin with. Existing files are never touched."""

from __future__ import annotations

import os
from collections.abc import Mapping
from errno import ELOOP
from pathlib import Path

from msgspec import Struct

from reconciler.manifests.files import LINK, folder_prefix, is_folder, on_disk

from .ci import ci_files
from .schemas import file_names, schema_text
from .writing import PUBLIC, place_text

WORKSPACE = """\
# yaml-language-server: $schema={schemas}/workspace.schema.json
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme:
    provider: domo
    url: "sandbox:"            # your instance: https://acme.domo.com
    token: {{env: DOMO_TOKEN}}   # the embedded sandbox takes "sandbox-token"
    actor: user:governance-bot
"""

PRINCIPALS = """\
# yaml-language-server: $schema={schemas}/principals.schema.json
apiVersion: reconciler/v1
kind: Principals
target: acme
users:
  jonathan: {{id: "403368057", name: Jonathan Tiritilli}}
  governance-bot: {{id: "900", service: true}}
groups:
  editors: {{id: "group-12345", name: Editors Group, members: [jonathan]}}
"""

DATASET = """\
# yaml-language-server: $schema={schemas}/dataset.schema.json
apiVersion: reconciler/v1
kind: Dataset
metadata:
  name: mock_clients
  target: acme
  id: 44c5d1b9-7a26-4369-bf0d-c575bfb168a6
spec:
  # A facet that is not here is unmanaged: neither read nor touched.
  owner: user:jonathan
  tags:
    mode: additive
    values: [clients]
  permissions:
    mode: additive
    grants:
      - {{principal: user:governance-bot, access: CO_OWNER}}
      - {{principal: group:editors, access: CAN_EDIT}}
"""

STATE = ".reconciler"
"""Where journals and the audit log are, which are no part of the sources."""


class Started(Struct, frozen=True):
    """What was done."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]
    """What was there already."""
    example: bool
    """Whether the manifests are the example's; others that are there are left alone."""
    ignored: bool
    """Whether .gitignore names the folder of journals."""


def example(schemas: str) -> Mapping[str, str]:
    """The manifests of a new workspace, by path below the folder it is made in."""
    return {
        "manifests/workspace.yaml": WORKSPACE.format(schemas=schemas),
        "manifests/principals.yaml": PRINCIPALS.format(schemas=schemas),
        "manifests/datasets/mock_clients.yaml": DATASET.format(schemas=f"../{schemas}"),
    }


def around() -> Mapping[str, str]:
    """What a workspace has beside manifests, likewise."""
    generated = {f"schemas/{name}": schema_text(kind) for kind, name in file_names().items()}
    return {".gitignore": f"{STATE}/\n", **generated}


def start(folder: Path, ci: str | None = None) -> Started:
    """Write what is missing in `folder`.

    No example joins manifests that are there: it would be governed, or make two workspaces of one.

    Args:
        folder: the top of the repository.
        ci: a CI system whose pipelines to write, too; they come alone where manifests are there already.

    Raises:
        OSError: a file cannot be written, or a link on the way to it would have to be followed.
    """
    there, manifests = _manifests(folder), example("../schemas")
    ours = there.items() <= manifests.items()
    files = dict(ci_files(ci)) if ci is not None else {}
    if ci is None or not there:
        # Manifests last: whatever breaks this off, the next run does not take them for somebody's own.
        files |= {**around(), **(manifests if ours else {})}
    written, kept = _write(folder, files)
    return Started(tuple(written), tuple(kept), ours, _ignored(folder))


def _manifests(folder: Path) -> Mapping[str, str | None]:
    """What the manifests in `folder` hold, by path below it; None: what cannot be read."""
    root = folder / "manifests"
    found = on_disk(root) if is_folder(root) else ()
    above = len(folder_prefix(folder))
    return {file.path[above:]: None if file.refusal else file.content.decode("utf-8", "replace") for file in found}


def _ignored(folder: Path) -> bool:
    path = folder / ".gitignore"
    lines = path.read_bytes().splitlines() if path.is_file() else []
    return any(line.strip().strip(b"/") == STATE.encode() for line in lines)


def _write(folder: Path, files: Mapping[str, str]) -> tuple[list[Path], list[Path]]:
    written: list[Path] = []
    kept: list[Path] = []
    for name, text in files.items():
        path = folder / name
        if link := _link_between(folder, path):
            raise OSError(ELOOP, LINK, str(link))
        if os.path.lexists(path):
            kept.append(path)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        place_text(text, path, PUBLIC)
        written.append(path)
    return written, kept


def _link_between(folder: Path, path: Path) -> Path | None:
    """A link on the way from `folder`, which the user named, to `path`: it may lead out of the checkout."""
    return next(
        (part for part in path.parents if part.is_relative_to(folder) and part != folder and part.is_symlink()), None
    )
