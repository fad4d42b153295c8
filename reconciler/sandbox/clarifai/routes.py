"""Every endpoint of Clarifai that the sandbox answers, under the app's path and, for keys of one app, without it."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.sandbox.clarifai import datasets, exports, versions
from reconciler.sandbox.routing import Handler, Route

_DATASETS = "/datasets"
_VERSIONS = "/datasets/{dataset}/versions"


def _both(method: str, path: str, handler: Handler) -> Iterator[Route]:
    """The long and the short form of a path (notes 0)."""
    yield Route(method, "/v2/users/{user}/apps/{app}" + path, handler)
    yield Route(method, "/v2" + path, handler)


ROUTES: tuple[Route, ...] = (
    # Document 004
    *_both("GET", _VERSIONS, versions.get_versions),
    *_both("POST", _VERSIONS, versions.post_versions),
    *_both("PATCH", _VERSIONS, versions.patch_versions),
    *_both("DELETE", _VERSIONS, versions.delete_versions),
    *_both("GET", _VERSIONS + "/{version}", versions.get_version),
    # Notes 1
    *_both("PUT", _VERSIONS + "/{version}/exports", exports.put_exports),
    *_both("GET", _DATASETS, datasets.get_datasets),
    *_both("POST", _DATASETS, datasets.post_datasets),
    *_both("PATCH", _DATASETS, datasets.patch_datasets),
    *_both("DELETE", _DATASETS, datasets.delete_datasets),
    *_both("GET", _DATASETS + "/{dataset}", datasets.get_dataset),
    Route("GET", "/v2/users/{user}/datasets", datasets.get_users_datasets),
)
