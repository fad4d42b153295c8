"""Every endpoint of Domo that the sandbox answers, and the worlds that have it."""

from __future__ import annotations

from reconciler.sandbox.domo import (
    bulk,
    create,
    definitions,
    executions,
    history,
    indexes,
    listing,
    metadata,
    owner,
    partitions,
    permissions,
    principals,
    query,
    schema,
    stream_lists,
    streams,
    tags,
    uploads,
    versions,
)
from reconciler.sandbox.routing import Route
from reconciler.sandbox.world import World

_V2 = "/api/data/v2/datasources"
_V3 = "/api/data/v3/datasources"
_STREAMS = "/api/data/v1/streams"
_QUERY = "/api/query/v1/datasources"
_UI = "/api/data/ui/v3/datasources"
_TAGS = _UI + "/{id}/tags"
_BULK = "/api/data/v1/ui/bulk"


def documented(world: World) -> bool:
    """In the documents, and not known from live instances (notes 0)."""
    return world.endpoints != "observed"


def observed(world: World) -> bool:
    """Known from live instances, and not in the documents."""
    return world.endpoints != "documented"


def permissions_put(world: World) -> bool:
    """Where access lists can be PUT at all."""
    return world.permissions_put != "absent"


ROUTES: tuple[Route, ...] = (
    # Document 000
    Route("GET", _V2 + "/{id}/dataversions", versions.get_versions),
    Route("DELETE", _V2 + "/{id}/dataversions", versions.delete_versions),
    # Documents 002 and 003
    Route("GET", _V3 + "/{id}", metadata.get_metadata),
    Route("PUT", _V3 + "/{id}/properties", metadata.put_properties),
    Route("GET", _V3 + "/{id}/permissions", permissions.get_permissions),
    Route("PUT", _V3 + "/{id}/permissions", permissions.put_permissions, permissions_put),
    Route("DELETE", _V3 + "/{id}/permissions/{type}/{principal}", permissions.delete_permission),
    Route("POST", _V3 + "/{id}/share", permissions.post_share),
    Route("GET", _V3 + "/{id}/dataversions/details", versions.get_version_details),
    Route("POST", _V3 + "/{id}/uploads", uploads.post_upload),
    Route("PUT", _V3 + "/{id}/uploads/{upload}/parts/{part}", uploads.put_part),
    Route("PUT", _V3 + "/{id}/uploads/{upload}/commit", uploads.put_commit),
    Route("POST", _V3 + "/{id}/indexes", indexes.post_index),
    Route("GET", _V3 + "/{id}/indexes/{index}/statuses", indexes.get_status),
    Route("POST", _V2, create.post_dataset),
    Route("GET", _V2 + "/{id}", metadata.get_details),
    Route("POST", _V2 + "/{id}/schemas", schema.post_schema),
    Route("GET", _QUERY + "/{id}/schema/indexed", schema.get_indexed),
    Route("GET", _QUERY + "/{id}/partition", partitions.get_partitions),
    Route("POST", _QUERY + "/{id}/partition/list", partitions.post_partition_list),
    Route("DELETE", _QUERY + "/{id}/partition/{partition}", partitions.delete_partition),
    Route("DELETE", _QUERY + "/{id}/tag/{partition}/data", partitions.delete_data),
    Route("POST", "/api/query/v1/execute/{id}", query.post_execute),
    Route("POST", "/api/dataprocessing/v2/dataflows/data-version-hydrate", versions.post_hydrate),
    Route("POST", _TAGS, tags.post_tags),
    Route("GET", "/api/content/v1/datasources/{id}/cards", metadata.get_cards),
    Route("POST", _STREAMS, streams.post_stream),
    Route("GET", _STREAMS, stream_lists.get_streams, observed),
    Route("GET", _STREAMS + "/lookup", stream_lists.get_lookup, observed),
    Route("GET", _STREAMS + "/search", stream_lists.get_search, observed),
    Route("GET", _STREAMS + "/bulk", stream_lists.get_bulk, observed),
    Route("GET", _STREAMS + "/{id}", streams.get_stream),
    Route("PUT", _STREAMS + "/{id}", streams.put_stream),
    Route("GET", _STREAMS + "/{id}/history/aggregate", executions.get_history),
    Route("POST", _STREAMS + "/{id}/executions", executions.post_execution),
    # Documents 002 and 003, unknown to live instances
    Route("GET", _TAGS, tags.get_tags, documented),
    Route("DELETE", _TAGS, tags.delete_tags, documented),
    Route("GET", _V3 + "/{id}/owner", owner.get_owner, documented),
    Route("PUT", _V3 + "/{id}/owner", owner.put_owner, documented),
    Route("DELETE", _V3 + "/{id}/USERS/{user}", permissions.delete_user, documented),
    Route("DELETE", _V3 + "/{id}/users", permissions.delete_users, documented),
    Route("GET", _V2 + "/{id}/copy/status", create.get_copy_status, documented),
    Route("GET", _V2 + "/{id}/copy/log", create.get_copy_log, documented),
    Route("GET", _V2 + "/{id}/history", history.get_history, documented),
    Route("PUT", _V3 + "/{id}/indexes/{index}", indexes.put_index, documented),
    Route("POST", _QUERY + "/{id}", indexes.post_index_short, documented),
    Route("GET", _V2 + "/{id}/data", query.get_data, documented),
    Route("PUT", _V2 + "/{id}/data", query.put_data, documented),
    Route("GET", _V2 + "/{id}/query", definitions.get_query, documented),
    Route("PUT", _V2 + "/{id}/query", definitions.put_query, documented),
    Route("GET", _V2 + "/{id}/sql", definitions.get_sql, documented),
    Route("PUT", _V2 + "/{id}/sql", definitions.put_sql, documented),
    Route("GET", _V2 + "/{id}/dataflow", definitions.get_dataflow, documented),
    # Live instances (notes 1.8, 1.9, 1.12, 3)
    Route("GET", _V2 + "/{id}/schemas/latest", schema.get_latest, observed),
    Route("PUT", _V2 + "/{id}/responsibleUsers", owner.put_responsible, observed),
    Route("PUT", _V3 + "/{id}/providers/{type}", metadata.put_provider, observed),
    Route("GET", _V3 + "/{id}/permissions/currentUser", permissions.get_current_user, observed),
    Route("GET", _V3, listing.get_datasets, observed),
    Route("DELETE", _V3 + "/{id}", listing.delete_dataset, observed),
    Route("POST", _V3 + "/bulk", listing.post_bulk, observed),
    Route("GET", _V3 + "/bulk/permissions", listing.get_permissions, observed),
    Route("POST", _V3 + "/bulk/directpermissions", listing.post_permissions, observed),
    Route("POST", _UI + "/search", listing.post_search, observed),
    Route("POST", _UI + "/ownedBy", listing.post_owned_by, observed),
    Route("PUT", _UI + "/ownedBy", listing.put_owned_by, observed),
    Route("PUT", _V2 + "/responsible-user/{user}", listing.put_responsible_for, observed),
    Route("POST", _BULK + "/share", bulk.post_share, observed),
    Route("POST", _BULK + "/tag", bulk.post_tag, observed),
    Route("POST", _BULK + "/tag/delete", bulk.post_tag_delete, observed),
    Route("POST", _BULK + "/reassign", bulk.post_reassign, observed),
    Route("POST", _BULK + "/{action}/check", bulk.post_check, observed),
    Route("POST", _BULK + "/tag/{action}/check", bulk.post_check, observed),
    Route("PUT", _STREAMS + "/{id}/schedule", stream_lists.put_schedule, observed),
    Route("POST", _STREAMS + "/{id}/scheduleState/{state}", stream_lists.post_state, observed),
    Route("POST", _STREAMS + "/scheduleState/bulk/{state}", stream_lists.post_state_bulk, observed),
    Route("GET", _STREAMS + "/{id}/executions", executions.get_executions, observed),
    Route("PUT", _STREAMS + "/{id}/executions/{execution}/abort", executions.put_abort, observed),
    Route("GET", "/api/content/v2/users", principals.get_users, observed),
    Route("GET", "/api/content/v2/users/me", principals.me, observed),
    Route("GET", "/api/content/v2/users/{user}", principals.get_user, observed),
    Route("GET", "/api/content/v2/users/{user}/groups", principals.groups_of_user, observed),
    Route("GET", "/api/content/v3/users", principals.get_users, observed),
    Route("GET", "/api/content/v3/users/{user}", principals.get_user, observed),
    Route("POST", "/api/identity/v1/users/search", principals.search_users, observed),
    Route("GET", "/api/content/v2/groups/grouplist", principals.get_groups, observed),
    Route("GET", "/api/content/v2/groups/{group}", principals.get_group, observed),
    Route("GET", "/api/audit/v1/user-audits", history.get_audits, observed),
)
