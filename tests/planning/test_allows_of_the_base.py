"""Of which dataset an `allow` of the base is, where a branch says otherwise what a manifest means."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.app.guards import Baseline, under
from reconciler.app.workspaces import Selection, check, desired
from reconciler.manifests import Workspace

TEXT = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme: {provider: domo, url: "%s", token: {env: T}}
---
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: orders, target: acme, %sallow: [{guard: column-dropped, reason: mine, until: 2099-12-31}]}
spec: {schema: {columns: [{name: id, type: LONG}]}}
"""
ACME, OTHER = "https://acme.domo.com", "https://other.domo.com"


def workspace(folder: Path, url: str, identifier: str) -> Workspace:
    folder.mkdir()
    (folder / "all.yaml").write_text(TEXT % (url, f'id: "{identifier}", ' if identifier else ""))
    found = check(folder).workspace
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("base", "head", "lifted"),
    [
        ((ACME, "1"), (ACME, "1"), True),
        ((ACME, ""), (ACME, ""), True),
        ((ACME, "1"), (ACME, "2"), False),
        ((ACME, ""), (ACME, "1"), False),
        ((ACME, "1"), (ACME, ""), False),
        ((ACME, "1"), (OTHER, "1"), False),
        ((ACME, ""), (OTHER, ""), False),
    ],
)
def test_what_is_allowed_is_for_the_same_dataset_alone(
    base: tuple[str, str], head: tuple[str, str], tmp_path: Path, *, lifted: bool
) -> None:
    """Of the same id in the same account, or of the same name there while neither has one."""
    there, here = workspace(tmp_path / "base", *base), workspace(tmp_path / "head", *head)
    (found,) = under(desired(here, Selection()), here, Baseline("base", there)).datasets
    assert bool(found.allows) is lifted
