"""Routes as data: which handler answers which method on which path."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from reconciler.sandbox.exchange import Answer, Call, Refusal
from reconciler.sandbox.store import Store
from reconciler.sandbox.world import World

Handler = Callable[[Call], Answer]


def everywhere(_world: World) -> bool:
    """In every world."""
    return True


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path of literal and {named} segments, its handler, and the worlds that have it."""

    method: str
    path: str
    handler: Handler
    when: Callable[[World], bool] = everywhere

    def match(self, segments: Sequence[str]) -> Mapping[str, str] | None:
        """The decoded value of each {named} segment, or None when the path is another.

        Segments are decoded one by one, after matching: an id may contain an encoded slash.
        """
        pattern = self.path.split("/")
        if len(pattern) != len(segments):
            return None
        found = {}
        for wanted, given in zip(pattern, segments, strict=True):
            if wanted.startswith("{"):
                if not given:
                    return None
                found[wanted[1:-1]] = unquote(given)
            elif wanted != given:
                return None
        return found


@dataclass(frozen=True, slots=True)
class Vendor:
    """What the framework asks of a vendor: its routes, its doorman, its way to refuse, and how it reads a seed."""

    name: str
    prefix: str
    routes: tuple[Route, ...]
    enter: Callable[[Call], str]
    refuse: Callable[[Call, Refusal], Answer]
    seed: Callable[[Store, Mapping[str, object], float], None]


def find(routes: Sequence[Route], call: Call) -> tuple[Handler, Mapping[str, str]]:
    """The handler of a request and its path's parameters; 404 for an unknown path, 405 for another method's.

    Of several routes that match, the one with the fewest parameters is meant: `/streams/lookup` is no stream's id.
    """
    segments = call.request.path.removesuffix("/").split("/")
    served = (route for route in routes if route.when(call.world))
    matching = [(route, params) for route in served if (params := route.match(segments)) is not None]
    meant = [(route, params) for route, params in matching if route.method == call.request.method]
    if meant:
        route, params = min(meant, key=lambda each: len(each[1]))
        return route.handler, params
    if matching:
        raise Refusal(405, f"Request method '{call.request.method}' not supported")
    raise Refusal(404, "Not Found")
