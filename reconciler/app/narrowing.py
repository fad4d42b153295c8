"""Which files of two trees a review reads: those that differ, and whatever they could be judged by."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

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
    sought = {_words(name[1]) for dataset in new for name in _names(dataset) if name not in known}
    paths = {file.path for file in read}
    rest = [file for file in trees.head if sought and file.path not in paths]
    if () in sought:
        return rest
    lengths: dict[str, set[int]] = defaultdict(set)
    for words in sought:
        lengths[words[0]].add(len(words))
    return [file for file in rest if _says(file, sought, lengths)]


def _names(dataset: DesiredDataset) -> Iterator[tuple[str, str]]:
    yield dataset.address.target, dataset.address.dataset
    if dataset.id:
        yield dataset.address.target, dataset.id


def _words(text: str) -> tuple[str, ...]:
    """The words of `text`: what stays together in a file, however a scalar is quoted there or folded at its spaces."""
    return tuple(re.findall(r"\w+", text))


def _says(file: File, sought: Collection[tuple[str, ...]], lengths: Mapping[str, Iterable[int]]) -> bool:
    """Whether the words of a name that is sought stand in `file`; `lengths` are those of names by their first word."""
    words = _words(file.content.decode(errors="replace"))
    return any(
        words[place : place + length] in sought for place, word in enumerate(words) for length in lengths.get(word, ())
    )
