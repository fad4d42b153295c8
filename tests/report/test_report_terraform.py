"""Policy checks written for Terraform's plans hold for ours: rules in OPA's Rego, in the style teams have them."""

from __future__ import annotations

import json

import pytest

from reconciler.core.plan import Plan
from reconciler.report.document import Meta, plan_json
from tests.report.report_examples import created, example, orders

# A binary wheel that not every platform has.
regopy = pytest.importorskip("regopy")

TERRAFORM_STYLE = """
package terraform.analysis

created := [rc.address | rc := input.resource_changes[_]; rc.change.actions[_] == "create"]
updated := [rc.address | rc := input.resource_changes[_]; rc.change.actions[_] == "update"]
deleted := [rc.address | rc := input.resource_changes[_]; rc.change.actions[_] == "delete"]
score := (count(deleted) * 100 + count(created) * 10) + count(updated)

deny[msg] {
    rc := input.resource_changes[_]
    rc.type == "dataset"
    rc.change.before.owner != rc.change.after.owner
    msg := sprintf("%s changes hands", [rc.address])
}
"""
"""After OPA's Terraform tutorial: a score over `resource_changes[].change.actions`, a rule over before and after."""


def asked(plan: Plan, query: str) -> object:
    rego = regopy.Interpreter()
    rego.add_module("terraform", TERRAFORM_STYLE)
    rego.set_input(json.loads(plan_json(plan, Meta("1", "digest", "workspace"))))
    answer = json.loads(str(rego.query(f"x = data.terraform.analysis.{query}")))
    return answer["bindings"]["x"]


def test_a_rule_that_scans_actions() -> None:
    """Created datasets weigh ten, changed ones one, unchanged ones nothing; nothing is ever deleted."""
    assert asked(example(), "score") == 1
    assert asked(Plan((orders(), created())), "score") == 11
    assert asked(Plan((orders(), created())), "created") == ["acme/clients"]
    assert asked(Plan((orders(), created())), "deleted") == []


def test_a_rule_over_before_and_after() -> None:
    """The example hands a dataset over, which the rule forbids; a plan with nothing to do passes."""
    assert list(asked(example(), "deny")) == ["acme/orders changes hands"]  # type: ignore[call-overload]
    assert asked(Plan(), "score") == 0
