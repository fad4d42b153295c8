"""A plan as a value: ordered steps, findings, and the reads they rest on.

A plan can be saved, shown, reviewed and executed; it holds no closure, no client and no token.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct, field

from .address import Address
from .changes import AnyChange, Elements
from .diagnostics import Diagnostic, Source
from .principals import Principal
from .words import Json

Action: TypeAlias = Literal["create", "update", "no-op"]
Risk: TypeAlias = Literal["safe", "sensitive", "destructive"]


class Step(Struct, frozen=True):
    """The unit of execution: changes to one facet of one dataset that the vendor takes together."""

    address: Address
    verb: str
    """What the step does: one of `facets.SEQUENCE`, such as create, alter, tag, grant, transfer, revoke."""
    changes: tuple[AnyChange, ...]
    desired: Elements
    """The whole facet once this step is done, in its order."""
    needs: tuple[str, ...] = ()
    """Ids of steps that must have succeeded before this one may start."""
    risk: Risk = "safe"
    reversible: bool = True

    @property
    def id(self) -> str:
        """Unique in its plan."""
        return f"{self.address}#{self.verb}"


class AccessChange(Struct, frozen=True):
    """Somebody's access to one dataset, before and after."""

    dataset: Address
    principal: Principal
    before: str | None
    after: str | None
    via: Principal | None = None
    """The group a person has it through; None when the principal holds it itself."""


class Read(Struct, frozen=True):
    """Evidence: what was read of one dataset, with how many requests, and whether that was all of it."""

    address: Address
    requests: int
    complete: bool


class Dependent(Struct, frozen=True):
    """Something at the vendor that reads a dataset, and may break when a column of it goes."""

    kind: str
    """The vendor's word: card."""
    id: str
    title: str
    owners: tuple[str, ...] = ()
    """Names of the people to tell."""


class DatasetPlan(Struct, frozen=True):
    """What is planned for one dataset, worked out without looking at any other dataset."""

    address: Address
    provider: str
    id: str | None
    """The vendor's id; None while the dataset does not exist."""
    action: Action
    steps: tuple[Step, ...] = ()
    source: Source | None = None
    before: Mapping[str, Json] = field(default_factory=dict)
    """Live values of the managed facets, in manifest words."""
    after: Mapping[str, Json] = field(default_factory=dict)
    access: tuple[AccessChange, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    read: Read | None = None
    """None when nothing could be read; the plan is then errored."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    """How many of each managed facet's live elements limits count (`Facet.counted`); they are shares of these."""
    impact: tuple[Dependent, ...] = ()
    """What reads the dataset; asked for only where columns go. Which columns it reads is not known."""


class Plan(Struct, frozen=True):
    """All that is planned, in execution order."""

    datasets: tuple[DatasetPlan, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def steps(self) -> Iterator[Step]:
        """Every step, in execution order."""
        return (step for dataset in self.datasets for step in dataset.steps)

    @property
    def errored(self) -> bool:
        """Whether something failed while planning; an errored plan can be shown, never applied."""
        return any(item.severity == "error" for item in self.diagnostics)

    @property
    def complete(self) -> bool:
        """Whether every read the plan rests on is proven complete."""
        return all(dataset.read is not None and dataset.read.complete for dataset in self.datasets)

    @property
    def blocked(self) -> bool:
        """Whether a guard that nobody lifted holds the plan."""
        return any(item.severity == "blocked" for item in self.diagnostics)

    @property
    def changed(self) -> tuple[DatasetPlan, ...]:
        """The datasets with something to do."""
        return tuple(dataset for dataset in self.datasets if dataset.steps)

    @property
    def applyable(self) -> bool:
        """Whether apply would do something and is allowed to."""
        return bool(self.changed) and self.complete and not self.errored and not self.blocked
