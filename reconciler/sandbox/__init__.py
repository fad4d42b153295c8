"""An island that emulates the vendors' HTTP APIs, for the demo and the tests.

It imports nothing of this package outside itself and nothing but the standard library, so that it can agree with the
product only where both agree with the vendor. `Sandbox().serve()` listens on loopback:

    exchange   one request and its answer        routing   routes as data
    server     HTTP/1.1 on a socket              store     documents and the log of requests, in SQLite
    world      how live instances differ         faults    what networks do to a client
    seeding    where a seed is wrong             domo/     a vendor: a file per subject
    sandbox    puts the above together
"""

from reconciler.sandbox.faults import Faults
from reconciler.sandbox.sandbox import Sandbox, documents_seed
from reconciler.sandbox.seeding import SeedError
from reconciler.sandbox.store import StateError
from reconciler.sandbox.world import DOCUMENTED, OBSERVED, World

__all__ = ["DOCUMENTED", "OBSERVED", "Faults", "Sandbox", "SeedError", "StateError", "World", "documents_seed"]
