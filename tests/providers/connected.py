"""What the providers' tests share: a session with a sandbox, and the ways to use it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from reconciler.core.address import Address
from reconciler.core.changes import Element, Elements
from reconciler.core.plan import Step
from reconciler.core.ports import Access, DatasetRef, Snapshot, Target, Writer
from reconciler.core.principals import Directory, Person, Principal
from reconciler.diffing import keyed
from reconciler.providers import by_name
from reconciler.providers.domo import PROVIDER
from reconciler.providers.domo.session import Session
from reconciler.sandbox import Sandbox
from tests.support.sent import writes

COVID = "dcad2f50-e65e-4259-a9e8-214a3d1e18a7"
"""The dataset of stream 371 (002): four tags, two columns, runs every 30 minutes."""
CLIENTS = "44c5d1b9-7a26-4369-bf0d-c575bfb168a6"
"""mock_clients (002): the data versions of 000, a user and a group with access."""
ROLES = "94a4edfa-5926-4f0c-ad1e-a341f53f6113"
"""No stream, no tags, no versions."""
CANARY = "admin-token"
ALL = frozenset({"schema", "tags", "permissions", "owner", "schedule", "retention"})

ADMIN = Principal("user", "901")
DIRECTORY = Directory({"root": Person("901"), "viewer": Person("902")})


@dataclass(frozen=True)
class Bench:
    """A sandbox and a session with it."""

    sandbox: Sandbox
    session: Writer
    url: str

    @classmethod
    def connect(cls, sandbox: Sandbox, url: str, access: Access, token: str = CANARY) -> Bench:
        """A session with `sandbox`."""
        return cls(sandbox, by_name()["domo"].connect(instance(url, token), access), url)

    def read(self, dataset: str, *facets: str) -> Snapshot:
        """A snapshot of some facets, or of all."""
        return self.session.read(ref(dataset), frozenset(facets) or ALL)

    def elements(self, dataset: str, facet: str) -> Elements:
        """One facet's elements."""
        return self.read(dataset, facet).facets[facet].elements

    def write(self, dataset: str, facet: str, *desired: Element, verb: str = "write") -> list[tuple[str, str]]:
        """Bring one facet to `desired`; the writes this took, as method and path below the dataset's id."""
        found = self.read(dataset, facet).facets[facet]
        step = Step(ref(dataset).address.of(facet), verb, keyed(found.elements, desired), tuple(desired))
        self.sandbox.clear_requests()
        self.session.write(ref(dataset), step, found)
        return self.writes(dataset)

    def writes(self, dataset: str = "") -> list[tuple[str, str]]:
        """What was written since the log was cleared."""
        return [
            (request.method, request.path.rpartition(dataset)[2] if dataset else request.path)
            for request in self.sandbox.requests
            if writes(request)
        ]

    def asked(self) -> list[str]:
        """Every request since the log was cleared."""
        return [f"{request.method} {request.path}" for request in self.sandbox.requests]


Start = Callable[..., Bench]


def instance(url: str, token: str = CANARY) -> Target:
    """The instance at `url`, as fast as it goes."""
    return Target("acme", "domo", url, token, ADMIN, requests_per_second=10_000, directory=DIRECTORY)


def recordable(target: Target, access: Access) -> Session:
    """A session whose requests go out by httpx's own transport, the one that vcrpy sees."""
    return Session.open(target, access, PROVIDER.newborn(target.actor), seen_by_vcr())


def seen_by_vcr() -> httpx.HTTPTransport:
    """A way out that vcrpy sees."""
    return httpx.HTTPTransport(verify=False)


def ref(dataset: str) -> DatasetRef:
    """A dataset by its id."""
    return DatasetRef(Address("acme", dataset[:4]), dataset)
