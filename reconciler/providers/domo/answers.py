"""What Domo answers where no facet is read: history, runs, cards, partitions, users, groups, uploads, rows."""

from pydantic import AliasChoices, Field

from .wire import Count, Id, Metadata, Wire


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


class Tag(Wire):
    """One partition's tag, as `GET …/partition` tells it, whether it has data or not (002, GET Partition List)."""

    partition_id: Id
    date_completed: str | None = None


class Partition(Tag):
    """One partition that has data (notes 1.18); which, it has to say: else its data would count beside it."""

    data_id: Id
    row_count: Count | None = None


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


class Bulked(Wire):
    """Datasets that were asked for by id (notes 3, Listing)."""

    data_sources: tuple[Metadata, ...]


class Member(Wire):
    """A user (notes 3, Principals)."""

    id: Id
    display_name: str | None = None
    email_address: str | None = None
    active: bool | None = None


class Found(Wire):
    """A page of users that were searched for."""

    users: tuple[Member, ...]
    count: int | None = None


class Team(Wire):
    """A group (notes 3, Principals)."""

    id: Id = Field(validation_alias=AliasChoices("groupId", "id"))
    name: str | None = None
    member_count: int | None = None


class Upload(Wire):
    """An upload that was opened (002, Upload CSV, Stage 1)."""

    upload_id: Id


class Rows(Wire):
    """Columns and rows (002, Query with SQL; Get Dataset Data)."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
