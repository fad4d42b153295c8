"""What the engine asks of a vendor. Providers implement these protocols; tests' fakes do too."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from msgspec import Struct, field

from .address import Address
from .capabilities import OWNER, Capabilities, Setting
from .changes import Element, Elements
from .diagnostics import Diagnostic
from .failures import Ended, ProviderError
from .plan import Step
from .principals import Directory, Principal

__all__ = [
    "OWNER",
    "Access",
    "Batching",
    "Capabilities",
    "Catalog",
    "DatasetRef",
    "Ended",
    "FacetState",
    "Provider",
    "ProviderError",
    "Reader",
    "Request",
    "Setting",
    "Snapshot",
    "Target",
    "Writer",
]


class DatasetRef(Struct, frozen=True):
    """One dataset at the vendor."""

    address: Address
    id: str


class FacetState(Struct, frozen=True):
    """One facet as the vendor answered it."""

    elements: Elements
    raw: object = None
    """The answer it was read from, for the same provider's writes, which must give back what they do not manage."""
    taken: frozenset[str] = frozenset()
    """Keys that something has which is no element, so that no element may get them: names of hidden columns."""


class Snapshot(Struct, frozen=True):
    """What was read of one dataset. A facet that is missing from `facets` was not asked for or is not supported."""

    ref: DatasetRef
    facets: Mapping[str, FacetState]
    requests: int
    complete: bool = True
    diagnostics: tuple[Diagnostic, ...] = ()


class Request(Struct, frozen=True):
    """A request as it is sent, without its headers: what a dry run prints."""

    method: str
    path: str
    body: str | None = None


Access: TypeAlias = Literal["read", "rehearse", "write"]
"""read and rehearse cannot write: their transport refuses. A rehearsal records what it refused."""


class Target(Struct, frozen=True):
    """One remote account, ready to be connected to. Its token is not part of its text."""

    name: str
    provider: str
    url: str
    token: str
    actor: Principal | None = None
    """Who the token acts as."""
    concurrency: int = 8
    """Datasets worked on at the same time."""
    requests_per_second: float = 10.0
    settings: Mapping[str, str] = field(default_factory=dict)
    """What only this provider understands; the keys of its capabilities' settings."""
    directory: Directory = field(default_factory=Directory)
    shared: dict[str, object] = field(default_factory=dict)
    """What all sessions of one run with this target have in common, such as the pace of its requests."""

    def __repr__(self) -> str:
        return f"Target({self.name!r}, {self.provider!r}, {self.url!r})"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """What rich shows in the place of the text: no token, either."""
        return [("name", self.name), ("provider", self.provider), ("url", self.url)]


class Reader(Protocol):
    """Asks a vendor, and cannot change anything. Safe to use from several threads."""

    def read(self, ref: DatasetRef, facets: frozenset[str]) -> Snapshot:
        """Read `facets` of one dataset, each thing once.

        Raises:
            ProviderError: a read failed or could not be proven complete.
        """
        ...

    def named(self, name: str) -> tuple[str, ...] | None:
        """The ids of all datasets called `name` that the token can see; None where the vendor cannot list them.

        Raises:
            ProviderError: the list failed or could not be proven complete.
        """
        ...

    def close(self) -> None:
        """Give back the connections."""
        ...


@runtime_checkable
class Batching(Protocol):
    """A reader that can read several datasets with fewer requests, once it knows which. A session need not be one."""

    def expect(self, refs: Mapping[DatasetRef, frozenset[str]]) -> None:
        """Get ready to read these facets of these datasets, in this order; nothing is asked for yet."""
        ...


class Writer(Reader, Protocol):
    """Changes things at a vendor, one step at a time."""

    def create(self, step: Step) -> str:
        """Create the dataset of `step` as `step.desired` says and return its id. Never sent twice.

        Raises:
            ProviderError: it was not created, or (`uncertain`) nobody knows.
            Ended: it was to end before it was sent.
        """
        ...

    def write(self, ref: DatasetRef, step: Step, found: FacetState) -> None:
        """Make the changes of `step`, given what was found just before; what is not managed stays as found.

        After a wait nothing is sent that was made from `found`: somebody may have changed it meanwhile.

        Raises:
            ProviderError: the vendor refused, or (`uncertain`) nobody knows; `again` says when to look and try again.
            Ended: it was to end; `begun` says whether anything was done before.
        """
        ...

    def settling(self) -> AbstractContextManager[None]:
        """Around reads that tell what became of something that was sent: they are asked although it is to end."""
        ...

    @property
    def rehearsed(self) -> tuple[Request, ...]:
        """With access "rehearse": the requests that were refused since the last call of `write` or `create`."""
        ...


@runtime_checkable
class Catalog(Protocol):
    """What adopting datasets needs beyond reading them. A session need not have it."""

    def datasets(self) -> Mapping[str, str] | None:
        """The name of every dataset that the token can see, by its id; None where the vendor cannot list them.

        Raises:
            ProviderError: the list could not be proven complete.
        """
        ...

    def title(self, dataset: str) -> str:
        """The name of one dataset.

        Raises:
            ProviderError: there is none with this id, or it could not be read.
        """
        ...

    def people(self, snapshot: Snapshot) -> Mapping[Principal, str]:
        """What those who are named in `snapshot`, which this session read, are called; as far as the vendor said."""
        ...


class Provider(Protocol):
    """The code that speaks one vendor's API."""

    @property
    def name(self) -> str:
        """As `provider:` in a workspace."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What this vendor can do."""
        ...

    def newborn(self, actor: Principal | None) -> Mapping[str, tuple[Element, ...]]:
        """What a dataset that `actor` has just created looks like; facets it cannot have are missing."""
        ...

    def connect(self, target: Target, access: Access, stop: threading.Event | None = None) -> Writer:
        """Open a session with `target`; no request is sent yet.

        Once `stop` is set, nothing is sent any more, or waited for, but what settles or finishes what was sent before:
        all else raises `Ended`.
        """
        ...
