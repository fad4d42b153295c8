"""A sandbox over real HTTP, and a session of the provider with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import stamina

from reconciler.core.ports import Access
from reconciler.sandbox import DOCUMENTED, Faults, Sandbox, World, documents_seed
from tests.providers.connected import Bench, Start


@pytest.fixture(autouse=True)
def _no_backoff() -> Iterator[None]:
    """Retries happen at once, as often as configured."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield


@pytest.fixture
def start() -> Iterator[Start]:
    """Serve a sandbox of some world and connect to it as its administrator."""
    with ExitStack() as stack:

        def begin(world: World = DOCUMENTED, access: Access = "write", faults: Faults | None = None) -> Bench:
            sandbox = Sandbox(world=world, faults=faults)
            sandbox.seed(documents_seed())
            server = stack.enter_context(sandbox.serve())
            bench = Bench.connect(sandbox, server.url, access)
            stack.callback(bench.session.close)
            return bench

        yield begin


@pytest.fixture
def bench(start: Start) -> Bench:
    """Domo as documented."""
    return start()
