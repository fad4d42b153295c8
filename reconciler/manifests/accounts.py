"""Which account at which vendor a target is, and which dataset is meant, whatever manifests call either.

Equal accounts are one. Others may be one all the same: where settings name an account, a key may belong to it that
needs none of them, and only the vendor knows. So whatever loosens a guard, or takes two manifests for one, goes by
equal accounts; whatever tightens a guard goes by `may_be`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from .urls import compared, server

if TYPE_CHECKING:
    from reconciler.core.ports import Capabilities

    from .models import TargetModel, TokenModel

Identity: TypeAlias = tuple[str, str]
"""An account and an id in it: what a dataset is known by, whatever manifests call it and its target."""

T = TypeVar("T")
TOKEN = "token"  # noqa: S105 - the name of a key
"""No setting is called that: it is the key of every target's token."""


def account_of(model: TargetModel, capabilities: Capabilities) -> str:
    """Which account at which vendor a target is: its provider, its url and the settings that name it.

    Where they leave it to the token, where that is found is part of it.
    """
    given, naming = {name: str(value) for name, value in model.settings.items()}, capabilities.naming
    named = sorted(name for name in naming if name in given and given[name].casefold() not in naming[name].relative)
    words = [model.provider, compared(model.url), *(f"{name}={given[name]}" for name in named)]
    words += [f"{TOKEN}={_found(model.token)}"] if len(named) < len(naming) else []
    return " ".join(word.replace(" ", "%20") for word in words)


def _found(token: TokenModel) -> str:
    return f"file:{PurePath(token.file).as_posix()}" if token.file else f"env:{token.env}"


def within(account: str) -> tuple[str, ...]:
    """What says which one an account is of those at its address."""
    return tuple(account.split(" ")[2:])


def may_be(one: str, other: str) -> bool:
    """Whether two accounts may be one, as far as manifests tell."""
    (here, mine), (there, theirs) = _parts(one), _parts(other)
    return here == there and all(mine[name] == theirs[name] for name in mine.keys() & theirs.keys())


@cache
def _parts(account: str) -> tuple[tuple[str, str], Mapping[str, str]]:
    """At which server of which vendor an account is, and what names it there; a vendor may not look at case."""
    provider, url, *words = account.split(" ")
    pairs = (word.casefold().partition("=") for word in words)
    return (provider, server(url)), {name: value for name, _, value in pairs if name != TOKEN}


class Alike(Generic[T]):
    """What is said of datasets, found again by what these are known by."""

    def __init__(self, said: Iterable[tuple[Identity, T]]) -> None:
        """Take in what is said of each."""
        self._said = dict(said)
        self._by_id: dict[str, list[Identity]] = defaultdict(list)
        for identity in self._said:
            self._by_id[_folded(identity)].append(identity)

    def same(self, identity: Identity) -> T | None:
        """What is said of that dataset for certain."""
        return self._said.get(identity)

    def maybe(self, identity: Identity) -> Iterator[T]:
        """All that may be said of that dataset, what is said of it for certain first."""
        found = [each for each in self._by_id.get(_folded(identity), ()) if may_be(each[0], identity[0])]
        return (self._said[each] for each in sorted(found, key=lambda each: (each != identity, each)))


def _folded(identity: Identity) -> str:
    return identity[1].strip().casefold()
