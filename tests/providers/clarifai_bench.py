"""What the tests of Clarifai share: a served sandbox, a session with it, and the seeded dataset."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from reconciler.core.address import Address
from reconciler.core.changes import Drop, Elements
from reconciler.core.plan import Step
from reconciler.core.ports import Access, DatasetRef, FacetState, Target
from reconciler.facets.retention import Version
from reconciler.providers.clarifai.session import Session
from reconciler.providers.http import Pace
from reconciler.sandbox import DOCUMENTED, Faults, Sandbox, World, documents_seed

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

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


@dataclass(frozen=True)
class Bench:
    """A sandbox, a session with it, and the time both go by."""

    sandbox: Sandbox
    session: Session
    clock: Clock
    url: str

    def read(self, dataset: str = "vehicles") -> FacetState:
        """The retention of a dataset."""
        return self.session.read(ref(dataset), RETENTION).facets["retention"]

    def elements(self, dataset: str = "vehicles") -> dict[str, Version]:
        """Its versions by id."""
        return {version.id: version for version in self.read(dataset).elements if isinstance(version, Version)}

    def delete(self, *versions: str, dataset: str = "vehicles") -> None:
        """Delete versions in one step, on what is found."""
        found = self.read(dataset)
        self.session.write(ref(dataset), step(found.elements, versions, dataset), found)

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
    sandbox = Sandbox(world=world, faults=faults, clock=clock)
    sandbox.seed(documents_seed())
    sandbox.seed(seed or {})
    with sandbox.serve() as server:
        session = Session.open(target(server.url, token, settings), access, Pace(100_000, clock, clock.sleep))
        try:
            yield Bench(sandbox, session, clock, server.url)
        finally:
            session.close()
    sandbox.close()


def target(url: str, token: str = CANARY, settings: dict[str, str] | None = None) -> Target:
    """Where the sandbox is."""
    return Target("vision", "clarifai", url, token, settings=LONG if settings is None else settings)


def ref(dataset: str = "vehicles") -> DatasetRef:
    """A dataset by its id."""
    return DatasetRef(Address("vision", "vehicles"), dataset)


def step(live: Elements, versions: Iterable[str], dataset: str = "vehicles") -> Step:
    """The step that deletes `versions`."""
    doomed = set(versions)
    drops = tuple(Drop(version) for version in live if version.key in doomed)
    rest = tuple(version for version in live if version.key not in doomed)
    return Step(ref(dataset).address.of("retention"), "prune", drops, rest, risk="destructive", reversible=False)


def seeded(*versions: dict[str, Any], dataset: str = "vehicles") -> dict[str, Any]:
    """A seed that adds versions to a dataset of acme's catalog."""
    one = {"id": dataset, "user_id": "acme", "app_id": "catalog", "versions": list(versions)}
    return {"clarifai": {"datasets": [one]}}
