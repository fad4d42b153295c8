"""What is written is there afterwards, and nothing else has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sandbox.served import CLIENTS, ROLES, error, levels

if TYPE_CHECKING:
    from tests.sandbox.served import Client

V2, V3 = "/api/data/v2/datasources", "/api/data/v3/datasources"
TAGS = f"/api/data/ui/v3/datasources/{ROLES}/tags"
ACL = f"{V3}/{CLIENTS}/permissions"


def test_tags_are_added_and_removed(domo: Client) -> None:
    """Document 002, Add and Remove Dataset Tags."""
    assert domo.post(TAGS, json=["gold", "pii"]).json() == {}
    domo.post(TAGS, json=["gold", "eu"])
    domo.request("DELETE", TAGS, json=["pii", "never-there"])
    assert domo.get(TAGS).json() == {"tags": ["gold", "eu"]}


def test_a_schema_is_replaced_and_keeps_what_it_does_not_know(domo: Client) -> None:
    """Document 002, Alter Dataset Schema."""
    columns = [
        {"name": "id", "id": "id", "type": "LONG", "visible": True, "order": 0, "upsertKey": True},
        {"name": "secret", "type": "STRING", "visible": False},
    ]
    posted = domo.post(f"{V2}/{ROLES}/schemas", json={"columns": columns, "objects": [], "views": []})
    assert posted.json() == {"schemaId": 2}
    read = f"/api/query/v1/datasources/{ROLES}/schema/indexed"
    hidden = {"name": "secret", "id": "secret", "type": "STRING", "visible": False, "order": 0}
    assert domo.get(read).json()["tables"] == [{"columns": columns[:1]}]
    assert domo.get(read + "?includeHidden=true").json()["tables"] == [{"columns": [columns[0], hidden]}]
    assert domo.get(f"{V3}/{ROLES}?part=rowcolcount").json() == {"id": ROLES, "rowCount": 0, "columnCount": 2}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"schema": {"columns": []}}, id="the parameter's name is not the body's"),
        pytest.param({"columns": [{"name": "a", "type": "TIME"}]}, id="a type that does not exist"),
        pytest.param({"columns": [{"name": "a", "type": "LONG"}] * 2}, id="a name twice"),
        pytest.param({"columns": [{"type": "LONG"}]}, id="no name"),
    ],
)
def test_a_wrong_schema_changes_nothing(domo: Client, body: dict[str, Any]) -> None:
    """400, and the columns are the same as before."""
    before = domo.sandbox.snapshot()
    assert domo.post(f"{V2}/{ROLES}/schemas", json=body).status_code == 400
    assert domo.sandbox.snapshot() == before


def test_a_schema_cannot_change_while_a_version_is_processed(domo: Client) -> None:
    """409, Document 002's conflict with the current state."""
    version = {"schemaId": 1, "dataId": 1, "uploadStatus": "processing", "recordedDate": "2024-01-01T00:00:00Z"}
    dataset = {"id": "busy", "name": "busy", "versions": [{**version, "numRows": 0, "numBytes": 0}]}
    bot = {"type": "USER", "id": "900", "accessLevel": "CO_OWNER"}
    domo.sandbox.seed({"domo": {"datasets": [{**dataset, "permissions": [bot]}]}})
    answer = domo.post(f"{V2}/busy/schemas", json={"columns": []})
    assert answer.json() == error(409, "A data version is being processed", f"{V2}/busy/schemas", 1)


def test_sharing_touches_only_who_is_named(domo: Client) -> None:
    """Document 002, Share Dataset: an upsert; NONE revokes (notes 1.4)."""
    grants = [
        {"id": "1893952720", "type": "USER", "accessLevel": "CAN_SHARE"},
        {"id": "group-12345", "type": "GROUP", "accessLevel": "CAN_VIEW"},
        {"id": "966365811", "type": "USER", "accessLevel": "NONE"},
        {"id": "403368057", "type": "USER", "accessLevel": "CAN_VIEW"},
    ]
    assert domo.post(f"{V3}/{CLIENTS}/share", json={"permissions": grants, "sendEmail": False}).json() == {}
    expected = {"403368057": "OWNER", "900": "CO_OWNER", "group-12345": "CAN_VIEW", "1893952720": "CAN_SHARE"}
    assert levels(domo) == expected


def test_a_share_is_all_or_nothing(domo: Client) -> None:
    """One entry that names nobody spoils the request."""
    grants = [{"id": key, "type": "USER", "accessLevel": "CAN_VIEW"} for key in ("587894148", "no-such-user")]
    before = domo.sandbox.snapshot()
    answer = domo.post(f"{V3}/{CLIENTS}/share", json={"permissions": grants, "sendEmail": False})
    assert (answer.status_code, answer.json()["message"]) == (400, "USER no-such-user does not exist")
    assert domo.sandbox.snapshot() == before


def test_access_is_revoked_by_either_path(domo: Client) -> None:
    """Document 002, Revoke Dataset Access, Remove user from dataset, Remove multiple users."""
    assert domo.delete(f"{ACL}/GROUP/group-12345").json() == {}
    assert domo.delete(f"{ACL}/GROUP/group-12345").status_code == 404
    assert domo.delete(f"{V3}/{CLIENTS}/USERS/966365811").json() == {}
    domo.post(
        f"{V3}/{CLIENTS}/share",
        json={"permissions": [{"id": "587894148", "type": "USER", "accessLevel": "CAN_EDIT"}], "sendEmail": False},
    )
    gone = [{"id": "587894148", "type": "USER"}, {"id": "966365811", "type": "USER"}]
    assert domo.request("DELETE", f"{V3}/{CLIENTS}/users", json=gone).json() == {}
    assert levels(domo) == {"403368057": "OWNER", "900": "CO_OWNER"}


def test_the_owner_cannot_be_revoked(domo: Client) -> None:
    """409: hand over first."""
    path = f"{ACL}/USER/403368057"
    assert domo.delete(path).json() == error(409, "The owner's access cannot be revoked", path, 1)


def test_handing_over_leaves_the_owner_before_as_co_owner(domo: Client) -> None:
    """Document 002, Update Dataset Owner."""
    assert domo.put(f"{V3}/{CLIENTS}/owner", json={"owner": {"id": "966365811", "type": "USER"}}).json() == {}
    owner = {"id": "966365811", "name": "John Doe", "type": "USER", "group": False}
    assert domo.get(f"{V3}/{CLIENTS}/owner").json() == {"owner": owner}
    assert domo.get(f"{V3}/{CLIENTS}?part=core").json()["owner"] == owner
    expected = {"966365811": "OWNER", "403368057": "CO_OWNER", "900": "CO_OWNER", "group-12345": "CAN_EDIT"}
    assert levels(domo) == expected


def test_properties_change_and_unknown_ones_are_kept(domo: Client) -> None:
    """Document 002, Change Dataset Properties; keys of notes 1.8."""
    sent = {"dataSourceName": "clients", "dataProviderType": "domo-jupyterdata", "ours": {"n": 1.50}}
    shown = domo.put(f"{V3}/{CLIENTS}/properties", json=sent).json()
    assert shown == domo.get(f"{V3}/{CLIENTS}").json()
    told = {name: shown[name] for name in ("name", "type", "description", "properties")}
    assert told == {
        "name": "clients",
        "type": "domo-jupyterdata",
        "description": "Mock data for testing",
        "properties": {"ours": {"n": 1.5}},
    }


def test_a_created_dataset_is_empty_and_the_callers(domo: Client) -> None:
    """Document 002, Create Dataset Copy, Copy Status, Copy Log; names are not unique (notes 1.11)."""
    body = {
        "userDefinedType": "api",
        "dataSourceName": "hello world",
        "schema": {"columns": [{"type": "STRING", "name": "Friend"}, {"type": "STRING", "name": "Attending"}]},
    }
    ids = [domo.post(V2, json=body).json()["dataSource"]["dataSourceId"] for _ in range(2)]
    assert ids[0] != ids[1]
    assert levels(domo, ids[0]) == {"900": "OWNER"}
    assert domo.get(f"{V2}/{ids[0]}/dataversions").json() == []
    assert domo.get(f"{V2}/{ids[0]}/copy/status").json() == {
        "status": "COMPLETED",
        "message": "Dataset copy completed successfully.",
        "datasetId": ids[0],
    }
    log = {"log": ["Schema copied: Friend, Attending", "Data copied: 0 rows"]}
    assert domo.get(f"{V2}/{ids[0]}/copy/log").json() == log
    assert domo.get(f"{V2}/{ROLES}/copy/log").status_code == 404


def test_history_tells_who_did_what(serve: Any) -> None:
    """Document 002, Get Dataset History."""
    domo = serve(clock=lambda: 1700000000.0)
    domo.post(TAGS, json=["gold"])
    domo.of("admin-token").put(f"{V3}/{ROLES}/owner", json={"owner": {"id": "900", "type": "USER"}})
    assert domo.get(f"{V2}/{ROLES}/history").json() == {
        "changes": [
            {"timestamp": "2023-11-14T22:13:20Z", "action": "UPDATE", "user": "900", "details": "Tags set: gold."},
            {
                "timestamp": "2023-11-14T22:13:20Z",
                "action": "UPDATE",
                "user": "901",
                "details": "Owner changed to USER 900.",
            },
        ]
    }
