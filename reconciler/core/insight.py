"""What a vendor may know around a dataset: who depends on it, who changed it, how what fills it went."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, runtime_checkable

from msgspec import Struct

from .plan import Dependent
from .ports import DatasetRef
from .principals import Principal


class Event(Struct, frozen=True):
    """Something that somebody did to a dataset, as the vendor remembers it."""

    at: datetime
    who: Principal
    what: str
    """In the vendor's words."""
    about: frozenset[str] | None = None
    """The facets it can be about; None when nothing tells, so that it may be about any."""

    def may_be_about(self, facet: str) -> bool:
        """Whether it can have changed `facet`."""
        return self.about is None or facet in self.about


class Run(Struct, frozen=True):
    """One finished run of what fills a dataset."""

    at: datetime | None
    failed: bool


@runtime_checkable
class Insight(Protocol):
    """What a vendor knows around a dataset. A session need not have it; each question may have no answer."""

    def dependents(self, ref: DatasetRef) -> tuple[Dependent, ...] | None:
        """What reads the dataset; None where the vendor does not tell.

        Raises:
            ProviderError: it could not be read.
        """
        ...

    def events(self, ref: DatasetRef, since: datetime, until: datetime) -> tuple[Event, ...] | None:
        """What was done to the dataset in that time, newest first; None where the vendor does not tell.

        Raises:
            ProviderError: it could not be read.
        """
        ...

    def runs(self, ref: DatasetRef, most: int) -> tuple[Run, ...] | None:
        """At most so many of the latest finished runs of what fills the dataset; None when nothing does.

        Raises:
            ProviderError: they could not be read.
        """
        ...
