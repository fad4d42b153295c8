"""What an endpoint is, and how a function of the client is tied to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, Literal, ParamSpec, TypeAlias, TypeVar, cast

from msgspec import Struct

from reconciler.providers.http import Answer, Call, Client, Repeat, path_of

P = ParamSpec("P")
T = TypeVar("T")
C = TypeVar("C", bound="Endpoints")

Reading: TypeAlias = Literal["both", "documented", "observed"]
"""Where an endpoint exists: in the documents and at live instances, or under one of the readings only (notes 0)."""

V1 = "/api/data/v1"
V2 = "/api/data/v2/datasources"
V3 = "/api/data/v3/datasources"
UI = "/api/data/ui/v3/datasources"
QUERY = "/api/query/v1/datasources"
PARTITION_LIST = QUERY + "/{}/partition/list"
STREAMS = "/api/data/v1/streams"
BULK = "/api/data/v1/ui/bulk"


class Endpoint(Struct, frozen=True):
    """A method and a path with a {} for each id in it."""

    method: str
    path: str
    reading: Reading = "both"
    reads: bool = False
    """A POST that changes nothing."""
    repeat: Repeat = "anew"
    """Whether a write that failed is sent again as it is."""

    @property
    def pattern(self) -> str:
        """The regular expression of its paths."""
        return self.path.replace("{}", "[^/]+")


class Endpoints:
    """What the functions of the client share."""

    def __init__(self, http: Client) -> None:
        self.http = http

    def get(self, at: Endpoint, *ids: str, query: Mapping[str, str] | None = None, body: object = None) -> object:
        """What a read answers."""
        return self.http.send(Call(at.method, path_of(at.path, *ids), query or {}, body, reads=at.reads)).value

    def send(
        self,
        at: Endpoint,
        *ids: str,
        query: Mapping[str, str] | None = None,
        body: object = None,
        answered: bool = False,
    ) -> Answer:
        """Send a write; with `answered` its answer has to be JSON."""
        path = path_of(at.path, *ids)
        return self.http.send(Call(at.method, path, query or {}, body, repeat=at.repeat, answered=answered))


def at(
    method: str, path: str, reading: Reading = "both", *, reads: bool = False, repeat: Repeat = "anew"
) -> Callable[[Callable[Concatenate[C, Endpoint, P], T]], Callable[Concatenate[C, P], T]]:
    """Tie a function of the client to its endpoint, which becomes its first argument."""
    endpoint = Endpoint(method, path, reading, reads, repeat)

    def tie(function: Callable[Concatenate[C, Endpoint, P], T]) -> Callable[Concatenate[C, P], T]:
        @wraps(function)
        def tied(self: C, /, *args: P.args, **kwargs: P.kwargs) -> T:
            return function(self, endpoint, *args, **kwargs)

        tied.endpoint = endpoint  # type: ignore[attr-defined]
        return tied

    return tie


def endpoints_of(client: type[Endpoints]) -> dict[str, tuple[Endpoint, str]]:
    """Every function of `client` that is tied to an endpoint: the endpoint and its docstring."""
    functions = {name: getattr(client, name) for name in dir(client) if not name.startswith("_")}
    return {
        name: (cast("Endpoint", function.endpoint), str(function.__doc__))
        for name, function in functions.items()
        if hasattr(function, "endpoint")
    }
