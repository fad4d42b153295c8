"""What Domo knows around a dataset: the cards that read it, who changed it, how the runs that fill it went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from reconciler.core.insight import Event, Run
from reconciler.core.plan import Dependent
from reconciler.core.ports import ProviderError
from reconciler.providers.http import Client
from reconciler.providers.moments import moment_of

from .about import about
from .answers import Audit, Card
from .answers import Run as RunAnswer
from .client.around import Around
from .dataset import Dataset

HISTORY, AUDITS = "history", "user-audits"
PAGE = 200
MOST_PAGES = 25
"""An audit log of more than 5,000 entries is not read to its end: what is newest is what matters."""
FINISHED = {"SUCCESS": False, "WARNING": False, "ERROR": True, "INVALID": True}
"""Whether a run that ended so failed (notes 2, execution currentState); in any other state it has not ended."""


def dependents(dataset: Dataset) -> tuple[Dependent, ...]:
    """The cards that read the dataset (002, Get Cards for a Dataset ID)."""
    api = Around(dataset.api.http)
    return tuple(_dependent(card) for card in api.cards(dataset.id))


def _dependent(card: Card) -> Dependent:
    owners = tuple(owner.display_name or f"{owner.type.lower()}:#{owner.id}" for owner in card.owners)
    return Dependent("card", card.id, card.title, owners)


def documented_events(dataset: Dataset) -> tuple[Event, ...] | None:
    """The dataset's own history, newest first; None where the server has none (002, Get Dataset History)."""
    api = Around(dataset.api.http)
    found = dataset.maybe(HISTORY, api.changes)
    if found is None:
        return None
    events = [_event(dataset, _iso(each.timestamp), each.user, each.details) for each in found]
    # Times are whole seconds: among equal ones the order of the list, oldest first in the document, decides.
    return tuple(sorted(events, key=lambda event: event.at)[::-1])


def audits(http: Client, since: datetime, until: datetime) -> tuple[Audit, ...]:
    """What users did to any dataset, newest first (notes 3, Audit)."""
    api, found = Around(http), list[Audit]()
    for page in range(MOST_PAGES):
        entries = api.page_of_audits(_millis(since), _millis(until), page * PAGE, PAGE)
        found += entries
        if len(entries) < PAGE:
            break
    return tuple(found)


def audited_events(dataset: Dataset, log: Sequence[Audit]) -> tuple[Event, ...]:
    """Those entries of the audit log that are about this dataset."""
    return tuple(
        _event(dataset, _sound(moment_of(each.time), each.time), each.user_id, each.event_text or each.action_type)
        for each in log
        if each.object_id == dataset.id
    )


def _event(dataset: Dataset, at: datetime, user: str, what: str) -> Event:
    return Event(at, dataset.principal("USER", user), what, about(what))


def runs(dataset: Dataset, most: int) -> tuple[Run, ...] | None:
    """The latest finished runs of the dataset's stream, newest first; None without a stream."""
    stream = dataset.metadata.stream_id
    if stream is None:
        return None
    api = Around(dataset.api.http)
    # One more than asked for: the first may not have ended.
    found = api.runs(stream, most + 1)
    return tuple(_run(each) for each in found if each.current_state in FINISHED)[:most]


def _run(answer: RunAnswer) -> Run:
    at = answer.ended_at or answer.started_at
    # Times of streams are seconds, those of everything else milliseconds (notes 2).
    return Run(None if at is None else _sound(moment_of(at * 1000), at), FINISHED[answer.current_state])


def _iso(text: str) -> datetime:
    # The document's times have no zone (003, history); the server's other times are UTC.
    return _sound(moment_of(text) or moment_of(f"{text}+00:00"), text)


def _sound(moment: datetime | None, told: object) -> datetime:
    if moment is None:
        raise ProviderError(f"the history has {told!r} where a time should be")
    return moment


def _millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
