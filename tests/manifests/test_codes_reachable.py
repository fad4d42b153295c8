"""Every code of a manifest, and the least that raises it; and what `validate` then says, with file, line and column."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from reconciler.app.codes import CODES
from reconciler.app.workspaces import check
from reconciler.manifests.codes import CODES as MANIFEST_CODES

TODAY = date(2026, 11, 21)

WORKSPACE = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme: {provider: domo, url: https://acme.example, token: {env: T}}
  vision: {provider: clarifai, url: https://vision.example, token: {env: T}}
"""
DATASET = """\
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: orders, target: acme, id: "1"}
spec: {tags: [gold]}
"""


def spec(text: str) -> str:
    return DATASET.replace("spec: {tags: [gold]}", f"spec: {{{text}}}")


def metadata(text: str) -> str:
    return DATASET.replace('id: "1"', f'id: "1", {text}')


PROFILES = """\
apiVersion: reconciler/v1
kind: Profile
metadata: {name: one}
spec: {owner: "user:#1"}
---
apiVersion: reconciler/v1
kind: Profile
metadata: {name: two}
spec: {owner: "user:#2"}
---
"""

RAISED: dict[str, tuple[str | bytes, str]] = {
    "yaml-syntax": ("a: 'b", "1:4"),
    "duplicate-key": (DATASET + "kind: Dataset\n", "5:1"),
    "yaml-alias": (spec("tags: &a [gold]"), "4:14"),
    "yaml-merge-key": (spec("<<: {}"), "4:8"),
    "yaml-tag": (spec("tags: !!set [gold]"), "4:14"),
    "yaml-directive": ("%YAML 1.1\n---\n" + DATASET, "1:1"),
    "yaml-key-not-text": (spec("1: [gold]"), "4:8"),
    "yaml-number": (spec("tags: .inf"), "4:14"),
    "too-deep": ("[" * 40, "1:33"),
    "too-large": ("#" * (1 << 20) + "#", "1:1"),
    "too-many-nodes": ("- a\n" * 30_000, "24997:3"),
    "too-many-problems": ("- &a\n" * 200, "100:3"),
    "bad-character": (spec("tags: [\u202egold]"), "4:15"),
    "bad-encoding": (b"a: \xff", "1:4"),
    "unknown-kind": (DATASET.replace("kind: Dataset", "kind: Datset"), "2:7"),
    "unknown-key": (spec("tag: [gold]"), "4:8"),
    "missing-key": (DATASET.replace("target: acme, ", ""), "3:1"),
    "invalid-type": (spec("tags: [1.10]"), "4:15"),
    "invalid-value": (spec('owner: "somebody"'), "4:15"),
    "unknown-target": (DATASET.replace("acme", "acne"), "3:34"),
    "unknown-profile": (metadata("profiles: [gold]"), "3:60"),
    "unknown-principal": (spec("owner: user:adda"), "4:15"),
    "unknown-guard": (metadata("allow: [{guard: column-droped, reason: x, until: 2027-01-01}]"), "3:65"),
    "unknown-access-level": (spec('permissions: [{principal: "user:#1", access: CAN_VEW}]'), "4:53"),
    "unknown-column-type": (spec("schema: {columns: [{name: a, type: STRNG}]}"), "4:43"),
    "duplicate-item": (spec("schema: {columns: [{name: a, type: LONG}, {name: a, type: LONG}]}"), "4:34"),
    "rename-contradicted": (spec("schema: {columns: [{name: a, type: LONG, renamedFrom: a}]}"), "4:62"),
    "duplicate-manifest": (DATASET + "---\n" + DATASET, "8:18"),
    "facet-unsupported": (DATASET.replace("acme", "vision"), "4:14"),
    "profile-conflict": (PROFILES + metadata("profiles: [one, two]"), "13:59"),
    "retention-empty": (spec("retention: {prune: false}"), "4:19"),
    "grant-never-ends": (
        spec('permissions: {mode: additive, grants: [{principal: "user:#1", access: CAN_VIEW, expires: 2027-01-01}]}'),
        "4:97",
    ),
    "grant-ending": (spec('permissions: [{principal: "user:#1", access: CAN_VIEW, expires: 2026-12-05}]'), "4:72"),
    "grant-expired": (spec('permissions: [{principal: "user:#1", access: CAN_VIEW, expires: 2026-11-20}]'), "4:72"),
}
"""What raises each code, and where in the file it then stands."""


@pytest.mark.parametrize(("code", "content", "place"), [(code, *rest) for code, rest in RAISED.items()], ids=RAISED)
def test_a_code_is_raised_where_it_belongs(code: str, content: str | bytes, place: str, tmp_path: Path) -> None:
    """By one file beside a sound workspace; with file, line and column; and nothing else is complained about."""
    (tmp_path / "workspace.yaml").write_text(WORKSPACE)
    path = tmp_path / "x.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    loaded = check(tmp_path, TODAY)
    raised = {item.code: str(item.source) for item in reversed(loaded.diagnostics)}
    assert raised[code] == f"{path}:{place}"
    assert set(raised) <= {code, *({"yaml-alias"} if code == "too-many-problems" else ())}
    assert code in CODES


def test_a_guard_of_the_whole_plan_is_lifted_by_no_dataset(tmp_path: Path) -> None:
    """An entry that could never do anything is refused, with what does it; not with another guard of a like name."""
    (tmp_path / "workspace.yaml").write_text(WORKSPACE)
    allow = "allow: [{guard: too-many-changes, reason: x, until: 2027-01-01}]"
    (tmp_path / "x.yaml").write_text(metadata(allow))
    (found,) = check(tmp_path, TODAY).diagnostics
    assert (found.code, str(found.source)) == ("unknown-guard", f"{tmp_path}/x.yaml:3:65")
    assert found.hint == "Pass --allow too-many-changes to it."


def test_a_workspace_without_a_workspace_manifest(tmp_path: Path) -> None:
    """The folder itself is the place."""
    (tmp_path / "x.yaml").write_text(DATASET)
    assert [(item.code, str(item.source)) for item in check(tmp_path).diagnostics] == [
        ("no-workspace", f"{tmp_path}:1:1")
    ]


def test_a_provider_that_nobody_has(tmp_path: Path) -> None:
    """With what was probably meant."""
    (tmp_path / "x.yaml").write_text(WORKSPACE.replace("domo", "dom"))
    (found,) = check(tmp_path).diagnostics
    assert (found.code, str(found.source), found.hint) == (
        "unknown-provider",
        f"{tmp_path}/x.yaml:4:20",
        "Did you mean domo?",
    )


@pytest.mark.parametrize(
    "make",
    [lambda path: path.symlink_to("workspace.yaml"), os.mkfifo, lambda path: path.write_bytes(b"#" * (1 << 20) + b"#")],
    ids=["link", "pipe", "large"],
)
def test_a_file_that_cannot_be_read(make: Callable[[Path], object], tmp_path: Path) -> None:
    """It is named; the others are checked all the same. These cannot be read by root, either."""
    (tmp_path / "workspace.yaml").write_text(WORKSPACE)
    make(tmp_path / "x.yaml")
    (tmp_path / "y.yaml").write_text("kind: Nothing\n")
    assert [item.code for item in check(tmp_path).diagnostics][:2] in (
        ["unreadable-file", "unknown-kind"],
        ["too-large", "unknown-kind"],
    )


ELSEWHERE = {"no-workspace", "unknown-provider", "unreadable-file"}


def test_no_code_of_a_manifest_is_out_of_reach() -> None:
    """Each of them is raised above, and explained."""
    assert {code.name for code in MANIFEST_CODES} - set(RAISED) == ELSEWHERE
    assert [code.name for code in CODES.values() if not code.title or not code.explanation] == []
