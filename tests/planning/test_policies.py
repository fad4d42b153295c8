"""Policies judge datasets under limits, and what cannot be decided never passes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from reconciler.app import evaluator
from reconciler.app import policies as judging
from reconciler.app.policies import judged_on, with_policies
from reconciler.app.workspaces import check
from reconciler.cli.entry import run
from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic
from reconciler.core.words import Json
from reconciler.planning import Policy, Rule, Subject

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 21)
ORDERS: Json = {"name": "orders", "owner": {"person": True}, "tags": {"values": ["pii"]}}
NINES = f"[{','.join('0123456789')}]"
SLOW = "true"
for letter in "abcdefgh":
    SLOW = f"{NINES}.all({letter}, {SLOW})"


def judged(*rules: Rule, subjects: Iterable[Json] = (ORDERS,), changes: Json = None) -> list[Diagnostic]:
    shown = [Subject(Address("acme", f"d{place}"), words, changes) for place, words in enumerate(subjects)]
    return list(judged_on(TODAY)((Policy("ours", rules),), shown))


def told(found: Iterable[Diagnostic]) -> list[tuple[str, str, str]]:
    return [(item.severity, item.code, item.summary) for item in found]


def rule(expression: str, name: str = "rule", **more: str) -> Rule:
    return replace(Rule(name, expression, "it is wrong"), **more)


@pytest.mark.parametrize(
    ("expression", "verdict"),
    [
        ("dataset.owner.person", None),
        ("has(dataset.retention)", ("policy-violated", "ours/rule: it is wrong")),
        ("dataset.retention.prune", ("policy-undecided", "there is no retention here; ask has(...) first")),
        ("dataset.name", ("policy-undecided", "it gives neither true nor false")),
        ("nobody == 1", ("policy-undecided", "Undefined variable or function: 'nobody'.")),
        ("dataset.name > 3", ("policy-undecided", "No such overload")),
        ("dataset.", ("policy-invalid", "rule ours/rule is not CEL: 1:9: Syntax error")),
        ("(" * 900 + "true" + ")" * 900, ("policy-invalid", "is not CEL")),
    ],
    ids=["true", "false", "absent key", "no verdict", "unknown name", "types", "no CEL", "nested"],
)
def test_a_verdict_is_true_or_it_is_a_finding(expression: str, verdict: tuple[str, str] | None) -> None:
    """Only true passes; everything else says why."""
    found = judged(rule(expression))
    assert [item.code for item in found] == ([verdict[0]] if verdict else [])
    assert verdict is None or verdict[1] in found[0].summary


def test_severity_decides_whether_a_plan_is_held() -> None:
    """An undecided rule weighs as much as a broken one."""
    found = judged(
        rule("false", "one"),
        rule("false", "two", severity="warning", hint="do this"),
        rule("dataset.x", "three"),
        rule("dataset.x", "four", severity="warning"),
    )
    assert [(item.severity, item.code) for item in found] == [
        ("blocked", "policy-violated"),
        ("warning", "policy-violated"),
        ("blocked", "policy-undecided"),
        ("warning", "policy-undecided"),
    ]
    assert found[1].hint == "do this"


def test_a_rule_without_end_is_stopped_and_the_others_are_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """One evaluation has its time; the rule that takes more is undecided, says so once, and is not asked again."""
    monkeypatch.setattr(judging, "SECONDS", 2.0)
    rules = [rule("false", "before"), rule(SLOW, "slow"), rule("false", "after", severity="warning")]
    found = judged(*rules, subjects=[ORDERS, ORDERS])
    assert told(found) == [
        ("blocked", "policy-violated", "ours/before: it is wrong"),
        ("blocked", "policy-violated", "ours/before: it is wrong"),
        (
            "blocked",
            "policy-undecided",
            "rule ours/slow could not be evaluated: it took more than 2 seconds; 2 datasets are undecided",
        ),
        ("warning", "policy-violated", "ours/after: it is wrong"),
        ("warning", "policy-violated", "ours/after: it is wrong"),
    ]


def test_all_rules_together_have_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not reached by then is undecided, and each rule says once of how many datasets."""
    monkeypatch.setattr(judging, "SECONDS", 60.0)
    monkeypatch.setattr(judging, "SECONDS_IN_ALL", 3.0)
    late = [rule("true", f"late-{number}", severity="warning") for number in range(20)]
    found = judged(rule("1 +", "broken"), rule(SLOW, "slow"), *late, subjects=[ORDERS] * 30)
    why = "could not be evaluated: all rules together took more than 3 seconds; 30 datasets are undecided"
    assert [(item.code, item.severity) for item in found[:1]] == [("policy-invalid", "error")]
    assert told(found[1:]) == [
        ("blocked", "policy-undecided", f"rule ours/slow {why}"),
        *(("warning", "policy-undecided", f"rule {name} {why}") for name in (f"ours/{each.name}" for each in late)),
    ]
    assert [item.address for item in judged(rule(SLOW, "slow"))] == [Address("acme", "d0")]


def test_a_rule_that_ends_the_process_is_undecided(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever kills the child, nothing passes for it."""
    dead = tmp_path / "dead.py"
    dead.write_text("raise SystemExit(7)")
    monkeypatch.setattr(evaluator, "__file__", str(dead))
    found = judged(rule("true"))
    assert [(item.severity, item.code, item.address) for item in found] == [
        ("blocked", "policy-undecided", Address("acme", "d0"))
    ]


def test_rules_about_changes_wait_for_a_plan() -> None:
    """Without a plan they are passed over; with one they see what changes."""
    calm = rule("changes.all(change, change.facet != 'owner')")
    owner: Json = [{"facet": "owner", "op": "modify", "key": "", "before": None, "after": None}]
    assert judged(calm) == []
    assert judged(calm, changes=[]) == []
    assert [item.code for item in judged(calm, changes=owner)] == ["policy-violated"]


def test_no_token_reaches_the_child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its environment is empty, and it is told nothing but rules and datasets."""
    spy = tmp_path / "spy.py"
    told_to = tmp_path / "told"
    spy.write_text(
        f"import os, sys, pathlib\npathlib.Path({str(told_to)!r}).write_text(repr(dict(os.environ)) + sys.stdin.read())"
    )
    monkeypatch.setenv("DOMO_TOKEN", "canary")
    monkeypatch.setattr(evaluator, "__file__", str(spy))
    judged(rule("true"))
    assert os.environ["DOMO_TOKEN"] not in told_to.read_text()
    assert "DOMO_TOKEN" not in told_to.read_text()


EXAMPLE: dict[str, tuple[str, str, str, str]] = {
    "pii-not-for-everyone": (
        "principals/acme.yaml",
        "name: Editors Group,",
        "name: E, everyone: true,",
        "mock-clients",
    ),
    "owner-is-a-person": ("datasets/roles.yaml", "owner: user:jonathan", "owner: group:editors", "roles"),
    "outsiders-expire": ("datasets/roles.yaml", ", expires: 2099-12-31", "", "roles"),
    "retention-is-set": (
        "datasets/mock-clients.yaml",
        "  retention:\n    keepLast: 1\n    prune: true",
        "  #",
        "mock-clients",
    ),
}


@pytest.mark.parametrize("name", EXAMPLE)
def test_the_starter_set_holds_what_it_says(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Red for the one thing each rule is about."""
    from shutil import copytree  # noqa: PLC0415

    monkeypatch.chdir(tmp_path)
    copytree(ROOT / "manifests", "manifests")
    file, old, new, dataset = EXAMPLE[name]
    path = Path("manifests") / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    found = [item for item in with_policies(check(Path("manifests")), TODAY).diagnostics if "policy" in item.code]
    assert [(item.code, str(item.address)) for item in found] == [("policy-violated", f"acme/{dataset}")]
    assert found[0].summary.startswith(f"starter/{name}: ")


def test_the_starter_set_is_kept_by_the_example(monkeypatch: pytest.MonkeyPatch) -> None:
    """Green as it ships."""
    monkeypatch.chdir(ROOT)
    assert run(["validate"]) == 0


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ("[]", "invalid-value"),
        (f"[{{name: a, expression: '{'x' * 2001}', message: m}}]", "invalid-value"),
        ("[{name: a, expression: '1 +', message: m}]", "policy-invalid"),
        ("[{name: a, expression: 'true', message: m}, {name: a, expression: 'true', message: m}]", "duplicate-item"),
        ("[{name: a, expression: 'true', message: m, severity: fatal}]", "invalid-value"),
    ],
    ids=["no rules", "a long expression", "no CEL", "two of a name", "an unknown severity"],
)
def test_a_policy_that_is_none_is_an_error_with_a_place(rules: str, code: str, tmp_path: Path) -> None:
    """At its line, when manifests are checked."""
    workspace = "apiVersion: reconciler/v1\nkind: Workspace\n"
    workspace += "targets: {t: {provider: domo, url: 'https://a.example', token: {env: T}}}\n"
    (tmp_path / "workspace.yaml").write_text(workspace)
    policy = f"apiVersion: reconciler/v1\nkind: Policy\nmetadata: {{name: ours}}\nspec:\n  rules: {rules}\n"
    (tmp_path / "policy.yaml").write_text(policy)
    found = with_policies(check(tmp_path), TODAY).diagnostics
    assert {(item.severity, item.code, item.source.line if item.source else None) for item in found} == {
        ("error", code, 5)
    }
