"""Creating a dataset: sent anew only when reading shows that it was not made, and never beside one nobody knew of."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from reconciler.core.address import Address
from reconciler.core.changes import Elements
from reconciler.core.plan import Step
from reconciler.core.ports import ProviderError, Writer

from .journal import Journal
from .outcomes import INTERRUPTED, Failed
from .recognizing import Sent, Sought, sought

TOO_EARLY = 5.0
"""Seconds after which a request that is still on its way, or a list that lags, is no longer reckoned with."""
MOST_CREATIONS = 3
"""How often a creation is sent that reading has shown not to have taken place."""

Unreckoned: TypeAlias = Callable[[Address, Iterable[str]], Sequence[str]]
"""Of the ids of datasets that have a name: those of which nobody knew when one of that name was to be created."""


def every(address: Address, ids: Iterable[str]) -> Sequence[str]:
    """No dataset of that name was known."""
    del address
    return sorted(ids)


class Nursery(Struct, frozen=True):
    """What is known of a target where datasets are created."""

    newborn: Mapping[str, Elements] = field(default_factory=dict)
    """What a dataset looks like that the token has just created, by facet."""
    unreckoned: Unreckoned = every


NOBODY = Nursery()
"""Nothing is known: what is not answered is not recognized."""


def create(step: Step, writer: Writer, journal: Journal, nursery: Nursery, stop: threading.Event) -> str | Failed:
    """The id of the dataset that is created, or found again where an answer was lost; or why there is none.

    Args:
        step: what is to be created.
        writer: a session with its target.
        journal: takes each intent before it is sent.
        nursery: what is known of the target.
        stop: set when nothing is to be sent any more; what was sent is looked for all the same.

    Raises:
        ProviderError: nothing was sent, for nobody knows what has its name.
        JournalError: it cannot be noted, so it was not sent.
    """
    # Should the answer be lost, a new dataset is told from those that had this name before.
    known = writer.named(step.address.dataset)
    if others := nursery.unreckoned(step.address.whole, known or ()):
        summary = f"a dataset of this name is there by now, with id {', '.join(others)}"
        return Failed(step, "moved-since-plan", summary, "Nothing was created. Plan again.")
    for tries_left in reversed(range(MOST_CREATIONS)):
        journal.intent(step, known=known)
        try:
            return writer.create(step)
        except ProviderError as error:
            if not error.uncertain:
                return _sent(step, error)
            with writer.settling():
                found = _looked_for(step, writer, known, nursery)
            if found.doubt is not None or (found.id is None and not tries_left):
                return _sent(step, _doubted(error, found))
            failure = error.summary
        if found.id is not None:
            return found.id
        journal.note("not-made", {"dataset": str(step.address.whole)})
        if stop.is_set():
            summary = f"it was to end before the creation was sent anew: {failure}"
            return Failed(step, INTERRUPTED, summary, "Nothing was created.", before=())
    raise AssertionError


def _looked_for(step: Step, writer: Writer, known: Sequence[str] | None, nursery: Nursery) -> Sought:
    """The dataset whose creation was not answered; what is not there, or not as it was sent, may yet come."""
    address, sent = step.address.whole, Sent(step.address.facet, step.desired)
    first = sought(writer, address, known, sent, nursery.newborn)
    if (first.id is None) != (first.doubt is None):
        return first
    # Whoever asks to end waits for that, too: it is short, and else nobody would know.
    time.sleep(TOO_EARLY)
    return sought(writer, address, known, sent, nursery.newborn)


def _sent(step: Step, error: ProviderError) -> Failed:
    """A creation that `error` kept from being done; before it there was nothing."""
    return replace(Failed.of(step, error), before=())


def _doubted(error: ProviderError, found: Sought) -> ProviderError:
    """`error`, with why reading does not settle it, if it does not."""
    if found.doubt is None:
        return error
    hint = "Plan again: it says how that is settled." if found.id else error.hint
    return ProviderError(f"{error.summary}; {found.doubt}", hint=hint, uncertain=True, whole=error.whole)
