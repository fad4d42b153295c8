"""A git repository with a base and a head, made from the sections of a text."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

IDENTITY = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@acme.example",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@acme.example",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
}

WORKSPACE = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme:
    provider: domo
    url: https://acme.domo.com
    token: {env: DOMO_TOKEN}
    actor: user:bot
---
apiVersion: reconciler/v1
kind: Principals
target: acme
users:
  ada: {id: "100", email: ada@acme.example}
  bo: {id: "101", email: bo@acme.example}
  chi: {id: "102", email: chi@acme.example}
  dee: {id: "103", email: dee@partner.example}
  bot: {id: "900", service: true}
groups:
  fin: {id: g1, members: [bo, chi]}
  ops: {id: g2, members: [chi]}
  all: {id: g3, everyone: true}
"""


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    """What a git command prints."""
    done = subprocess.run(  # noqa: S603
        ["git", "-C", str(folder), *arguments],  # noqa: S607
        input=stdin,
        capture_output=True,
        check=True,
        env={**os.environ, **IDENTITY},
    )
    return done.stdout.decode().strip()


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write `files` below `folder`."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def commit(folder: Path, message: str) -> str:
    """Commit everything; the new commit's id."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD")


def repository(folder: Path, base: Mapping[str, str], head: Mapping[str, str]) -> tuple[str, str]:
    """A repository on branch `change`, which left `main` at `base`; the ids of both commits."""
    git(folder, "init", "--quiet", "--initial-branch", "main")
    write(folder, base)
    old = commit(folder, "base")
    git(folder, "switch", "--quiet", "--create", "change")
    for name in base:
        (folder / name).unlink()
    write(folder, head)
    return old, commit(folder, "head")


def dataset(name: str, spec: str, identifier: str | None = "1", **metadata: str) -> str:
    """A manifest; `spec` in YAML."""
    given = {"name": name, "target": "acme", **({"id": f'"{identifier}"'} if identifier else {}), **metadata}
    facts = ", ".join(f"{key}: {value}" for key, value in given.items())
    return f"apiVersion: reconciler/v1\nkind: Dataset\nmetadata: {{{facts}}}\nspec: {spec}\n"
