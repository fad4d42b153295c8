"""One request and its answer, as a vendor's handlers see them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar
from urllib.parse import parse_qs

from reconciler.sandbox import jsontext
from reconciler.sandbox.store import Store
from reconciler.sandbox.world import World

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came over the wire; the path is still percent-encoded, header names are lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back, and how: sent, or lost by closing, resetting or cutting the connection."""

    status: int = 200
    body: bytes = b""
    content_type: str | None = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    wire: Literal["send", "close", "reset", "cut"] = "send"


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not a failure of the sandbox
    """The request is answered with an error; each vendor puts it in its own words."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class Call:
    """A routed request together with everything its handler may use."""

    request: Request
    store: Store
    world: World
    number: int
    now: float
    actor: str = ""
    params: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """The body as JSON; 400 when it is missing, is something else, or says it is something else."""
        if not self.request.headers.get("content-type", "").lower().startswith("application/json"):
            raise Refusal(400, "Content-Type must be application/json")
        try:
            return jsontext.read(self.request.body)
        except ValueError as error:
            raise Refusal(400, f"Malformed JSON request body: {error}") from None

    def json_object(self, *required: str) -> dict[str, Any]:
        """The body as a JSON object that has the required members."""
        body = self.json()
        if not isinstance(body, dict):
            raise Refusal(400, "Request body must be a JSON object")
        for name in required:
            if name not in body:
                raise Refusal(400, f"Missing required parameter: {name}")
        return body

    def json_list(self) -> list[Any]:
        """The body as a JSON list."""
        body = self.json()
        if not isinstance(body, list):
            raise Refusal(400, "Request body must be a JSON array")
        return body

    def argument(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return parse_qs(self.request.query, keep_blank_values=True).get(name, [default])[0]

    def arguments(self, name: str) -> list[str]:
        """All values of a query parameter, whether repeated or separated by commas."""
        values = parse_qs(self.request.query).get(name, [])
        return [part for value in values for part in value.split(",") if part]

    def flag(self, name: str, default: str) -> bool:
        """A query parameter that is true or false."""
        value = self.argument(name, default).lower()
        if value not in {"true", "false"}:
            raise Refusal(400, f"{name} must be true or false")
        return value == "true"

    def number_of(self, name: str, default: int) -> int:
        """A query parameter that is a whole number."""
        text = self.argument(name, str(default))
        try:
            return int(text)
        except ValueError:
            raise Refusal(400, f"{name} must be a number") from None

    def unordered(self, items: list[Item]) -> list[Item]:
        """A list whose order the vendor does not promise."""
        if not self.world.shuffle:
            return items
        return random.Random(f"{self.world.shuffle}:{self.number}").sample(items, len(items))  # noqa: S311 - no secret


def json_answer(value: Any, status: int = 200) -> Answer:
    """An answer with a JSON body."""
    return Answer(status, jsontext.write(value).encode())
