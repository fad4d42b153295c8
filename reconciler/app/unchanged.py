"""A workspace of which everything is known already: found valid without reading a manifest, or importing a model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from reconciler.manifests.cache import Cache, Fact, Memory
from reconciler.manifests.files import is_folder, link_to, on_disk, only_datasets


def unchanged(root: Path, caches: Path | None) -> int | None:
    """How many manifests a workspace holds in which nothing is wrong; None where that takes reading them.

    Args:
        root: the workspace's folder.
        caches: where what was found before is kept, if that may be used.
    """
    if caches is None or link_to(root) or not is_folder(root):
        return None
    files = list(on_disk(root))
    memory = Memory(Cache(caches, root), (file for file in files if not only_datasets(file)))
    facts = [memory.recall(file) for file in files if only_datasets(file)]
    known = [fact for fact in facts if fact is not None]
    # Whether a dataset that has no id can be created shows only beside its target.
    unborn = any(fact.id is None for fact in known)
    if memory.quiet is None or len(known) < len(facts) or unborn or _repeated(known):
        return None
    return memory.quiet + len(known)


def _repeated(facts: Iterable[Fact]) -> bool:
    """Whether two manifests claim to be of one dataset."""
    names = Counter((fact.target, fact.name) for fact in facts)
    numbers = Counter((fact.target, fact.id) for fact in facts if fact.id is not None)
    return any(count > 1 for counts in (names, numbers) for count in counts.values())
