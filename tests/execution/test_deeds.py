"""What is known of a step that killed applies began."""

from __future__ import annotations

from reconciler.app.deeds import KILLED, UNREAD, Account, Attempt, Killed, account
from reconciler.core.address import Address
from reconciler.core.changes import Add
from reconciler.core.plan import Step
from reconciler.execution import Applied, Failed, Skipped
from reconciler.facets.tags import Tag
from reconciler.planning.deeds import Deed, Doubt

A, B, C, OLD, OTHER = (Tag(name) for name in ("a", "b", "c", "old", "other"))
STEP = Step(Address("acme", "orders", "tags"), "tag", (Add(A), Add(B), Add(C)), (A, B, C, OLD))


def part(*tags: Tag) -> Step:
    return Step(STEP.address, STEP.verb, tuple(map(Add, tags)), STEP.desired)


def test_what_somebody_else_changed_since_is_no_part_of_it() -> None:
    """One tag was ours; another came by somebody else, and one that had nothing to do with it went."""
    found = (A, B, OTHER)
    killed = Killed(STEP, [Attempt((OLD,), (A, OLD), settled=True)])
    now = Applied(part(C), before=found, after=(*found, C))
    assert account(now, killed) == Account(
        (Deed(part(A), (B, OTHER), (*found, C), done=True), Deed(part(C), found, (*found, C), done=True))
    )


def test_what_was_read_back_is_known_of_an_attempt_whose_end_is_not() -> None:
    """The rest of what is there by now may have come of it later."""
    killed = Killed(STEP, [Attempt((), (A,), settled=False)])
    known = account(Applied(STEP, already=True, before=(A, B, C), after=(A, B, C)), killed)
    assert ([deed.step for deed in known.deeds if deed.done], known.doubts) == (
        [part(A)],
        (Doubt(part(B, C), KILLED),),
    )


def test_a_step_that_was_not_looked_at_again_is_as_it_was_left() -> None:
    """It was not begun, for another one failed; or it could not be read."""
    killed = Killed(STEP, [Attempt((), (A,), settled=True)])
    expected = Account((Deed(part(A), (), (A,), done=True),))
    assert account(Skipped(STEP, "interrupted"), killed) == expected
    assert account(Failed(STEP, "refused", "it could not be read"), killed) == expected
    unread = Killed(STEP, [Attempt((), None, settled=False)])
    assert account(Skipped(STEP, "interrupted"), unread) == Account((), (Doubt(STEP, UNREAD),))
