"""When no further step is begun, and what is named as the reason."""

from __future__ import annotations

import threading

from reconciler.core.address import Address
from reconciler.core.plan import Step
from reconciler.execution import Brake, Failed

NOTHING = {"acme": None, "vision": None}


def failed(name: str, code: str = "refused", *, whole: bool = False) -> Failed:
    return Failed(Step(Address("acme", name).of("tags"), "tag", (), ()), code, "no", whole=whole)


def reasons(brake: Brake, *, begun: bool = False) -> dict[str, str | None]:
    return {target: brake.reason(target, begun=begun) for target in NOTHING}


def test_a_failure_of_one_dataset_stops_no_other() -> None:
    """Its own steps know by themselves what they need."""
    brake = Brake(threading.Event())
    brake.feel(failed("orders"))
    assert reasons(brake) == NOTHING


def test_a_target_that_failed_as_a_whole_is_left_alone_and_its_first_failure_is_named() -> None:
    """Datasets that are begun go on, and so do other targets."""
    brake = Brake(threading.Event())
    for name in ("orders", "clients"):
        brake.feel(failed(name, whole=True))
    assert reasons(brake) == {"acme": "acme/orders.tags#tag", "vision": None}
    assert reasons(brake, begun=True) == NOTHING


def test_with_keep_going_only_the_journal_stops_anything() -> None:
    """Nothing is sent that is not in it, whatever was asked for."""
    brake = Brake(threading.Event(), keep_going=True)
    brake.feel(failed("orders", whole=True))
    assert reasons(brake) == NOTHING
    brake.feel(failed("clients", "journal-failed"))
    assert reasons(brake) == dict.fromkeys(NOTHING, "acme/clients.tags#tag")


def test_the_first_reason_to_stop_everything_stays_the_named_one() -> None:
    """It comes before a target's own reason and before an interruption, also for what is begun."""
    stop = threading.Event()
    brake = Brake(stop)
    brake.feel(failed("orders", whole=True))
    stop.set()
    assert reasons(brake) == {"acme": "acme/orders.tags#tag", "vision": "interrupted"}
    assert reasons(brake, begun=True) == dict.fromkeys(NOTHING, "interrupted")
    brake.hold("the lock is gone")
    brake.feel(failed("clients", "journal-failed"))
    for begun in (False, True):
        assert reasons(brake, begun=begun) == dict.fromkeys(NOTHING, "the lock is gone")
