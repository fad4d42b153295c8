"""What Domo answers: every documented and every observed shape, brought to one.

Fields that are not named here are kept, and so is the answer itself (`FacetState.raw`): a write gives it back.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, TypeAlias

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from reconciler.core.ports import ProviderError
from reconciler.providers.http import Number, embedded
from reconciler.providers.understanding import understand


def _id(value: object) -> object:
    # Ids are numbers in streams, strings in access lists, and both in lists of versions (documents 000 and 002).
    if isinstance(value, Number):
        return value.spelling
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Id: TypeAlias = Annotated[str, BeforeValidator(_id), Field(min_length=1)]


Count: TypeAlias = Annotated[int, Field(ge=-(2**63), lt=2**63)]
"""So many rows or bytes: a LONG, as Domo says. Longer numbers cannot always be printed."""


def _told(value: object) -> int | None:
    # For want of a number of rows, nothing else of a dataset may be unreadable: it is as if that were not told.
    found = re.fullmatch(r"\d{1,18}", str(value))
    return int(found[0]) if found else None


class Wire(BaseModel):
    """A JSON object of Domo's."""

    model_config = ConfigDict(extra="allow", frozen=True, alias_generator=to_camel, defer_build=True)


class Party(Wire):
    """A user or a group as an owner: `{"id", "name", "type", "group"}`."""

    id: Id
    type: str | None = None
    name: str | None = None
    group: bool = False

    @property
    def kind(self) -> str:
        """USER or GROUP."""
        return self.type or ("GROUP" if self.group else "USER")


class OwnerAnswer(Wire):
    """Document 002, Get Dataset Owner: `{"owner": {…}}`."""

    owner: Party


class Metadata(Wire):
    """A dataset's metadata, as far as it is needed."""

    id: Id
    name: str = ""
    description: str | None = None
    data_provider_type: str | None = None
    owner: Party | None = None
    tags: object = None
    """Absent in the documents' examples; observed as a list encoded in a string."""
    stream_id: Id | None = None
    """Absent when no connector fills the dataset."""
    row_count: Annotated[int | None, BeforeValidator(_told)] = None
    """How many rows queries see."""


class Bulked(Wire):
    """Datasets that were asked for by id (notes 3, Listing)."""

    data_sources: tuple[Metadata, ...]


class Entry(Wire):
    """One entry of an access list."""

    data_source_id: Id | None = None
    """Only where the entries of several datasets come together (notes 3)."""
    id: Id
    type: str
    access_level: str
    name: str | None = None


class AccessList(Wire):
    """An access list: under `list` (002, 003) or under `permissions` (002, Get Dataset Permissions)."""

    entries: tuple[Entry, ...] = Field(validation_alias=AliasChoices("list", "permissions"))
    total_user_count: int | None = None
    total_group_count: int | None = None


class ColumnWire(Wire):
    """One column of a schema."""

    name: str
    type: str
    visible: bool = True


class Execution(Wire):
    """One run of a stream, as far as it is needed; its times are seconds, perhaps with a fraction (notes 1.13)."""

    update_method: str | None = None
    started_at: str | int | float | None = None
    ended_at: str | int | float | None = None


class Stream(Wire):
    """A stream, as far as it is needed."""

    id: Id
    update_method: str | None = None
    last_successful_execution: Execution | None = None
    advanced_schedule_json: str | None = None
    schedule_state: str | None = None
    schedule_expression: str | None = None
    schedule_retry_expression: str | None = None
    schedule_retry_count: int | None = None


class CopyStatus(Wire):
    """Document 002, Get Dataset Copy Status."""

    status: str
    message: str = ""


def names_in(value: object) -> Iterator[tuple[str, str, str]]:
    """Kind, id and name of the parties in an owner or an access list that come with a name."""
    parties = [value] if isinstance(value, Party) else value.entries if isinstance(value, AccessList) else ()
    for party in parties:
        if party.name:
            yield (party.kind if isinstance(party, Party) else party.type), party.id, party.name


def tags_of(value: object) -> tuple[str, ...]:
    """The tags in any of their forms: `{"tags": …}`, a list, a list encoded in a string, "" or nothing.

    Raises:
        ProviderError: in none of them.
    """
    if isinstance(value, Mapping):
        value = value.get("tags")
    if isinstance(value, str):
        try:
            value = embedded(value) if value.strip() else ()
        except ValueError:
            value = {"tags": value}
    return understand(tuple[str, ...], () if value is None else value, "the list of tags")


def columns_of(value: object) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """The object that holds a schema's `columns`, and the answer around it.

    `{"tables": [{"columns"}]}` (002, Get Dataset Schema) or `{"schema": {"columns"}}` (notes 1.9).

    Raises:
        ProviderError: in neither form.
    """
    answer = understand(dict[str, object], value, "the schema")
    if "schema" in answer:
        return understand(dict[str, object], answer["schema"], "the schema"), answer
    tables = understand(list[dict[str, object]], answer.get("tables"), "the schema")
    if len(tables) > 1:
        raise ProviderError("the schema came in several tables, which this version does not know")
    return (tables[0] if tables else {"columns": []}), answer
