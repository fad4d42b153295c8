"""What live instances have and the documents lack: listings, bulk writes, people, audits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reconciler.sandbox import OBSERVED
from tests.sandbox.served import CLIENTS, COVID, DAILY, LOG, ROLES, levels

if TYPE_CHECKING:
    from tests.sandbox.served import Client, Serve

V2, V3 = "/api/data/v2/datasources", "/api/data/v3/datasources"
UI, BULK = "/api/data/ui/v3/datasources", "/api/data/v1/ui/bulk"


@pytest.fixture
def live(serve: Serve) -> Client:
    """Domo as observed, at a fixed time."""
    return serve(OBSERVED, clock=lambda: 1700000000.0)


def test_datasets_are_listed_by_pages(live: Client) -> None:
    """Notes 3, Listing: at most 50 to a page, only what the caller may read."""
    page = live.get(f"{V3}?limit=2&offset=1&orderBy=name&part=core").json()
    assert page["_metaData"] == {"totalCount": 5, "limit": 2, "offset": 1, "count": 2}
    assert [each["id"] for each in page["dataSources"]] == [COVID, DAILY]
    assert live.get(f"{V3}?limit=51").status_code == 416
    assert [each["id"] for each in live.of("viewer-token").get(V3).json()["dataSources"]] == [COVID]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("nameLike=covid", [COVID]),
        ("ownerId=403368057", [CLIENTS, ROLES, DAILY]),
        ("dataProviderType=covid-19", [COVID]),
        ("createdSince=1700000000000", [CLIENTS]),
        ("nameLike=nothing", []),
    ],
)
def test_a_listing_is_filtered(live: Client, query: str, ids: list[str]) -> None:
    assert [each["id"] for each in live.get(f"{V3}?{query}").json()["dataSources"]] == ids


def test_datasets_are_read_in_bulk(live: Client) -> None:
    """Missing ids are left out; each is what a read of its own tells."""
    found = live.post(f"{V3}/bulk?includePrivate=true", json=[COVID, "gone", ROLES]).json()["dataSources"]
    assert found == [live.get(f"{V3}/{key}").json() for key in (COVID, ROLES)]
    assert live.post(f"{V3}/bulk", json=["x"] * 101).status_code == 400


def test_the_search_of_the_user_interface(live: Client) -> None:
    """By name, by tag, by owner."""
    by_name = {"field": "name_sort", "filterType": "wildcard", "query": "*covid*"}
    found = live.post(f"{UI}/search", json={"entities": ["DATASET"], "filters": [by_name], "count": 10}).json()
    assert (found["_metaData"], found["dataSources"][0]["tagsList"][3]) == ({"totalCount": 1}, "covid-19")
    not_his = {"field": "owned_by_id", "filterType": "term", "value": "403368057", "not": True}
    found = live.post(f"{UI}/search", json={"filters": [not_his]}).json()
    assert [each["id"] for each in found["dataSources"]] == [COVID, LOG]


def test_access_lists_are_read_in_bulk(live: Client) -> None:
    """Both ways tell the same."""
    entries = live.get(f"{V3}/bulk/permissions?limit=100&offset=0").json()
    expected = {entry["id"]: entry["accessLevel"] for entry in entries if entry["dataSourceId"] == CLIENTS}
    assert expected == levels(live)
    asked = live.post(f"{V3}/bulk/directpermissions", json=[CLIENTS]).json()
    assert asked == [entry for entry in entries if entry["dataSourceId"] == CLIENTS]
    assert live.get(f"{V3}/{CLIENTS}/permissions/currentUser").json() == "READ_WRITE_DELETE_SHARE_ADMIN"


def test_owners_are_changed_one_by_one_and_in_bulk(live: Client) -> None:
    """Notes 1.12: four ways, to a user or a group."""
    live.put(f"{V2}/{CLIENTS}/responsibleUsers", json={"responsibleUserId": "1893952720"})
    live.put(f"{V2}/{ROLES}/responsibleUsers", json={"responsibleGroupId": 55})
    live.post(f"{BULK}/reassign", json={"type": "DATA_SOURCE", "ids": [DAILY], "userId": 966365811})
    live.put(f"{UI}/ownedBy", json=[{"dataSourceIds": [LOG], "entityIdentifier": {"id": 966365811, "type": "USER"}}])
    live.put(f"{V2}/responsible-user/900", json=[COVID])
    owners = [live.get(f"{V3}/{key}").json()["owner"] for key in (CLIENTS, ROLES, DAILY, LOG, COVID)]
    assert [owner["id"] for owner in owners] == ["1893952720", "55", "966365811", "966365811", "900"]
    assert owners[1] == {"id": "55", "name": "Data Stewards", "type": "GROUP", "group": True}
    owned = live.post(f"{UI}/ownedBy", json=[{"id": "966365811", "type": "USER"}]).json()
    assert owned[0]["dataSourceIds"] == [LOG, DAILY]


def test_a_bulk_write_succeeds_in_parts(live: Client) -> None:
    """200 although one failed; an unknown id fails all."""
    viewer = live.of("viewer-token")
    live.post(
        f"{V3}/{COVID}/share",
        json={"permissions": [{"type": "USER", "id": "902", "accessLevel": "CAN_EDIT"}], "sendEmail": False},
    )
    items = {"ids": [COVID, ROLES], "type": "DATA_SOURCE"}
    done = viewer.post(f"{BULK}/tag", json={"bulkItems": items, "tags": ["x"]})
    assert (done.status_code, done.json()) == (200, {"failed": {ROLES: "Forbidden"}, "successful": [COVID]})
    checked = viewer.post(f"{BULK}/tag/check", json={"bulkItems": {**items, "ids": [COVID, ROLES, "gone"]}}).json()
    assert checked == {
        "validItems": [COVID],
        "invalidItems": {ROLES: "NO_ACCESS", "gone": "DELETED"},
        "typeValid": True,
    }
    wrong = viewer.post(f"{BULK}/tag/delete", json={"bulkItems": {**items, "ids": [COVID, "gone"]}, "tags": ["x"]})
    assert wrong.json()["message"] == "Request payload includes invalid ids"
    viewer.post(f"{BULK}/tag/delete", json={"bulkItems": {**items, "ids": [COVID]}, "tags": ["x", "covid-19"]})
    shown = viewer.get(f"{V3}/{COVID}").json()["tags"]
    assert shown == '["s_covid-19","udt_MINUTE at undefined","um_REPLACE"]'


def test_access_is_given_and_taken_in_bulk(live: Client) -> None:
    """NONE revokes."""
    grants = [
        {"type": "USER", "id": "902", "accessLevel": "CAN_EDIT"},
        {"type": "USER", "id": "966365811", "accessLevel": "NONE"},
    ]
    body = {
        "bulkItems": {"ids": [CLIENTS, ROLES], "type": "DATA_SOURCE"},
        "dataSourceShareEntity": {"permissions": grants, "sendEmail": False},
    }
    assert live.post(f"{BULK}/share", json=body).json() == {"failed": {}, "successful": [CLIENTS, ROLES]}
    assert levels(live, ROLES) == {"403368057": "OWNER", "900": "CO_OWNER", "902": "CAN_EDIT"}
    assert "966365811" not in levels(live)


def test_people_are_found(live: Client) -> None:
    """Notes 3, Principals: ids are numbers here."""
    me = {"id": 900, "displayName": "Governance Bot", "userName": "governance-bot@example.com"}
    me |= {"emailAddress": "governance-bot@example.com", "role": "Member", "active": True}
    assert live.get("/api/content/v2/users/me").json() == me
    assert live.get("/api/content/v3/users/900").json() == me
    assert live.get("/api/content/v2/users/1").status_code == 404
    assert [user["id"] for user in live.get("/api/content/v3/users?limit=2&offset=1").json()] == [901, 902]
    search = "/api/identity/v1/users/search"
    found = live.post(search, json={"filters": [{"filterType": "text", "text": "john.doe@"}], "limit": 50}).json()
    assert (found["count"], found["users"][0]["id"]) == (1, 966365811)
    assert live.post(search, json={"ids": ["900"]}).json() == {"users": [me], "count": 1}


def test_groups_are_found(live: Client) -> None:
    """Notes 3, Principals; a group of the documents keeps its made-up id."""
    stewards = {"groupId": 55, "id": 55, "name": "Data Stewards", "groupType": "closed", "memberCount": 1, "owners": []}
    groups = "/api/content/v2/groups"
    listed = live.get(f"{groups}/grouplist?limit=100&offset=0&ascending=true&sort=name").json()
    assert [group["groupId"] for group in listed] == [55, "group-12345"]
    assert live.get(f"{groups}/grouplist?search=steward").json() == [stewards]
    assert live.get(f"{groups}/grouplist?members=966365811").json() == [stewards]
    assert live.get("/api/content/v2/users/966365811/groups").json() == [stewards]
    assert live.get(f"{groups}/55").json() == stewards


def test_audits_tell_who_did_what_newest_first(live: Client) -> None:
    """Notes 3, Audit."""
    live.post(f"{UI}/{ROLES}/tags", json=["gold"])
    live.of("admin-token").put(f"{V3}/{ROLES}/properties", json={"dataSourceName": "roles"})
    audits = live.get("/api/audit/v1/user-audits?objectType=DATA_SOURCE&limit=200").json()
    assert [(each["userName"], each["eventText"]) for each in audits] == [
        ("Sandbox Admin", "Properties changed: dataSourceName."),
        ("Governance Bot", "Tags set: gold."),
    ]
    assert audits[1] == {
        "actionType": "UPDATED",
        "objectId": ROLES,
        "objectName": "Roles",
        "objectType": "DATA_SOURCE",
        "userId": "900",
        "userName": "Governance Bot",
        "time": 1700000000000,
        "eventText": "Tags set: gold.",
        "additionalComment": "",
        "authenticationMethod": "ACCESS_TOKEN",
    }
    assert live.get("/api/audit/v1/user-audits").status_code == 400
    assert live.get("/api/audit/v1/user-audits?objectType=DATA_SOURCE&limit=201").status_code == 416


def test_a_deleted_dataset_is_gone(live: Client) -> None:
    """With its stream; only owners may."""
    assert live.of("viewer-token").delete(f"{V3}/{COVID}").status_code == 403
    assert live.delete(f"{V3}/{COVID}?deleteMethod=hard").status_code == 200
    assert live.get(f"{V3}/{COVID}").status_code == 404
    assert live.get("/api/data/v1/streams/371").status_code == 404


def test_the_provider_type_changes_alone(live: Client) -> None:
    """Notes 1.8."""
    assert live.put(f"{V3}/{ROLES}/providers/domo-jupyterdata").json() is True
    assert live.get(f"{V3}/{ROLES}").json()["dataProviderType"] == "domo-jupyterdata"
