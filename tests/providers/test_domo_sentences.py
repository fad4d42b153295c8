"""Each refusal and each fault says one sentence about what happened, and one about what to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.core.changes import Add
from reconciler.core.plan import Step
from reconciler.core.ports import ProviderError
from reconciler.facets.schema import Column
from reconciler.providers.domo.client.everything import Everything
from reconciler.providers.domo.session import Session
from tests.providers.connected import CLIENTS, ROLES, Bench, Start, ref

ACCESS = f"/api/data/v3/datasources/{ROLES}/permissions"
SCHEMAS = f"/api/data/v2/datasources/{CLIENTS}/schemas"
BROKEN = "A proxy, a sign-in page or an allow-list of addresses may stand between; open the url in a browser."


def as_somebody(token: str) -> Callable[[Bench], object]:
    def act(bench: Bench) -> object:
        return Bench.connect(bench.sandbox, bench.url, "read", token).read(ROLES, "permissions")

    return act


def busy(bench: Bench) -> object:
    """Write a schema while a version is being processed."""
    dataset = bench.sandbox.snapshot()["domo"]["dataset"][CLIENTS]
    version = {"dataId": 9, "uploadStatus": "processing", "recordedDate": "2026-01-01T00:00:00Z"}
    seeded = {**dataset["metadata"], "permissions": [], "schema": dataset["schema"], "versions": [version]}
    bench.sandbox.seed({"domo": {"datasets": [seeded]}})
    found = bench.read(CLIENTS, "schema").facets["schema"]
    column = Column("new", "LONG")
    step = Step(ref(CLIENTS).address.of("schema"), "alter", (Add(column),), (*found.elements, column))
    bench.session.write(ref(CLIENTS), step, found)
    return None


def beyond(bench: Bench) -> object:
    """Ask for a page that cannot be."""
    assert isinstance(bench.session, Session)
    return Everything(bench.session._api.http).page_of_partitions(CLIENTS, -1, 10)  # noqa: SLF001 - no facet asks for such a page


REFUSED: dict[str, tuple[Callable[[Bench], object], str, str]] = {
    "wrong token": (
        as_somebody("expired"),
        f"the token of target acme was refused (401 at GET {ACCESS})",
        "It may have expired, or belong to another instance; `reconciler doctor` tells where it comes from.",
    ),
    "no right": (
        as_somebody("viewer-token"),
        f"the token of target acme has no right to GET {ACCESS} (403)",
        "Give its user that right on the dataset, or use the token of somebody who has it.",
    ),
    "gone": (
        lambda bench: bench.read("no-such-dataset", "permissions"),
        "target acme has nothing at GET /api/data/v3/datasources/no-such-dataset, or the token may not see it (404)",
        "Check the dataset's id, and that the token's user may see the dataset.",
    ),
    "conflict": (
        busy,
        f"target acme reports a conflict at POST {SCHEMAS} (409): A data version is being processed",
        "Somebody may have changed it: plan again.",
    ),
    "range": (
        beyond,
        f"target acme cannot satisfy the range of POST /api/query/v1/datasources/{CLIENTS}/partition/list (416)",
        "The data changed meanwhile: plan again.",
    ),
}

FAULTS: dict[str, tuple[str, str]] = {
    "429": (
        f"target acme is asked too fast (429 at GET {ACCESS})",
        "Lower requestsPerSecond of target acme, or try again later.",
    ),
    "500": (f"target acme failed at GET {ACCESS} (500)", "Try again later."),
    "503": (f"target acme failed at GET {ACCESS} (503)", "Try again later."),
    "html": (f"target acme answered GET {ACCESS} with a web page", BROKEN),
    "truncated": (f"target acme answered GET {ACCESS} with something that is not JSON", BROKEN),
    "empty": (f"target acme answered GET {ACCESS} with nothing", BROKEN),
    "gzip": (
        f"the connection to target acme broke: GET {ACCESS}",
        "Try again; nothing is known about this request.",
    ),
    "reset": (
        f"the connection to target acme broke: GET {ACCESS}",
        "Try again; nothing is known about this request.",
    ),
    "lost": (
        f"the connection to target acme broke: GET {ACCESS}",
        "Try again; nothing is known about this request.",
    ),
    "cut": (
        f"the connection to target acme broke: GET {ACCESS}",
        "Try again; nothing is known about this request.",
    ),
    "short": ("the access list has 1 of 2 user entries", "Nothing was concluded from a part of it. Try again."),
}
"""What a fault that does not go away says."""


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_says_what_happened_and_what_to_do(bench: Bench, name: str) -> None:
    """Domo's own words come along where it has some."""
    act, summary, hint = REFUSED[name]
    with pytest.raises(ProviderError) as caught:
        act(bench)
    assert (caught.value.summary, caught.value.hint) == (summary, hint)
    assert not caught.value.uncertain


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_that_stays_says_what_happened_and_what_to_do(start: Start, kind: str) -> None:
    """After as many attempts as can do no harm."""
    bench = start()
    bench.sandbox.faults.script("GET", ACCESS, kind, times=100)
    with pytest.raises(ProviderError) as caught:
        bench.read(ROLES, "permissions")
    assert (caught.value.summary, caught.value.hint) == FAULTS[kind]
