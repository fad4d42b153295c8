"""How Clarifai says yes and no: a status in every answer, and an HTTP code that its own clients ignore (notes 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer


@dataclass(frozen=True, slots=True)
class Status:
    """One of the vendor's status codes, and the HTTP code that goes with it."""

    code: int
    description: str
    http: int
    recorded: bool = False
    """Whether a real answer shows this HTTP code; the other ones follow the world."""


OK = Status(10000, "Ok", 200, recorded=True)
MIXED = Status(10010, "Mixed Success", 200)
THROTTLED = Status(11005, "Making too many requests", 429)
NO_SCOPE = Status(11007, "Insufficient scopes", 403)
KEY_INVALID = Status(11008, "API key invalid", 401, recorded=True)
KEY_UNKNOWN = Status(11009, "API key not found", 401, recorded=True)
BAD_FORMAT = Status(11100, "Bad request format", 400)
MISSING = Status(11101, "Resource does not exist", 404, recorded=True)
INVALID = Status(11102, "Invalid request", 400)
DUPLICATE = Status(40010, "Duplicate key", 409)
CONFLICT = Status(64030, "An alteration to dataset version would create a conflict", 409)

# Codes of google.rpc.Status, in which the gateway answers what never reaches the API.
_GATEWAY = {404: (5, "Not Found"), 405: (12, "Method Not Allowed")}

# What the last segment of a path lists; the list is there even in an error.
_LISTS = {"datasets": "datasets", "versions": "dataset_versions", "exports": "exports"}


class Refused(Refusal):
    """A refusal in the vendor's envelope."""

    def __init__(self, status: Status, details: str) -> None:
        super().__init__(status.http, details)
        self.reason = status


def missing(kind: str, key: str) -> Refused:
    """The refusal of an id that nothing has (recorded, notes 1)."""
    return Refused(MISSING, f"{kind} '{key}' not found. Check the url of your request.")


def duplicate(call: Call, kind: str, key: str) -> Refused:
    """The refusal of an id that something has already; which code it comes with is not known."""
    status = DUPLICATE if call.world.clarifai_duplicate == "40010" else INVALID
    return Refused(status, f"{kind} '{key}' already exists.")


def answer(call: Call, members: Mapping[str, Any] | None = None, status: Status = OK, details: str = "") -> Answer:
    """An answer in the envelope."""
    said = {"code": status.code, "description": status.description}
    if details:
        said["details"] = details
    return json_answer({"status": said | {"req_id": f"{call.number:032x}"}, **(members or {})}, _http(call, status))


def refuse(call: Call, refusal: Refusal) -> Answer:
    """The vendor's error body; what the routes do not have is answered by the gateway, without an envelope."""
    if isinstance(refusal, Refused):
        return answer(call, _nothing(call), refusal.reason, refusal.message)
    if refusal.status == HTTPStatus.BAD_REQUEST:
        return answer(call, _nothing(call), BAD_FORMAT, refusal.message)
    code, message = _GATEWAY[refusal.status]
    return json_answer({"code": code, "message": message, "details": []}, refusal.status)


def _nothing(call: Call) -> Mapping[str, Any]:
    last = call.request.path.removesuffix("/").rpartition("/")[2]
    return {_LISTS[last]: []} if last in _LISTS and call.request.method != "DELETE" else {}


def _http(call: Call, status: Status) -> int:
    if status.recorded or call.world.clarifai_http == "conventional":
        return status.http
    return int(call.world.clarifai_http)
