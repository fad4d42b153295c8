"""What the tests of Clarifai share: a served sandbox, a session with it, and the seeded dataset."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from reconciler.core.address import Address
from reconciler.core.changes import Drop, Elements
from reconciler.core.plan import Step
from reconciler.core.ports import Access, DatasetRef, FacetState, ProviderError, Target
from reconciler.execution import Journal, Outcome, Write
from reconciler.facets.retention import Version
from reconciler.providers.clarifai.client import ClarifaiClient, base_of
from reconciler.providers.clarifai.envelope import judge
from reconciler.providers.clarifai.session import Session
from reconciler.providers.http import Client, Pace
from reconciler.providers.http.pace import NEVER
from reconciler.sandbox import DOCUMENTED, Faults, Sandbox, World, documents_seed
from reconciler.sandbox.exchange import Answer, Request

CANARY = "sandbox-token"
APP_KEY = "sandbox-app-key"
LONG = {"userId": "acme", "appId": "catalog"}
FORMS = {"long": (LONG, CANARY, "/v2/users/acme/apps/catalog"), "short": ({}, APP_KEY, "/v2")}
"""Settings, token and path of the two forms."""

JUNE, JULY, DECEMBER = "vehicles-2021-06", "vehicles-2021-07", "vehicles-2021-12"
OF_004 = "dataset-version-1633032673"
FAILED, PENDING = "vehicles-2021-10", "vehicles-2022-01"
TRAINED, TRAINED_LATER = "a4b032e9083f4cbfbdfe5617b1a4d5e7", "f1b3c1a7b2f84c6e9d7a5e0c3b2a1f40"
RETENTION = frozenset({"retention"})


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        """The time."""
        return self.now

    def sleep(self, seconds: float, until: threading.Event = NEVER) -> None:
        """Let time pass, at once."""
        del until
        self.now += seconds


class Shared(Sandbox):
    """A sandbox that somebody else changes, too: right after each deletion."""

    meanwhile: Callable[[Sandbox], None] = staticmethod(lambda _: None)

    def respond(self, request: Request) -> Answer:
        """Answer, then let the other one act."""
        answer = super().respond(request)
        if request.method == "DELETE":
            self.meanwhile(self)
        return answer


@dataclass(frozen=True)
class Bench:
    """A sandbox, a session with it, and the time both go by."""

    sandbox: Shared
    session: Session
    clock: Clock
    url: str
    pace: Pace
    stop: threading.Event

    def read(self, dataset: str = "vehicles") -> FacetState:
        """The retention of a dataset."""
        return self.session.read(ref(dataset), RETENTION).facets["retention"]

    def elements(self, dataset: str = "vehicles") -> dict[str, Version]:
        """Its versions by id."""
        return {version.id: version for version in self.read(dataset).elements if isinstance(version, Version)}

    def delete(self, *versions: str, dataset: str = "vehicles") -> None:
        """Delete versions in one step, on what is found; and on what is found then, where that may help."""
        for left in reversed(range(10)):
            found = self.read(dataset)
            try:
                self.session.write(ref(dataset), step(found.elements, versions, dataset), found)
            except ProviderError as error:
                if error.again is None or not left:
                    raise
                if not set(versions) & set(self.elements(dataset)):
                    return
            else:
                return

    def prune(self, *versions: str, dataset: str = "vehicles") -> Outcome:
        """The same as an apply does it: in portions, each read back."""
        found = self.read(dataset)
        performer = Write(self.session, Journal(None, lambda: 0.0), stop=self.stop)
        return performer.perform(ref(dataset), step(found.elements, versions, dataset))

    def batches(self) -> list[list[str]]:
        """The ids of each deletion so far."""
        return [json.loads(r.body)["dataset_version_ids"] for r in self.sandbox.requests if r.method == "DELETE"]

    def writes(self) -> list[str]:
        """The writes so far, as method, path and body."""
        return [f"{r.method} {r.path} {r.body}" for r in self.sandbox.requests if r.method != "GET"]


@contextmanager
def serve(
    world: World = DOCUMENTED,
    form: str = "long",
    access: Access = "write",
    faults: Faults | None = None,
    seed: dict[str, Any] | None = None,
) -> Iterator[Bench]:
    """A sandbox over HTTP, and a session that waits without waiting."""
    settings, token, _ = FORMS[form]
    clock = Clock()
    sandbox = Shared(world=world, faults=faults, clock=clock)
    sandbox.seed(documents_seed())
    sandbox.seed(seed or {})
    with sandbox.serve() as server:
        pace = Pace(100_000, clock, clock.sleep)
        stop = threading.Event()
        session = Session.open(target(server.url, token, settings), access, pace, stop)
        try:
            yield Bench(sandbox, session, clock, server.url, pace, stop)
        finally:
            session.close()
    sandbox.close()


@contextmanager
def api_of(bench: Bench, per_page: int = 1000) -> Iterator[ClarifaiClient]:
    """The endpoints themselves."""
    place = target(bench.url)
    http = Client(place, "write", header="Authorization", scheme="Key", judge=judge, pace=bench.pace)
    yield ClarifaiClient(http, base_of(place), per_page)
    http.close()


def target(url: str, token: str = CANARY, settings: dict[str, str] | None = None) -> Target:
    """Where the sandbox is."""
    return Target("vision", "clarifai", url, token, settings=LONG if settings is None else settings)


def ref(dataset: str = "vehicles") -> DatasetRef:
    """A dataset by its id."""
    return DatasetRef(Address("vision", "vehicles"), dataset)


def step(live: Elements, versions: Iterable[str], dataset: str = "vehicles") -> Step:
    """The step that deletes `versions`."""
    doomed = set(versions)
    oldest_first = sorted((version for version in live if isinstance(version, Version)), key=lambda each: each.age)
    drops = tuple(Drop(version) for version in oldest_first if version.key in doomed)
    rest = tuple(version for version in live if version.key not in doomed)
    return Step(ref(dataset).address.of("retention"), "prune", drops, rest, risk="destructive", reversible=False)


def seeded(*versions: dict[str, Any], dataset: str = "vehicles") -> dict[str, Any]:
    """A seed that adds versions to a dataset of acme's catalog."""
    one = {"id": dataset, "user_id": "acme", "app_id": "catalog", "versions": list(versions)}
    return {"clarifai": {"datasets": [one]}}


def monthly(number: int) -> list[dict[str, Any]]:
    """So many versions of 2020, oldest first."""
    return [
        {"id": f"v{n:02}", "created_at": f"2020-{n // 28 + 1:02}-{n % 28 + 1:02}T00:00:00.000000Z"}
        for n in range(number)
    ]
