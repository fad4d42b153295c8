"""What a dataset's manifest comes to with its profiles merged in: at hand for a few, read again for many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial

from reconciler.core.principals import Directory
from reconciler.facets import Section

from .merge import Sections, merge
from .models import DatasetManifest

MOST = 4
"""Datasets whose models are kept at hand; those of ten thousand would take a quarter of a gigabyte."""


class Effective(Mapping[str, Section]):
    """The facets of one dataset, made from its manifest whenever they are asked for."""

    __slots__ = ("_make", "_names")

    def __init__(
        self,
        made_of: Callable[[bytes], DatasetManifest],
        held: bytes,
        profiles: Sequence[Sections],
        directory: Directory,
        names: tuple[str, ...],
    ) -> None:
        """Remember what the dataset, which is valid, is made of, and the facets that are known to come out."""
        self._names = names
        self._make = partial(_merged, made_of, held, profiles, directory)

    def __getitem__(self, name: str) -> Section:
        if name not in self._names:
            raise KeyError(name)
        return _made(self._make)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names


@lru_cache(maxsize=MOST)
def _made(make: partial[Sections]) -> Sections:
    return make()


def _merged(
    made_of: Callable[[bytes], DatasetManifest], held: bytes, profiles: Sequence[Sections], directory: Directory
) -> Sections:
    return merge(profiles, _own(made_of, held), directory)[0]


@lru_cache(maxsize=MOST)
def _own(made_of: Callable[[bytes], DatasetManifest], held: bytes) -> Sections:
    """What the manifest itself says: two trees that share it may still have other profiles, or other people."""
    return made_of(held).spec.sections
