"""Other forms: what goes there comes back, and what cannot be carried is listed."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from shutil import copytree
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from open_data_contract_standard.model import OpenDataContractStandard

from reconciler.app.workspaces import open_workspace
from reconciler.cli.entry import run
from reconciler.facets import BY_NAME
from reconciler.manifests.bridges import BRIDGES, Told
from reconciler.manifests.yaml import read
from reconciler.manifests.yaml.writing import document_text
from tests.manifests.manifest_strategies import names, spec

ROOT = Path(__file__).parents[2]
ODCS = jsonschema.Draft201909Validator(
    json.loads(resources.files("open_data_contract_standard").joinpath("schema.json").read_text("utf-8"))
)


def long_form(short: dict[str, Any]) -> dict[str, Any]:
    sections = {name: BY_NAME[name].section.model_validate(value) for name, value in short.items()}
    return {
        name: section.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)
        for name, section in sections.items()
    }


@settings(max_examples=150, deadline=None)
@given(said=spec, name=names)
def test_contracts_and_dbt_carry_everything_there_and_back(said: dict[str, Any], name: str) -> None:
    """Through text, too; nothing is listed as lost; and the contract fits the standard's own JSON Schema."""
    told = Told(name, long_form(said), "44c5")
    for form in ("odcs", "dbt"):
        document, lost = BRIDGES[form].written(told)
        assert lost == ()
        text = document_text(document)
        (back,) = BRIDGES[form].understood(read(text).documents[0].data)
        assert (back, back.lost) == (told, ())
        if form == "odcs":
            assert [error.message for error in ODCS.iter_errors(document)] == []
            OpenDataContractStandard.model_validate(document)


@settings(max_examples=50, deadline=None)
@given(said=spec)
def test_a_table_schema_carries_the_columns_and_lists_the_rest(said: dict[str, Any]) -> None:
    """Columns come back as they were, for the same dataset; every other facet is named."""
    told = Told("orders", long_form(said), "44c5")
    document, lost = BRIDGES["frictionless"].written(told)
    assert set(lost) == set(said) - {"schema"}
    if "schema" in said:
        (back,) = BRIDGES["frictionless"].understood(json.loads(json.dumps(document)))
        assert back == Told("orders", {"schema": told.spec["schema"]}, "44c5")


CONTRACT = """\
apiVersion: v3.0.2
kind: DataContract
id: 53581432-6c55-4ba2-a65f-72344a91553a
version: 1.1.0
status: draft
name: seller_payments
domain: seller
description: {purpose: Views built on top of the seller tables.}
price: {priceAmount: 9.95, priceCurrency: USD, priceUnit: megabyte}
tags: [transactions]
team:
  - {username: ceastwood, role: Data Scientist}
  - {username: mhopper, role: owner}
roles:
  - {role: microstrategy_user_opr, access: read, firstLevelApprovers: Reporting Manager}
  - {role: "group:analysts", access: CAN_VIEW, description: reports}
schema:
  - name: tbl
    physicalName: tbl_1
    properties:
      - {name: txn_ref_dt, logicalType: date, physicalType: DATE, partitioned: true}
      - {name: rcvr_id, logicalType: string, primaryKey: true}
      - {name: amount, logicalType: number, quality: [{type: text, description: x}]}
slaProperties:
  - {property: latency, value: 4, unit: d}
customProperties:
  - {property: refRulesetName, value: gcsc.ruleset.name}
"""


def test_a_contract_of_somebody_else() -> None:
    """What manifests have words for is taken; every other place in the document is listed."""
    (told,) = BRIDGES["odcs"].understood(read(CONTRACT).documents[0].data)
    assert ODCS.is_valid(read(CONTRACT).documents[0].data)
    assert told == Told(
        "seller_payments",
        {
            "schema": {
                "columns": [
                    {"name": "txn_ref_dt", "type": "DATE"},
                    {"name": "rcvr_id", "type": "STRING"},
                    {"name": "amount", "type": "DECIMAL"},
                ]
            },
            "tags": {"values": ["transactions"]},
            "owner": {"principal": "user:mhopper"},
            "permissions": {"grants": [{"principal": "group:analysts", "access": "CAN_VIEW", "reason": "reports"}]},
        },
    )
    assert told.lost == (
        "domain",
        "description",
        "price",
        "slaProperties",
        "customProperties[0].value",
        "customProperties[0].property",
        "team[0].username",
        "roles[0].firstLevelApprovers",
        "roles[0].role",
        "schema[0].physicalName",
        "schema[0].properties[0].partitioned",
        "schema[0].properties[1].primaryKey",
        "schema[0].properties[2].quality",
    )


def test_models_of_dbt() -> None:
    """Tags in either place, meta of others, tests, and a column without a type."""
    text = """\
version: 2
sources: [{name: raw}]
models:
  - name: orders
    description: one row each
    config: {tags: gold, grants: {select: [reporter]}, meta: {team: x}}
    tags: [daily]
    columns:
      - {name: id, data_type: LONG, tests: [unique]}
  - name: people
    columns: [{name: id}]
"""
    first, second = BRIDGES["dbt"].understood(read(text).documents[0].data)
    assert first == Told(
        "orders", {"schema": {"columns": [{"name": "id", "type": "LONG"}]}, "tags": {"values": ["daily", "gold"]}}
    )
    assert first.lost == (
        "sources",
        "models[0].description",
        "models[0].config.grants",
        "models[0].config.meta.team",
        "models[0].columns[0].tests",
    )
    assert (second, second.lost) == (Told("people", {}), ("models[1].columns[0].name",))


@pytest.mark.parametrize("form", BRIDGES)
@pytest.mark.parametrize("data", [None, [], "x", {}, {"kind": "DataContract"}, {"models": 1, "fields": {}}])
def test_other_documents_are_refused(form: str, data: object) -> None:
    """With a sentence, not with a traceback."""
    with pytest.raises(ValueError, match=r"it |should be"):
        BRIDGES[form].understood(data)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    copytree(ROOT / "manifests", tmp_path / "manifests")
    return tmp_path


@pytest.mark.parametrize("form", ["odcs", "dbt"])
def test_the_example_goes_out_and_comes_back(form: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With profiles merged in, each dataset plans the same after a round trip through another form."""
    before = {str(dataset.address): dataset for dataset in open_workspace(Path("manifests")).datasets}
    acme = [name for name in before if name.startswith("acme/")]
    assert run(["export", "--to", form, "--target", "acme", "--out", "out"]) == 0
    for path in (here / "manifests/datasets").iterdir():
        path.unlink()
    assert len(list(Path("out").iterdir())) == len(acme)
    for path in sorted(Path("out").iterdir()):
        assert run(["import", "--from", form, str(path), "--target", "acme"]) == 0
        assert run(["import", "--from", form, str(path), "--target", "acme"]) == 0
    assert capsys.readouterr().err.count("not-carried") == 0
    after = {str(dataset.address): dataset for dataset in open_workspace(Path("manifests")).datasets}
    assert sorted(after) == sorted(acme)
    for name in acme:
        assert after[name].id == before[name].id
        assert after[name].sections == before[name].sections
    assert run(["fmt", "--check"]) == 0


def test_files_that_exist_stay_and_the_others_are_written(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What stayed is told, and that not everything asked for is there is an error."""
    asked = ["export", "--to", "odcs", "--dataset", "[cr]o*", "--out", "out"]
    (here / "out").mkdir()
    (here / "out/covid-tracker.odcs.yaml").write_text("mine")
    assert run(asked) == 1
    out, err = capsys.readouterr()
    assert out == "wrote out/roles.odcs.yaml\n"
    assert err == (
        "Error:\n"
        "out/covid-tracker.odcs.yaml:1:1: not-exported the file is there already, and stays as it is\n"
        "  Remove it, or name another folder.\n"
        "Export: 1 written as odcs, 1 there already.\n"
    )
    assert (here / "out/covid-tracker.odcs.yaml").read_text() == "mine"


def test_a_contract_is_imported_and_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What this target cannot have is left out, each with its reason; the manifest that is written is sound."""
    Path("contract.yaml").write_text(CONTRACT.replace("mhopper", "scott"))
    assert run(["import", "--from", "odcs", "contract.yaml", "--target", "acme"]) == 0
    out, err = capsys.readouterr()
    assert out == "wrote manifests/datasets/seller-payments.yaml\nImport: 1 dataset imported.\n"
    assert err.count("not-carried") == 13
    assert (
        "facet-left-out acme/seller_payments.permissions: permissions is left out of the manifest, so it is unmanaged: "
        "group:analysts is not in this target's Principals\n"
    ) in err
    assert (
        (here / "manifests/datasets/seller-payments.yaml").read_text()
        == """\
apiVersion: reconciler/v1
kind: Dataset
metadata:
  name: seller_payments
  target: acme
spec:
  owner: user:scott
  schema:
    columns:
      - {name: txn_ref_dt, type: DATE}
      - {name: rcvr_id, type: STRING}
      - {name: amount, type: DECIMAL}
  tags: [transactions]
"""
    )
    assert run(["validate"]) == 0


def test_a_dataset_that_is_governed_under_another_name_is_not_imported_again(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is the one of that id, whatever a manifest calls it; a second manifest would contradict the first."""
    assert run(["export", "--to", "odcs", "--dataset", "roles", "--out", "out"]) == 0
    path = here / "manifests/datasets/roles.yaml"
    path.write_text(path.read_text().replace("name: roles", "name: people", 1))
    before = sorted((here / "manifests/datasets").iterdir())
    capsys.readouterr()
    assert run(["import", "--from", "odcs", "out/roles.odcs.yaml", "--target", "acme"]) == 0
    assert capsys.readouterr().out == "Import: 0 datasets imported, 1 dataset had a manifest before.\n"
    assert sorted((here / "manifests/datasets").iterdir()) == before


def test_export_lists_what_a_table_schema_cannot_say(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One dataset goes to stdout, as JSON and nothing else; broken and foreign files are refused."""
    assert run(["export", "--to", "frictionless", "--dataset", "covid-tracker"]) == 0
    out, err = capsys.readouterr()
    assert [field["type"] for field in json.loads(out)["fields"]] == ["date", "string", "integer"]
    assert err.count("not-carried") == 4
    assert run(["export", "--to", "odcs"]) == 64
    (here / "bad.yaml").write_text("a: [")
    (here / "other.yaml").write_text("a: 1")
    assert run(["import", "--from", "odcs", "bad.yaml", "--target", "acme"]) == 1
    assert run(["import", "--from", "odcs", "other.yaml", "--target", "acme"]) == 1
    err = capsys.readouterr().err
    assert "bad.yaml:1:5: yaml-syntax" in err
    assert "other.yaml:1:1: not-imported it cannot be imported: it is not an Open Data Contract of version 3" in err


DATES = "{columns: [{name: day, data_type: DATE}], "


@pytest.mark.parametrize(
    ("models", "told"),
    [
        (
            "{name: pay}",
            (
                "acme/pay is not imported: it has no id, and domo cannot create a dataset without its schema\n"
                "  Correct that in the document; or import a dataset that is there, with --id ID.\n"
            ),
        ),
        (
            DATES + "name: pay, meta: {reconciler: {id: 5}}}",
            (
                "it cannot be imported: the id of a dataset is a text, not 5: write it in quotes\n"
                "  Name another file, or another form with --from.\n"
            ),
        ),
        (
            DATES + "name: pay, meta: {reconciler: {id: '" + "5" * 2000 + "'}}}",
            (
                "acme/pay is not imported: metadata.id String should have at most 1024 characters, "
                "not '55555555555555555555555555555555555555555555555555555555...\n"
            ),
        ),
        (
            DATES + "name: a, meta: {reconciler: {id: x}}}, " + DATES + "name: pay, meta: {reconciler: {id: x}}}",
            "pay is not imported: x is the id of a, too\n  Correct the ids.\n",
        ),
    ],
    ids=["no columns", "an id that is no text", "an id that is too long", "an id of two"],
)
def test_what_no_manifest_may_say_is_not_written(
    models: str, told: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The workspace is as sound after an import as it was before it."""
    Path("schema.yml").write_text(f"models: [{models}]\n")
    assert run(["import", "--from", "dbt", "schema.yml", "--target", "acme"]) == 1
    assert capsys.readouterr().err.partition("Next:")[0] == f"Error:\nschema.yml:1:1: not-imported {told}"
    assert not (here / "manifests/datasets/pay.yaml").exists()
    assert run(["validate"]) != 1


def test_a_dataset_that_a_document_has_twice_is_imported_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Under one name, too; which of the two is meant nobody can tell."""
    model = DATES + "name: pay, meta: {reconciler: {id: x}}}"
    Path("schema.yml").write_text(f"models: [{model}, {model}]\n")
    assert run(["import", "--from", "dbt", "schema.yml", "--target", "acme"]) == 1
    told = "schema.yml:1:1: not-imported pay is not imported: x is the id of pay, too\n  Correct the ids.\n"
    assert capsys.readouterr().err.partition("Next:")[0] == f"Error:\n{told}"
    assert [path.name for path in (here / "manifests/datasets").glob("pay*")] == ["pay.yaml"]
    assert run(["validate"]) != 1


@pytest.mark.parametrize("names", [("pay", "pay"), ("pay", "pay "), ("pay", "pay, meta: {reconciler: {id: x}}")])
def test_two_of_one_name_are_not_imported_while_one_has_no_id(
    names: tuple[str, str], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second got a name that nobody gave it, and an apply would have created it under that; or the first, twice."""
    models = ", ".join(DATES + f"name: {name}}}" if "," in name else DATES + f'name: "{name}"}}' for name in names)
    Path("schema.yml").write_text(f"models: [{models}]\n")
    assert run(["import", "--from", "dbt", "schema.yml", "--target", "acme"]) == 1
    told = (
        "schema.yml:1:1: not-imported pay is not imported: the document has another dataset of that name, and not both "
        "have an id\n  Give each its id, or a name of its own.\n"
    )
    assert capsys.readouterr().err.partition("Next:")[0] == f"Error:\n{told}"
    assert [path.name for path in (here / "manifests/datasets").glob("pay*")] == ["pay.yaml"]
    assert run(["validate"]) != 1


def test_two_of_one_name_are_imported_by_their_ids(here: Path) -> None:
    """At the vendor two datasets may be called the same; a second import finds both again."""
    models = ", ".join(f"{DATES}name: pay, meta: {{reconciler: {{id: {identifier}}}}}}}" for identifier in "xy")
    Path("schema.yml").write_text(f"models: [{models}]\n")
    for _ in range(2):
        assert run(["import", "--from", "dbt", "schema.yml", "--target", "acme"]) == 0
        assert len([*(here / "manifests/datasets").glob("pay*")]) == 2


def test_a_name_is_found_again_as_it_was_written(here: Path) -> None:
    """The spaces around it are in no manifest."""
    Path("schema.yml").write_text(f'models: [{DATES}name: " pay "}}]\n')
    for _ in range(2):
        assert run(["import", "--from", "dbt", "schema.yml", "--target", "acme"]) == 0
        assert len([*(here / "manifests/datasets").glob("pay*")]) == 1


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("value", ["5", "[1]", "x", "true"])
@pytest.mark.parametrize("name", ["tags", "permissions"])
def test_a_facet_that_is_none_is_left_out(name: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody wrote it by hand; the rest of the dataset is imported."""
    own = f"customProperties: [{{property: reconciler.{name}, value: {value}}}]"
    Path("contract.yaml").write_text(CONTRACT.partition("customProperties")[0].replace("mhopper", "scott") + own)
    assert run(["import", "--from", "odcs", "contract.yaml", "--target", "acme"]) == 0
    left = f"facet-left-out acme/seller_payments.{name}: {name} is left out of the manifest, so it is unmanaged: "
    assert left in capsys.readouterr().err
    assert run(["validate"]) == 0


def test_tags_are_imported_where_the_target_has_a_place_for_them(here: Path) -> None:
    """A Clarifai dataset has none, but for the key that its target names."""
    path = here / "manifests/workspace.yaml"
    path.write_text(path.read_text().replace("appId: catalog", "appId: catalog\n    tagsKey: governance"))
    Path("schema.yml").write_text("models: [{name: pay, tags: [gold], meta: {reconciler: {id: pay}}}]\n")
    assert run(["import", "--from", "dbt", "schema.yml", "--target", "vision"]) == 0
    assert "  tags: [gold]\n" in (here / "manifests/datasets/pay.yaml").read_text()
