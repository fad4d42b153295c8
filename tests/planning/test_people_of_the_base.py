"""Who somebody is by the base, where several of its targets may lead to one account and tell otherwise of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from reconciler.app.people import people
from reconciler.app.workspaces import check
from reconciler.core.principals import Directory, Person
from reconciler.manifests import Workspace

TARGETS = {
    "first": "{provider: domo, url: https://acme.domo.com, token: {env: A}}",
    "second": "{provider: domo, url: https://acme.domo.com, token: {env: B}}",
    "third": "{provider: domo, url: https://acme.domo.com, token: {env: C}}",
    "keyed": "{provider: clarifai, url: https://api.clarifai.com, token: {env: D}}",
    "named": "{provider: clarifai, url: https://api.clarifai.com, token: {env: E}, userId: acme, appId: x}",
    "other": "{provider: clarifai, url: https://api.clarifai.com, token: {env: F}}",
}
PRINCIPALS = """\
---
apiVersion: reconciler/v1
kind: Principals
target: %s
users: {ada: {id: "1", name: Ada, email: ada@%s.example}, %s: {id: "%s"}}
groups: {crew: {id: crew of %s, members: [ada]}}
"""


@pytest.fixture
def base(tmp_path: Path) -> Workspace:
    targets = "".join(f"  {each}: {said}\n" for each, said in TARGETS.items())
    said = "".join(PRINCIPALS % (each, each, each, f"#{each}", each) for each in TARGETS)
    (tmp_path / "all.yaml").write_text(f"apiVersion: reconciler/v1\nkind: Workspace\ntargets:\n{targets}{said}")
    workspace = check(tmp_path).workspace
    assert workspace is not None
    return workspace


@pytest.mark.parametrize("name", TARGETS)
def test_each_target_is_believed_of_its_own_people(name: str, base: Workspace) -> None:
    """What other targets say of them does not count then; whom only they know, it knows, but not who is in a group."""
    known = people(base.targets[name], base)
    alike = [each for each in TARGETS if ("domo" in TARGETS[each]) == ("domo" in TARGETS[name])]
    assert known.users["ada"].email == f"ada@{name}.example"
    assert {person.id for person in known.users.values()} == {"1", *(f"#{each}" for each in alike)}
    members = {group.id: group.members for group in known.groups.values()}
    assert members == {f"crew of {each}": ("ada",) if each == name else () for each in alike}


def test_a_target_of_the_same_account_is_believed_before_one_of_the_same_token(base: Workspace) -> None:
    """The account of the other one only may be the same."""
    directory = Directory({"ada": Person("1", "Bo", "ada@head.example")})
    head = replace(base.targets["named"], token=base.targets["keyed"].token, directory=directory)
    assert people(head, base).users["ada"] == Person("1", "Ada", "ada@named.example")
