"""A target is an account: under two names it is still one, and a dataset in it has one manifest."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.app.workspaces import check

TEXT = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  one: {%s, token: {env: T}}
  two: {%s, token: {env: U}}
---
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: orders, target: one, id: "1"}
spec: {retention: {keepLast: 50, prune: true}}
---
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: orders, target: two, id: "1"}
spec: {retention: {keepLast: 1, prune: true}}
"""
DOMO = "provider: domo, url: https://acme.domo.com"
APP = "provider: clarifai, url: https://api.clarifai.com, userId: a, appId: "


def complaints(folder: Path, one: str, two: str) -> list[str]:
    (folder / "all.yaml").write_text(TEXT % (one, two))
    return [f"{item.code} {item.summary}".replace(f"{folder}/", "") for item in check(folder).diagnostics]


@pytest.mark.parametrize(
    "two",
    [
        *("https://acme.domo.com", "https://acme.domo.com/", "https://ACME.domo.com"),
        *("https://acme.domo.com:443", "https://acme.domo.com:443/", "https://acme.domo.com:"),
        *("https://acme.domo.com:0443", "HTTPS://acme.domo.com:00443/"),
    ],
)
def test_two_names_of_an_account_do_not_make_two_policies(two: str, tmp_path: Path) -> None:
    """Each would delete what the other one keeps."""
    found = complaints(tmp_path, DOMO, f'provider: domo, url: "{two}"')
    assert found == ["duplicate-manifest one dataset with id 1 is already at all.yaml:9:11"]


def test_an_app_is_an_account_of_its_own(tmp_path: Path) -> None:
    """At one address there are many; what only opens a facet makes no other one."""
    assert complaints(tmp_path, f"{APP}x", f"{APP}y") == []
    assert complaints(tmp_path, f"{APP}x", f"{APP}x, tagsKey: labels") != []
    assert complaints(tmp_path, DOMO, "provider: domo, url: https://other.domo.com") == []
    assert complaints(tmp_path, DOMO, "provider: domo, url: https://acme.domo.com:8443") == []
    assert complaints(tmp_path, f"{DOMO}/a", f"{DOMO}/A") == []
