"""Profiles and the dataset that uses them: what they come to, and what is refused because of what they come to."""

from __future__ import annotations

from pathlib import Path

from reconciler.app.origins import explained
from reconciler.app.workspaces import check
from reconciler.report import diagnostics_text

WORKSPACE = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme: {provider: domo, url: https://acme.example, token: {env: T}}
---
apiVersion: reconciler/v1
kind: Principals
target: acme
users:
  ada: {id: "100"}
  bo: {id: "101"}
"""


def workspace(folder: Path, dataset: str, *profiles: str) -> Path:
    """A workspace in `folder`, relative to which it is: a dataset and its profiles, each given as its spec in flow."""
    names = [f"p{number}" for number, _ in enumerate(profiles, 1)]
    for name, spec in zip(names, profiles, strict=True):
        text = f"apiVersion: reconciler/v1\nkind: Profile\nmetadata: {{name: {name}}}\nspec: {{{spec}}}\n"
        (folder / f"{name}.yaml").write_text(text)
    metadata = f'metadata: {{name: orders, target: acme, id: "1", profiles: [{", ".join(names)}]}}'
    (folder / "orders.yaml").write_text(f"apiVersion: reconciler/v1\nkind: Dataset\n{metadata}\nspec: {{{dataset}}}\n")
    (folder / "workspace.yaml").write_text(WORKSPACE)
    return folder


def refused(folder: Path) -> str:
    return diagnostics_text(check(folder).diagnostics).replace(f"{folder}/", "")


def origins(folder: Path) -> str:
    """Every value of the dataset that does not come from a default."""
    return "".join(
        f"{address.facet} {origin.field}: {origin.value} {origin.source}\n".replace(f"{folder}/", "")
        for address, told in explained(folder, "acme/orders").items()
        for origin in told or ()
        if origin.source
    )


def test_one_person_in_two_spellings_is_one(tmp_path: Path) -> None:
    """By key and by id: profiles that grant him different levels disagree, and the dataset settles it either way."""
    bo = 'permissions: [{principal: user:bo, access: CAN_EDIT}, {principal: "user:#7", access: CAN_VIEW}]'
    him = 'permissions: [{principal: "user:#101", access: CAN_VIEW}]'
    assert refused(workspace(tmp_path, "tags: []", bo, him)) == (
        "Error:\n"
        "orders.yaml:3:59: profile-conflict its profiles disagree on permissions: grants user:bo\n"
        "  Say it in the dataset itself; what the dataset says wins.\n"
    )
    assert origins(workspace(tmp_path, him, bo, him)) == (
        'permissions grants: {principal: "user:#101", access: CAN_VIEW} orders.yaml:4:22\n'
        'permissions grants: {principal: "user:#7", access: CAN_VIEW} p1.yaml:4:62\n'
    )


def test_profiles_that_name_one_owner_in_two_spellings_agree(tmp_path: Path) -> None:
    """Of two people, they do not."""
    assert refused(workspace(tmp_path, "tags: []", "owner: user:bo", 'owner: "user:#101"')) == ""
    assert refused(workspace(tmp_path, "tags: []", "owner: user:bo", 'owner: "user:#100"')) == (
        "Error:\n"
        "orders.yaml:3:59: profile-conflict its profiles disagree on owner: principal\n"
        "  Say it in the dataset itself; what the dataset says wins.\n"
    )
