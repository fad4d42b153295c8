"""Each switch about tags, owner and access lists shows on the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from reconciler.sandbox import World
from tests.sandbox.served import ACL, CLIENTS, COVID, COVIDS, DOE, OWNER, TAGS, V3, levels

if TYPE_CHECKING:
    from tests.sandbox.served import Serve


@pytest.mark.parametrize(("value", "after"), [("adds", [*COVIDS, "gold"]), ("replaces", ["gold"])])
def test_tags_post(serve: Serve, value: str, after: list[str]) -> None:
    domo = serve(World.parse(f"tags_post={value}"))
    domo.post(TAGS, json=["gold"])
    assert domo.get(TAGS).json() == {"tags": after}


def test_tags_read(serve: Serve) -> None:
    assert serve(World(tags_read="object")).get(TAGS).json() == {"tags": COVIDS}
    assert serve(World(tags_read="list")).get(TAGS).json() == COVIDS
    encoded = '["s_covid-19","udt_MINUTE at undefined","um_REPLACE","covid-19"]'
    assert serve(World(tags_read="string")).get(TAGS).json() == {"tags": encoded}


def test_metadata_tags(serve: Serve) -> None:
    """Absent, encoded in a string, a list; a dataset without tags has no such key."""
    encoded = '["s_covid-19","udt_MINUTE at undefined","um_REPLACE","covid-19"]'
    for value, shown in (("absent", None), ("string", encoded), ("list", COVIDS)):
        domo = serve(World.parse(f"metadata_tags={value}"))
        assert domo.get(f"{V3}/{COVID}").json().get("tags") == shown
        assert "tags" not in domo.get(f"{V3}/{CLIENTS}").json()


def test_metadata_owner(serve: Serve) -> None:
    assert "owner" in serve(World(metadata_owner="present")).get(f"{V3}/{COVID}").json()
    assert "owner" not in serve(World(metadata_owner="absent")).get(f"{V3}/{COVID}").json()


def test_permissions_key(serve: Serve) -> None:
    """002's second half has neither names nor counts."""
    shown = serve(World(permissions_key="permissions")).get(ACL).json()
    assert shown == {
        "permissions": [
            {"type": "USER", "id": "403368057", "accessLevel": "OWNER"},
            {"type": "USER", "id": "900", "accessLevel": "CO_OWNER"},
            {"type": "USER", "id": "966365811", "accessLevel": "CAN_VIEW"},
            {"type": "GROUP", "id": "group-12345", "accessLevel": "CAN_EDIT"},
        ]
    }


@pytest.mark.parametrize(
    ("value", "body", "status", "after"),
    [
        ("replaces", {"permissions": [DOE]}, 200, {"403368057": "OWNER", "966365811": "CO_OWNER"}),
        (
            "merges",
            {"permissions": [DOE]},
            200,
            {"403368057": "OWNER", "900": "CO_OWNER", "966365811": "CO_OWNER", "group-12345": "CAN_EDIT"},
        ),
        (
            "single",
            DOE,
            200,
            {"403368057": "OWNER", "900": "CO_OWNER", "966365811": "CO_OWNER", "group-12345": "CAN_EDIT"},
        ),
        ("single", {"permissions": [DOE]}, 400, None),
        ("replaces", DOE, 400, None),
        ("absent", {"permissions": [DOE]}, 405, None),
    ],
)
def test_permissions_put(serve: Serve, value: str, body: Any, status: int, after: dict[str, str] | None) -> None:
    domo = serve(World.parse(f"permissions_put={value}"))
    admin = domo.of("admin-token")
    before = levels(admin)
    assert domo.put(ACL, json=body).status_code == status
    assert levels(admin) == (after or before)


def test_owner_entry(serve: Serve) -> None:
    domo = serve(World(owner_entry="hidden"))
    assert levels(domo) == {"900": "CO_OWNER", "966365811": "CAN_VIEW", "group-12345": "CAN_EDIT"}
    assert domo.get(ACL).json()["totalUserCount"] == 2


def test_users_path(serve: Serve) -> None:
    """Whether a group's id goes through .../USERS and .../users."""
    editors = [{"id": "group-12345", "type": "GROUP"}]
    for value, one, many in (("users", 404, 400), ("groups_too", 200, 200)):
        world = World.parse(f"users_path={value}")
        assert serve(world).delete(f"{V3}/{CLIENTS}/USERS/group-12345").status_code == one
        assert serve(world).request("DELETE", f"{V3}/{CLIENTS}/users", json=editors).status_code == many


def test_missing_grant(serve: Serve) -> None:
    for value, status in (("refused", 404), ("ignored", 200)):
        assert serve(World.parse(f"missing_grant={value}")).delete(f"{ACL}/USER/587894148").status_code == status


@pytest.mark.parametrize(("value", "kept"), [("CO_OWNER", "CO_OWNER"), ("CAN_EDIT", "CAN_EDIT"), ("removed", None)])
def test_previous_owner(serve: Serve, value: str, kept: str | None) -> None:
    domo = serve(World.parse(f"previous_owner={value}"))
    domo.put(OWNER, json={"owner": {"id": "587894148", "type": "USER"}})
    assert (levels(domo)["587894148"], levels(domo).get("403368057")) == ("OWNER", kept)
