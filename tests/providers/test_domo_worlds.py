"""Whatever combination of readings a server follows: one write reaches the desired state and touches nothing else."""

from __future__ import annotations

from typing import get_args, get_origin, get_type_hints

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.facets.permissions import Grant
from reconciler.sandbox import Sandbox, World, documents_seed
from tests.providers.connected import ADMIN, CLIENTS, COVID, Bench
from tests.providers.samples import DESIRED

# Where neither the metadata nor an endpoint of its own tells the tags, or the owner, nothing could be read at all.
FIXED = {"blocked", "work_seconds", "metadata_tags", "metadata_owner", "shuffle"}
HINTS = get_type_hints(World)
SWITCHES = {
    name: st.sampled_from(get_args(hint))
    for name, hint in HINTS.items()
    if get_origin(hint) is not None and name not in FIXED
}
WORLDS = st.builds(
    World,
    **SWITCHES,
    metadata_tags=st.sampled_from(["string", "list"]),
    shuffle=st.integers(0, 9),
)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(WORLDS)
def test_every_world_converges(world: World) -> None:
    """Six facets, written once each, read as desired; a second dataset is as it was."""
    sandbox = Sandbox(world=world)
    sandbox.seed(documents_seed())
    other = sandbox.snapshot()["domo"]["dataset"][CLIENTS]
    with sandbox.serve() as server:
        bench = Bench.connect(sandbox, server.url, "write")
        for facet, states in DESIRED.items():
            live = bench.elements(COVID, facet)
            own = [grant for grant in live if isinstance(grant, Grant) and grant.access == "OWNER"]
            desired = (*own, *states[0])
            bench.write(COVID, facet, *desired)
            assert set(bench.elements(COVID, facet)) == set(desired), facet
        bench.session.close()
    assert sandbox.snapshot()["domo"]["dataset"][CLIENTS] == other
    assert ADMIN.id not in str(sandbox.snapshot()["domo"]["dataset"][COVID]["permissions"])
    sandbox.close()
