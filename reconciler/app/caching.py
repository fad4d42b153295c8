"""Where what was found about manifests is kept between runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def cache_folder(environ: Mapping[str, str], root: Path) -> Path | None:
    """RECONCILER_CACHE, else `reconciler` in the user's cache folder; None when that is empty or there is none.

    None, too, for one that is not absolute, or that is inside the workspace at `root` or its git repository: whoever
    wrote what was checked out could have put it there.
    """
    named = environ.get("RECONCILER_CACHE", _of_user(environ))
    if not named.startswith("/"):
        return None
    checkout = _checkout(root.resolve())
    return None if Path(named).resolve().is_relative_to(checkout) else Path(named)


def _of_user(environ: Mapping[str, str]) -> str:
    caches = environ.get("XDG_CACHE_HOME") or (f"{environ['HOME']}/.cache" if environ.get("HOME") else "")
    return f"{caches}/reconciler" if caches else ""


def _checkout(root: Path) -> Path:
    """The repository that `root` is in; `root` itself when there is none."""
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
