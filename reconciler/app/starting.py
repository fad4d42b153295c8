"""The use case init: a workspace to begin with. Existing files are never touched."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .ci import ci_files
from .schemas import file_names, schema_text

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

IGNORE = ".reconciler/\n"


def contents(schemas: str) -> Mapping[str, str]:
    """The files of a new workspace, by path below the folder it is made in."""
    generated = {f"schemas/{name}": schema_text(kind) for kind, name in file_names().items()}
    return {
        "manifests/workspace.yaml": WORKSPACE.format(schemas=schemas),
        "manifests/principals.yaml": PRINCIPALS.format(schemas=schemas),
        "manifests/datasets/mock_clients.yaml": DATASET.format(schemas=f"../{schemas}"),
        ".gitignore": IGNORE,
        **generated,
    }


def start(folder: Path, ci: str | None = None) -> tuple[list[Path], list[Path]]:
    """Write what is missing in `folder`; return what was written and what was there.

    Args:
        folder: the top of the repository.
        ci: a CI system whose pipelines to write, too; they come alone where manifests are there already.

    Raises:
        OSError: a file cannot be written.
    """
    files: dict[str, str] = {}
    if ci is None or not (folder / "manifests").exists():
        files.update(contents("../schemas"))
    if ci is not None:
        files.update(ci_files(ci))
    return _write(folder, files)


def _write(folder: Path, files: Mapping[str, str]) -> tuple[list[Path], list[Path]]:
    written: list[Path] = []
    kept: list[Path] = []
    for name, text in files.items():
        path = folder / name
        if path.exists():
            kept.append(path)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
        written.append(path)
    return written, kept
