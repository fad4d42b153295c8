"""Where what was found about manifests is kept between runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def cache_folder(environ: Mapping[str, str]) -> Path | None:
    """RECONCILER_CACHE, else `reconciler` in the user's cache folder; None when that is empty or there is none."""
    if "RECONCILER_CACHE" in environ:
        return Path(environ["RECONCILER_CACHE"]) if environ["RECONCILER_CACHE"] else None
    caches = environ.get("XDG_CACHE_HOME") or (f"{environ['HOME']}/.cache" if environ.get("HOME") else "")
    return Path(caches, "reconciler") if caches.startswith("/") else None
