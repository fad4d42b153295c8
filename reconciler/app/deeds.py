"""What an apply did, as far as anybody knows: from its outcomes."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from reconciler.execution import Applied, Failed, Outcome
from reconciler.planning.undo import Deed, Doubt

UNREAD = "nobody knows what of this took effect"


class Account(Struct, frozen=True):
    """What is known of a step."""

    deeds: tuple[Deed, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def account(outcome: Outcome) -> Account:
    """What is known of a step that ended with `outcome`; one that failed may have taken effect in part."""
    step = outcome.step
    match outcome:
        case Applied(before=before, after=after) if after is not None:
            if outcome.already or outcome.created is not None:
                return Account((Deed(step, before or (), after, done=not outcome.already),))
            return Account((Deed.of(step, before or (), after),))
        case Failed(before=before, after=after) if before is not None:
            if after is None:
                return Account(doubts=(Doubt(step, UNREAD),) if outcome.uncertain else ())
            doubts = [*Doubt.of_strayed(step, before, after)]
            if outcome.unread:
                doubts.append(Doubt(replace(step, changes=outcome.unread), UNREAD))
            return Account((Deed.of(step, before, after),), tuple(doubts))
        case _:
            return Account()
