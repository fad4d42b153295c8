"""Who is not allowed is refused, in the vendor's words; who gives access away has lost it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sandbox.served import CLIENTS, COVID, error

if TYPE_CHECKING:
    from tests.sandbox.served import Client

V3 = "/api/data/v3/datasources"
OWNER, ACL, SHARE = f"{V3}/{CLIENTS}/owner", f"{V3}/{CLIENTS}/permissions", f"{V3}/{CLIENTS}/share"
TAGS = f"/api/data/ui/v3/datasources/{CLIENTS}/tags"


def grant(client: Client, level: str, user: str = "902") -> int:
    """Share the dataset with the viewer."""
    entry = {"id": user, "type": "USER", "accessLevel": level}
    return client.post(SHARE, json={"permissions": [entry], "sendEmail": False}).status_code


def test_a_missing_or_unknown_token_is_401(domo: Client) -> None:
    """Notes 1.0, with the vendor's error body."""
    path = f"{V3}/{CLIENTS}"
    assert domo.of("no-such-token").get(path).json() == error(401, "Unauthorized", path, 1, None)
    del domo.headers["X-DOMO-Developer-Token"]
    assert domo.get(path).json() == error(401, "Unauthorized", path, 2, None)


def test_either_header_is_taken(domo: Client) -> None:
    """002 shows `x-domo-authentication` on two endpoints."""
    del domo.headers["X-DOMO-Developer-Token"]
    asked = domo.get(f"{V3}/{CLIENTS}", headers={"x-domo-authentication": "sandbox-token"})
    assert asked.status_code == 200


def test_unknown_datasets_and_streams_are_404(domo: Client) -> None:
    """Undeclared, and what a missing dataset answers."""
    path = f"{V3}/no-such-dataset"
    assert domo.get(path).json() == error(404, "Not Found", path, 1)
    assert domo.get("/api/data/v1/streams/1").status_code == 404


@pytest.mark.parametrize(
    ("level", "reads", "writes", "shares", "administers"),
    [
        ("NONE", 403, 403, 403, 403),
        ("CAN_VIEW", 200, 403, 403, 403),
        ("CAN_SHARE", 200, 403, 200, 403),
        ("CAN_EDIT", 200, 200, 200, 403),
        ("CO_OWNER", 200, 200, 200, 200),
    ],
)
def test_a_level_may_do_so_much(
    domo: Client, level: str, reads: int, writes: int, shares: int, administers: int
) -> None:
    """Reading, writing, sharing up to CAN_SHARE, and giving or taking more."""
    grant(domo, level)
    other = domo.of("viewer-token")
    assert other.get(ACL).status_code == reads
    assert other.post(TAGS, json=["x"]).status_code == writes
    assert grant(other, "CAN_SHARE", "587894148") == shares
    assert grant(other, "CAN_EDIT", "1893952720") == administers
    assert other.delete(f"{ACL}/USER/587894148").status_code in {administers, 404}
    assert other.put(OWNER, json={"owner": {"id": "902", "type": "USER"}}).status_code == administers


def test_a_group_gives_its_members_its_level(domo: Client) -> None:
    """Membership counts."""
    grant(domo, "NONE")
    domo.sandbox.seed({"domo": {"groups": [{"id": "group-12345", "name": "Editors Group", "members": ["902"]}]}})
    assert domo.of("viewer-token").post(TAGS, json=["x"]).status_code == 200


def test_an_admin_may_do_all(domo: Client) -> None:
    """Without being on the list."""
    admin = domo.of("admin-token")
    assert admin.get(f"{V3}/{COVID}").json()["permissions"] == "READ_WRITE_DELETE_SHARE_ADMIN"
    assert admin.put(OWNER, json={"owner": {"id": "966365811", "type": "USER"}}).status_code == 200


def test_a_client_that_revokes_itself_is_locked_out(domo: Client) -> None:
    """The next read is 403, and only another can let it in again."""
    assert domo.delete(f"{ACL}/USER/900").status_code == 200
    assert domo.get(ACL).json() == error(403, "Forbidden", ACL, 2)
    assert grant(domo.of("admin-token"), "CO_OWNER", "900") == 200
    assert domo.get(ACL).status_code == 200


def test_a_list_that_forgets_its_writer_locks_it_out(domo: Client) -> None:
    """PUT sets the whole list."""
    domo.put(ACL, json={"permissions": []})
    assert domo.get(ACL).status_code == 403


@pytest.mark.parametrize(
    ("content", "kind", "message"),
    [
        (b"[]", "text/plain", "Content-Type must be application/json"),
        (b"[", "application/json", "Malformed JSON request body: Expecting value: line 1 column 2 (char 1)"),
        (b"[NaN]", "application/json", "Malformed JSON request body: NaN is not JSON"),
        (b"{}", "application/json", "Request body must be a JSON array"),
        (b"[1]", "application/json", "Each tag must be a string"),
    ],
)
def test_a_wrong_body_is_400(domo: Client, content: bytes, kind: str, message: str) -> None:
    """With the vendor's error body."""
    answer = domo.post(TAGS, content=content, headers={"Content-Type": kind})
    assert answer.json() == error(400, message, TAGS, 1)
