"""Every endpoint of Domo that the sandbox answers, and the worlds that have it."""

from __future__ import annotations

from reconciler.sandbox.domo import (
    create,
    executions,
    history,
    metadata,
    owner,
    permissions,
    principals,
    schema,
    streams,
    tags,
    versions,
)
from reconciler.sandbox.routing import Route
from reconciler.sandbox.world import World

_V2 = "/api/data/v2/datasources"
_V3 = "/api/data/v3/datasources"
_STREAMS = "/api/data/v1/streams"
_QUERY = "/api/query/v1/datasources"
_TAGS = "/api/data/ui/v3/datasources/{id}/tags"


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
    Route("POST", _V2, create.post_dataset),
    Route("GET", _V2 + "/{id}", metadata.get_details),
    Route("POST", _V2 + "/{id}/schemas", schema.post_schema),
    Route("GET", _QUERY + "/{id}/schema/indexed", schema.get_indexed),
    Route("POST", _TAGS, tags.post_tags),
    Route("GET", "/api/content/v1/datasources/{id}/cards", metadata.get_cards),
    Route("POST", _STREAMS, streams.post_stream),
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
    # Live instances (notes 1.8, 1.9, 1.12, 3)
    Route("GET", _V2 + "/{id}/schemas/latest", schema.get_latest, observed),
    Route("PUT", _V2 + "/{id}/responsibleUsers", owner.put_responsible, observed),
    Route("PUT", _V3 + "/{id}/providers/{type}", metadata.put_provider, observed),
    Route("GET", _V3 + "/{id}/permissions/currentUser", permissions.get_current_user, observed),
    Route("GET", _STREAMS + "/{id}/executions", executions.get_executions, observed),
    Route("PUT", _STREAMS + "/{id}/executions/{execution}/abort", executions.put_abort, observed),
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
