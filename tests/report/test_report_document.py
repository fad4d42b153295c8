"""The saved plan loses nothing, is bound to its content, and no bytes make reading it crash."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.plan import DatasetPlan, Plan, Read
from reconciler.core.words import digest
from reconciler.report import plan_text
from reconciler.report.document import Meta, decode, document_text, encode, plan_json
from reconciler.report.schemas import json_schema
from tests.report.report_examples import broken, created, example, orders
from tests.report.report_hostile import HOSTILE
from tests.report.report_strategies import plans

META = Meta("0.1.0", "d1", "w1", "2026-07-01T00:00:00+00:00", "c1", dirty=False, created_at="2026-07-01T09:30:00+00:00")

VALIDATOR = Draft202012Validator(json_schema("Plan"))


@given(plans())
def test_a_saved_plan_is_the_plan(plan: Plan) -> None:
    """Reading gives back the very plan, and saving that gives the same bytes."""
    text = plan_json(plan, META)
    saved = decode(text)
    assert saved.plan == plan
    assert plan_json(saved.plan, META) == text
    assert document_text(encode(plan, META)) == text


@given(plans())
@settings(max_examples=30)
def test_a_saved_plan_obeys_its_schema(plan: Plan) -> None:
    """The JSON Schema is the law."""
    VALIDATOR.validate(json.loads(plan_json(plan, META)))


@given(plans(), st.randoms())
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_order_of_inputs_shows(plan: Plan, random: Any) -> None:
    """Whatever order access, findings and facets came in, text and document are byte-equal."""

    def shuffled(items: Any) -> Any:
        return random.sample(list(items), len(items))

    datasets = tuple(
        replace(
            dataset,
            access=tuple(shuffled(dataset.access)),
            before=dict(shuffled(dataset.before.items())),
            after=dict(shuffled(dataset.after.items())),
        )
        for dataset in plan.datasets
    )
    other = Plan(datasets, tuple(shuffled(plan.diagnostics)))
    assert plan_json(other, META) == plan_json(plan, META)
    assert plan_text(other) == plan_text(plan)


def test_the_plan_id_is_the_digest_of_everything_but_the_clock() -> None:
    """Anybody can check it: sha-256 of the canonical document without plan_id and created_at."""
    content = json.loads(plan_json(example(), META))
    assert content["plan_id"] == digest({k: v for k, v in content.items() if k not in {"plan_id", "created_at"}})
    later = replace(META, created_at="2027-01-01T00:00:00+00:00")
    assert json.loads(plan_json(example(), later))["plan_id"] == content["plan_id"]
    other = replace(META, commit="c2")
    assert json.loads(plan_json(example(), other))["plan_id"] != content["plan_id"]


def test_the_document_of_the_contract() -> None:
    """One change in full, with its precondition over just what it touches."""
    content = json.loads(plan_json(example(), META))
    assert content["summary"] == {
        "create": 0,
        "update": 1,
        "unchanged": 11,
        "unread": 0,
        "access": {"gain": 2, "lose": 1, "change": 1},
        "destructive": 0,
        "reads": {"done": 48, "total": 48},
    }
    assert [resource["address"] for resource in content["resource_changes"]] == ["acme/orders"]
    grant = {"principal": "user:dee", "id": "103", "access": "CAN_VIEW"}
    assert content["steps"][3] == {
        "id": "acme/orders.permissions#revoke",
        "address": "acme/orders.permissions",
        "facet": "permissions",
        "verb": "revoke",
        "changes": [{"op": "drop", "key": "user:#103", "before": grant, "after": None, "fields": []}],
        "desired": [{"principal": "group:data-eng", "id": "g1", "access": "CAN_EDIT"}],
        "needs": ["acme/orders.permissions#grant", "acme/orders.owner#transfer"],
        "precondition": {"user:#103": grant},
        "risk": "sensitive",
        "reversible": True,
    }
    assert content["access_changes"][2] == {
        "dataset": "acme/orders",
        "principal": "user:chi",
        "principal_id": "102",
        "before": None,
        "after": "CAN_EDIT",
        "via": "group:data-eng",
        "via_id": "g1",
    }


def test_the_document_says_what_reads_a_dataset_whose_columns_go() -> None:
    """With the vendor's ids, so that a script can look it up."""
    assert json.loads(plan_json(broken(), META))["impact"] == [
        {
            "dataset": "acme/sales 2026",
            "kind": "card",
            "id": "31",
            "title": "Revenue",
            "owners": ["Bo Ray", "group:#7"],
        },
        {"dataset": "acme/sales 2026", "kind": "card", "id": "32", "title": "", "owners": []},
    ]


def test_rules_written_for_terraform_carry_over() -> None:
    """A policy that scans resource_changes finds what is created and what is updated."""
    content = json.loads(plan_json(Plan((orders(), created())), META))
    found = {
        resource["address"]: resource["change"]["actions"]
        for resource in content["resource_changes"]
        if resource["type"] == "dataset" and resource["change"]["actions"] != ["no-op"]
    }
    assert found == {"acme/orders": ["update"], "acme/clients": ["create"]}
    assert content["resource_changes"][1]["change"]["before"] is None


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_names_survive_as_data(name: str) -> None:
    """A name comes back as it was, through text that steers nothing."""
    if not name:
        return
    address = Address("acme", name)
    plan = Plan((DatasetPlan(address, "domo", name, "no-op", read=Read(address, 1, complete=True)),))
    text = plan_json(plan, META)
    assert decode(text.encode()).plan == plan
    assert all(character == "\n" or character.isprintable() for character in text)
