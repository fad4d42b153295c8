"""A loaded workspace: targets with their settings, and the datasets that the manifests govern."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, field

from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic, Source
from reconciler.core.principals import Directory, Principal
from reconciler.planning import DesiredDataset, Limits, Policy
from reconciler.planning.drift import Ignore

from .accounts import Identity
from .files import File


class TokenSource(Struct, frozen=True):
    """Where a target's token is found; exactly one is set."""

    env: str | None = None
    file: Path | None = None

    @property
    def place(self) -> str:
        """Where that is, in words."""
        return f"the environment variable {self.env}" if self.env is not None else f"the file {self.file}"


class TargetConfig(Struct, frozen=True):
    """One target as the Workspace manifest says it, before its token is looked up. Two that say the same are equal."""

    name: str
    provider: str
    url: str
    account: str
    """Which account at which vendor it is, as `account_of` tells: two that say the same here are one."""
    token: TokenSource
    place: Callable[[], Source]
    """Tells where its token is written; only a complaint asks."""
    actor: Principal | None
    concurrency: int
    requests_per_second: float
    settings: Mapping[str, str]
    directory: Directory

    def __eq__(self, other: object) -> bool:
        return self._said() == other._said() if isinstance(other, TargetConfig) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def _said(self) -> list[object]:
        return [getattr(self, name) for name in self.__struct_fields__ if name != "place"]


class Place(Struct, frozen=True):
    """Where a dataset's manifest stands, for writing its id back."""

    path: str | Path
    """Text, where it is one of many: a path of its own for each dataset would take as much memory as its plan."""
    index: int
    """Which of the file's documents, from 0."""

    @property
    def file(self) -> Path:
        """The manifest's file."""
        return Path(self.path)

    @property
    def name(self) -> str:
        """What the file is called, as `File.path` has it."""
        return self.path if isinstance(self.path, str) else self.path.as_posix()


class Workspace(Struct, frozen=True):
    """A workspace in which nothing is wrong."""

    root: Path
    targets: Mapping[str, TargetConfig]
    datasets: tuple[DesiredDataset, ...]
    limits: Limits
    places: Mapping[Address, Place]
    policies: tuple[Policy, ...] = ()
    """By name."""
    principals: Mapping[str, Place] = field(default_factory=dict)
    """Where each target's Principals stand, for adding to them."""
    drift_ignore: tuple[Ignore, ...] = ()
    digest: str = ""
    """sha-256 over the names and contents of all manifests as they were read; empty where they are not from disk."""
    files: tuple[File, ...] | None = None
    """The files it was read from, where they were to be kept."""

    @property
    def place(self) -> Source:
        """Where something of its Workspace manifest is written."""
        return next(iter(self.targets.values())).place()

    def account(self, address: Address) -> str:
        """Where what manifests say is at `address` lives."""
        return self.targets[address.target].account

    def identity(self, address: Address, identifier: str) -> Identity:
        """Which dataset one is of which manifests say that it is at `address`, with this id."""
        return self.account(address), identifier

    def governed(self, target: str) -> Mapping[str, DesiredDataset]:
        """The datasets of the account that `target` leads to, by id; through whichever target they are governed."""
        account = self.targets[target].account
        mine = {name for name, config in self.targets.items() if config.account == account}
        return {dataset.id: dataset for dataset in self.datasets if dataset.id and dataset.address.target in mine}


class Loaded(Struct, frozen=True):
    """What loading a folder gave: a workspace, unless a diagnostic is an error."""

    workspace: Workspace | None
    diagnostics: tuple[Diagnostic, ...]
    manifests: int
