"""A target is an account: under two names it is still one, and a dataset in it has one manifest."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.app.workspaces import check
from reconciler.manifests.accounts import may_be

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


KEY = "provider: clarifai, url: https://api.clarifai.com"
MINE = "provider: clarifai, url: https://api.clarifai.com, userId: me, appId: x"


def test_a_key_that_names_no_app_is_an_account_of_its_own(tmp_path: Path) -> None:
    """Two keys may belong to two apps, whose datasets have the same ids; and `me` is whoever asks."""
    assert complaints(tmp_path, KEY, KEY) == []
    assert complaints(tmp_path, MINE, MINE) == []
    assert complaints(tmp_path, MINE, f"{APP}x") == []
    (tmp_path / "all.yaml").write_text((TEXT % (KEY, KEY)).replace("{env: U}", "{env: T}"))
    assert [item.code for item in check(tmp_path).diagnostics] == ["duplicate-manifest"]


def accounts(folder: Path, one: str, two: str) -> tuple[str, str]:
    (folder / "all.yaml").write_text((TEXT % (one, two)).partition("---")[0])
    found = check(folder).workspace
    assert found is not None
    return found.targets["one"].account, found.targets["two"].account


@pytest.mark.parametrize(
    ("one", "two"),
    [
        *((KEY, KEY), (KEY, f"{APP}x"), (MINE, f"{APP}x"), (MINE, KEY), (f"{APP}x", f"{APP}X")),
        (MINE.replace("me,", "Me,"), f"{APP}x"),
        (DOMO, "provider: domo, url: https://ACME.domo.com:443/v1"),
        ('provider: domo, url: "http://localhost:80"', 'provider: domo, url: "http://127.0.0.1"'),
    ],
)
def test_accounts_that_may_be_one(one: str, two: str, tmp_path: Path) -> None:
    """Only the vendor knows; what guards one of them guards the other one."""
    assert may_be(*accounts(tmp_path, one, two))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        *((f"{APP}x", f"{APP}y"), (MINE, f"{APP}y"), (KEY, KEY.replace("api", "eu"))),
        (DOMO, KEY.replace("api.clarifai.com", "acme.domo.com")),
        (DOMO, "provider: domo, url: https://acme.domo.com:8443"),
    ],
)
def test_accounts_that_cannot_be_one(one: str, two: str, tmp_path: Path) -> None:
    """Another server, another vendor, or another app by name."""
    assert not may_be(*accounts(tmp_path, one, two))
