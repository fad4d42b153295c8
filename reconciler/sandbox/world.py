"""Which of its possible worlds the sandbox plays: one switch for each contradiction between documents and practice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints


@dataclass(frozen=True, slots=True)
class World:
    """One consistent reading of the vendors' behaviour. The defaults are what the documents say."""

    # Which endpoints exist: those of documents 000-003, those that live instances are known to have, or all of them.
    endpoints: Literal["documented", "observed", "both"] = "documented"
    # POST of tags: "Adds tags to a dataset" (002) or the complete new set (notes 1.7).
    tags_post: Literal["adds", "replaces"] = "adds"
    # GET of tags: {"tags": [..]} (002), a bare list, or {"tags": "[..]"} with the list encoded in a string.
    tags_read: Literal["object", "list", "string"] = "object"
    # Tags within a dataset's metadata: absent (both examples), a JSON-encoded string (notes 1.1), or a list.
    metadata_tags: Literal["absent", "string", "list"] = "absent"
    # The owner within a dataset's metadata.
    metadata_owner: Literal["present", "absent"] = "present"
    # The key under which an access list answers: `list` (002 first, 003) or `permissions` (002's second half).
    permissions_key: Literal["list", "permissions"] = "list"
    # PUT of permissions: sets the whole list (002), adds to it, takes one entry (notes 1.3), or does not exist.
    permissions_put: Literal["replaces", "merges", "single", "absent"] = "replaces"
    # Whether an access list shows the owner's own entry.
    owner_entry: Literal["listed", "hidden"] = "listed"
    # Whether .../USERS/{id} and .../users also take a group off the list.
    users_path: Literal["users", "groups_too"] = "users"
    # Revoking from somebody who has no access: 404, or a success.
    missing_grant: Literal["refused", "ignored"] = "refused"
    # What the one who hands a dataset over keeps.
    previous_owner: Literal["CO_OWNER", "CAN_EDIT", "removed"] = "CO_OWNER"
    # The type of dataId and schemaId in a list of versions: int (000) or string (notes 1.17).
    version_ids: Literal["int", "string"] = "int"
    # What DELETE of versions does without ?index=.
    index_default: Literal["false", "true"] = "false"
    # Deleting a version that is not there: a success, or 404 for the whole request.
    missing_version: Literal["ignored", "refused"] = "ignored"
    # v3 version details without ?limitToIndexed=: "all data versions" (002) or indexed ones only (notes 1.17).
    limit_to_indexed: Literal["false", "true"] = "false"
    # Body of a successful write: {}, nothing, plain text, or the documents' notation taken at its word.
    write_answer: Literal["json", "empty", "text", "notation"] = "json"
    # Body of a successful stream write: as any write (002), or the stream (notes 1.13, with 201 for a POST).
    stream_answer: Literal["nothing", "stream"] = "nothing"
    # PUT of a stream: fields that are not sent are lost, or kept.
    stream_put: Literal["replaces", "merges"] = "replaces"
    # GET of a stream without ?fields=all: the whole document, or the seven fields of the vendor's specification.
    stream_fields: Literal["all", "asked"] = "all"
    # Times the server writes into streams: whole seconds, or seconds with a fraction.
    stream_times: Literal["int", "float"] = "int"
    # The query parameter that asks for parts of the metadata: `part` (002) or `requestedParts` (003's table).
    parts: Literal["part", "requestedParts", "both"] = "part"
    # PUT of properties with a name and no description: the description stays, or goes.
    missing_description: Literal["kept", "cleared"] = "kept"
    # When a written schema shows in /schema/indexed.
    schema_visible: Literal["at_once", "after_index"] = "at_once"
    # GET of v2 details: the flat object of 002, or the nested one of notes 1.19.
    details_shape: Literal["flat", "nested"] = "flat"
    # POST of uploads with rows in its body: appends them (002), or only opens an upload (notes 1.14).
    append_row: Literal["appends", "opens"] = "appends"
    # REPLACE with no rows: takes the place of what was live, or leaves it as it was (notes 4.13).
    empty_replace: Literal["empties", "leaves"] = "empties"
    # Answer of a SQL query: columns and rows (002), or a list of objects (003).
    sql_answer: Literal["object", "rows"] = "object"
    # Every request answers 200 with the page of an address that is not allowed.
    blocked: Literal["no", "yes"] = "no"
    # Clarifai: keys of a request that its protocol does not have (`name`, `dataset_filter` in 004).
    clarifai_unknown_keys: Literal["kept", "dropped", "refused"] = "kept"
    # Clarifai: HTTP status of the codes whose status nobody has recorded (Clarifai notes 1).
    clarifai_http: Literal["conventional", "400", "200"] = "conventional"
    # Clarifai: the code for an id that is taken.
    clarifai_duplicate: Literal["40010", "11102"] = "40010"
    # Clarifai: a deletion one of whose versions cannot go leaves all of them, or takes the others.
    clarifai_delete: Literal["atomic", "partial"] = "atomic"
    # Clarifai: deleting a version that is being made, exported, or was made for a model: done, or 64030.
    clarifai_used: Literal["allowed", "refused"] = "allowed"
    # Clarifai: requests a second that a user may send before 11005 (the vendor's limit is 15); 0 stands for no limit.
    clarifai_throttle: int = 0
    # How long the server takes to index, to copy, or to make a version.
    work_seconds: float = 0.0
    # Lists without a promised order come in another order at each request; 0 keeps the order of insertion.
    shuffle: int = 0

    def __post_init__(self) -> None:
        """Refuse a value that no reading has."""
        for name, allowed in choices().items():
            value = getattr(self, name)
            if allowed and value not in allowed:
                message = f"world: {name} is one of {', '.join(allowed)}, not {value!r}"
                raise ValueError(message)

    @classmethod
    def parse(cls, text: str) -> World:
        """The world named on a command line: `observed`, or `documented,tags_post=replaces,shuffle=7`."""
        first, *rest = [part.strip() for part in text.split(",") if part.strip()] or ["documented"]
        if "=" in first:
            rest, first = [first, *rest], "documented"
        if first not in WORLDS:
            message = f"world: {first!r} is neither {' nor '.join(WORLDS)}"
            raise ValueError(message)
        return replace(WORLDS[first], **dict(_switch(part) for part in rest))


def choices() -> Mapping[str, tuple[str, ...]]:
    """Each switch with its values; an empty tuple for one that takes a number."""
    hints = get_type_hints(World)
    return {
        field.name: get_args(hints[field.name]) if get_origin(hints[field.name]) is Literal else ()
        for field in fields(World)
    }


def _switch(text: str) -> tuple[str, Any]:
    name, _, value = text.partition("=")
    if name not in choices():
        message = f"world: there is no switch {name!r}; switches are {', '.join(choices())}"
        raise ValueError(message)
    try:
        return name, {"work_seconds": float, "shuffle": int, "clarifai_throttle": int}.get(name, str)(value)
    except ValueError:
        message = f"world: {name} takes a number, not {value!r}"
        raise ValueError(message) from None


DOCUMENTED = World()

OBSERVED = World(
    endpoints="observed",
    tags_post="replaces",
    metadata_tags="string",
    permissions_put="single",
    version_ids="string",
    index_default="true",
    limit_to_indexed="true",
    write_answer="empty",
    stream_answer="stream",
    stream_put="merges",
    stream_times="float",
    missing_description="cleared",
    schema_visible="after_index",
    details_shape="nested",
    append_row="opens",
    empty_replace="leaves",
    clarifai_unknown_keys="dropped",
)

WORLDS: Mapping[str, World] = {"documented": DOCUMENTED, "observed": OBSERVED}
