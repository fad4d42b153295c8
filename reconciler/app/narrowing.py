"""Which files of two trees a review reads: those that differ, and whatever they could be judged by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from reconciler.manifests import File
from reconciler.manifests.files import only_datasets
from reconciler.planning import DesiredDataset

from .trees import Trees


def narrowed(trees: Trees) -> tuple[Sequence[File], Sequence[File]]:
    """The files that matter: all, when something that datasets share differs; else those that differ or are shared."""
    old, new = ({file.path: file for file in files} for files in (trees.base, trees.head))
    differ = {path for path in {*old, *new} if old.get(path) != new.get(path)}
    if any(not only_datasets(file) for path in differ for file in (old.get(path), new.get(path)) if file):
        return trees.base, trees.head
    shared = {path for path, file in new.items() if path not in differ and not only_datasets(file)}
    base, head = (
        [file for file in files if file.path in differ or file.path in shared] for files in (trees.base, trees.head)
    )
    return base, head


def twins(
    trees: Trees, read: Sequence[File], old: Sequence[DesiredDataset], new: Sequence[DesiredDataset]
) -> list[File]:
    """Files of the head that were not read and may say again what a dataset that is new in it is called.

    Args:
        trees: both trees, whole.
        read: the files of the head that were read.
        old: the datasets in the files of the base that were read.
        new: those in `read`.
    """
    known = {name for dataset in old for name in _names(dataset)}
    sought = [_pieces(name) for dataset in new for name in _names(dataset) if name not in known]
    paths = {file.path for file in read}
    rest = (file for file in trees.head if sought and file.path not in paths)
    return [file for file in rest if any(all(piece in file.content for piece in pieces) for pieces in sought)]


def _names(dataset: DesiredDataset) -> Iterator[tuple[str, str]]:
    yield dataset.address.target, dataset.address.dataset
    if dataset.id:
        yield dataset.address.target, dataset.id


def _pieces(name: tuple[str, str]) -> Iterable[bytes]:
    """What stands in a file that says `name`: a scalar may be folded at a space, and doubles its quotes."""
    return [piece.encode() for piece in re.split(r"[\s']+", name[1]) if piece]
