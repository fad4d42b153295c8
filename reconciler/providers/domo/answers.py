"""What Domo answers around a dataset: history, runs, cards."""

from .wire import Id, Wire


class CardOwner(Wire):
    """One owner of a card."""

    id: Id
    type: str = "USER"
    display_name: str | None = None


class Card(Wire):
    """A card that reads the dataset (002, Get Cards for a Dataset ID); which columns it reads is not told."""

    id: Id
    title: str = ""
    owners: tuple[CardOwner, ...] = ()


class Run(Wire):
    """One run of a stream (002, Stream Execution History); its times are seconds, perhaps with a fraction."""

    execution_id: Id
    current_state: str
    started_at: int | float | None = None
    ended_at: int | float | None = None


class Changed(Wire):
    """One change of a dataset (002, Get Dataset History)."""

    timestamp: str
    action: str
    user: Id
    details: str = ""


class Changes(Wire):
    """Document 002, Get Dataset History: `{"changes": […]}`."""

    changes: tuple[Changed, ...]


class Audit(Wire):
    """One entry of the audit log (notes 3); `time` is in milliseconds."""

    action_type: str
    object_id: Id
    user_id: Id
    time: int | float
    event_text: str = ""
