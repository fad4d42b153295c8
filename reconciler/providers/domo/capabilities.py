"""What Domo can be asked for, known without asking it."""

from __future__ import annotations

from reconciler.core.ports import OWNER, Capabilities

CAPABILITIES = Capabilities(
    facets=frozenset({"properties", "schema", "definition", "tags", "permissions", "owner", "schedule", "retention"}),
    refusals={"versions": "Domo makes a version of each upload, and nobody can declare one"},
    levels=("CAN_VIEW", "CAN_SHARE", "CAN_EDIT", "CO_OWNER"),
    managing_levels=frozenset({OWNER, "CO_OWNER"}),
    # Unverified at live instances (notes 1.12); the access list is read again after a hand-over.
    former_owner_level="CO_OWNER",
    column_types=("STRING", "DECIMAL", "LONG", "DOUBLE", "DATE", "DATETIME"),
    creates=True,
    created_with=("schema",),
    # Document 002, Delete Partition Tag: "the 400-partition limit in Magic 2.0".
    most_partitions=400,
    # Seen in document 002's stream, and left by the usual scripts when a dataset changes hands (notes 1.7).
    generated_tags=("s_*", "udt_*", "um_*", "From *"),
)
