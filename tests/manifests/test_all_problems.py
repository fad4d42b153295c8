"""One run finds everything: what is wrong in one item of a list hides nothing about the others."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from reconciler.app.workspaces import check

TEXT = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme: {provider: domo, url: https://acme.example, token: {env: T}}
---
apiVersion: reconciler/v1
kind: Dataset
metadata:
  name: orders
  target: acme
  id: 7
  allow:
    - {guard: column-droped, reason: x, until: 2026-1-1}
    - {guard: column-dopped, reason: x, until: 2027-01-01}
spec:
  permissions:
    - {principal: user:nobody, access: CAN_VIEW}
    - {principal: user:#1, acess: CAN_VIEW}
    - {principal: somebody, access: CAN_VIEW}
    - {principal: user:nobody-else, access: CAN_VIW}
    - {principal: "user:#", access: CAN_VIEW}
  schedule: {type: DAY, at: "25:99 PM"}
  schema:
    columns:
      - {name: a}
      - {name: b, type: STRNG}
      - {name: b, type: LONG}
  tags: [1.10, gold]
"""


def test_what_is_wrong_with_one_item_hides_nothing(tmp_path: Path) -> None:
    """Every complaint, at its place in the file as it is written."""
    (tmp_path / "all.yaml").write_text(TEXT)
    found = [(item.source.line, item.source.column, item.code) for item in check(tmp_path).diagnostics if item.source]
    assert found == [
        (11, 7, "invalid-type"),
        (13, 48, "invalid-value"),
        (14, 15, "unknown-guard"),
        (17, 19, "unknown-principal"),
        (18, 7, "missing-key"),
        (18, 28, "unknown-key"),
        (19, 19, "invalid-value"),
        (20, 19, "unknown-principal"),
        (20, 45, "unknown-access-level"),
        (21, 19, "invalid-value"),
        (22, 29, "invalid-value"),
        (25, 9, "missing-key"),
        (26, 16, "duplicate-item"),
        (26, 25, "unknown-column-type"),
        (27, 16, "duplicate-item"),
        (28, 10, "invalid-type"),
    ]


HEAD = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme: {provider: domo, url: https://acme.example, token: {env: T}, tokn: x}
---
apiVersion: reconciler/v1
kind: Dataset
metadata: {name: orders, target: acme, id: x, profiles: [p]}
spec:
  %s
---
apiVersion: reconciler/v1
kind: Profile
metadata: {name: p}
spec:
  %s
"""
UNKNOWN_SETTING = (4, 70, 'unknown key "tokn"')


@pytest.mark.parametrize(
    ("own", "profile", "found"),
    [
        (
            "schedule: {type: DAY, retry: {count: 3, every: 15}}",
            "tags: [gold]",
            (10, 50, "spec.schedule.retry.every should be text"),
        ),
        ("schedule: {type: DAY, retry: {count: 3}}", "tags: [gold]", (10, 32, "retry.every is missing")),
        ("schedule: {type: EXPRESSION}", "tags: [gold]", (10, 13, "expression is missing")),
        ("tags: [gold]", "schedule: {type: EXPRESSION}", (10, 3, "expression is missing")),
        ("retention: {keepLats: 1}", "tags: [gold]", (10, 15, 'unknown key "keepLats"')),
        (
            "retention: {prune: true}",
            "retention: {keepLast: -1}",
            (16, 25, "spec.retention.keepLast should be greater"),
        ),
    ],
)
def test_what_is_refused_is_not_called_missing(
    tmp_path: Path, own: str, profile: str, found: tuple[int, int, str]
) -> None:
    """It is there, and told of; what is missing is told where it should stand, and an unknown key where it stands."""
    (tmp_path / "all.yaml").write_text(HEAD % (own, profile))
    told = [item for item in check(tmp_path).diagnostics if item.source]
    line, column, words = UNKNOWN_SETTING
    assert [(item.source.line, item.source.column) for item in told if item.source] == [(line, column), found[:2]]
    assert told[0].summary == words
    assert told[1].summary.startswith(found[2])


def test_thousands_of_unknown_names_are_all_told_and_few_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hint is a kindness: a stranger's list of a thousand nobodies beside a thousand users may not take minutes."""
    compared: list[str] = []

    def get_close_matches(word: str, known: Iterable[str], **settings: Any) -> list[str]:
        compared.extend(known)
        return real(word, known, **settings)

    real = difflib.get_close_matches
    monkeypatch.setattr(difflib, "get_close_matches", get_close_matches)
    users = "".join(f"  person-{number:04}: {{id: '{number}'}}\n" for number in range(1000))
    grants = "".join(f"    - {{principal: user:persom-{number:04}, access: CAN_VIEW}}\n" for number in range(1000))
    (tmp_path / "all.yaml").write_text(
        "apiVersion: reconciler/v1\nkind: Workspace\n"
        "targets: {acme: {provider: domo, url: https://acme.example, token: {env: T}}}\n---\n"
        f"apiVersion: reconciler/v1\nkind: Principals\ntarget: acme\nusers:\n{users}---\n"
        "apiVersion: reconciler/v1\nkind: Dataset\nmetadata: {name: orders, target: acme, id: x}\n"
        f"spec:\n  permissions:\n{grants}    - {{principal: user:#1, access: CAN_VEIW}}\n"
    )
    found = check(tmp_path).diagnostics
    unknown = [item for item in found if item.code == "unknown-principal"]
    assert [item.summary for item in unknown] == [
        f"user:persom-{number:04} is not in this target's Principals" for number in range(1000)
    ]
    assert unknown[0].hint == "Did you mean user:person-0000?"
    assert unknown[-1].hint == "Add it to the Principals manifest, or write user:#ID."
    # What is compared with a few words gets its hint all the same.
    assert [item.hint for item in found if item.code == "unknown-access-level"] == ["Did you mean CAN_VIEW?"]
    assert 10_000 < len(compared) < 100_000
