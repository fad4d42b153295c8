"""A served sandbox for a test, with the documents' examples in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from reconciler.sandbox import DOCUMENTED, Sandbox, World, documents_seed
from tests.sandbox.served import Client, Serve, connect


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Make a sandbox of some world and hand out its client."""
    with ExitStack() as stack:

        def start(world: World = DOCUMENTED, **options: Any) -> Client:
            sandbox = Sandbox(world=world, **options)
            sandbox.seed(documents_seed())
            server = stack.enter_context(sandbox.serve())
            return stack.enter_context(connect(sandbox, server.url, "sandbox-token"))

        yield start


@pytest.fixture
def domo(serve: Serve) -> Client:
    """Domo as documented, to the governance bot."""
    return serve()
