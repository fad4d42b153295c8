"""How Domo says no, and how it says done."""

from __future__ import annotations

from http import HTTPStatus

from reconciler.sandbox.exchange import Answer, Call, Refusal, json_answer

_EXCEPTIONS = {
    400: "com.domo.exception.BadRequestException",
    401: "com.domo.exception.UnauthorizedException",
    403: "com.domo.exception.ForbiddenException",
    404: "com.domo.exception.NotFoundException",
    405: "org.springframework.web.HttpRequestMethodNotSupportedException",
    409: "com.domo.exception.ConflictException",
    416: "com.domo.exception.RequestedRangeException",
    500: "java.lang.NullPointerException",
}


def refuse(call: Call, refusal: Refusal) -> Answer:
    """The vendor's error body (notes 1.0)."""
    body = {
        "exception": _EXCEPTIONS[refusal.status],
        "message": refusal.message,
        "path": call.request.path,
        "status": refusal.status,
        "statusReason": HTTPStatus(refusal.status).phrase,
        "toe": f"{call.number:010}-00000-00000",
    }
    if call.actor:
        body["userId"] = call.actor
    return json_answer(body, refusal.status)


def wrote(call: Call) -> Answer:
    """The answer of a write that has nothing to tell, in one of the shapes that documents and practice have."""
    match call.world.write_answer:
        case "json":
            return json_answer({})
        case "empty":
            return Answer(200, b"", None)
        case "text":
            return Answer(200, b"OK", "text/plain;charset=utf-8")
        case "notation":
            return json_answer({"HTTP/1.1": "200 OK", "body": {}})
