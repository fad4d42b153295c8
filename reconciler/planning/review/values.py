"""What a review is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final, Literal, TypeAlias

from msgspec import Struct, field

from reconciler.core.address import Address
from reconciler.core.changes import Sign
from reconciler.core.diagnostics import Diagnostic, Source
from reconciler.core.principals import Principal
from reconciler.core.words import Json
from reconciler.planning.desired import DesiredDataset, TargetView

Kind: TypeAlias = Literal["lose", "change", "gain", "extend", "declare", "release", "keep"]
"""What happens to somebody's access.

lose, change, gain: what they say · extend: the same level for longer · declare: governed from now on, so whether they
have it already only live state can tell · release: no manifest says it any more, and nothing takes it away · keep: the
same level in another way.
"""

Action: TypeAlias = Literal["new", "changed", "gone"]
Remark: TypeAlias = Literal["everyone", "outsider", "sensitive", "unrestricted"]
"""Why a reviewer should look twice.

everyone: a group that means everybody has it · outsider: their e-mail address is not the organisation's · sensitive:
the dataset is tagged as personal data · unrestricted: owners and co-owners see every row, whatever row policies say.
"""


ADOPTED: Final = "governed from now on"
RELEASED: Final = "not governed any more"
"""What is said of a facet that comes under governance, or leaves it."""
MODE: Final = "mode: "
"""How what is said of a list's mode begins."""
WAY: Final = ("provider: ", "token: ", "url: ")
"""How what is said of where a target's token is sent begins."""
BINDING: Final = ("id", "account")
"""What is said of a dataset when its manifest comes to mean another one at the vendor."""
WATCHED: Final = ("everyone: true", "service: true")
"""What is said of a group, or of a user, that guards look at."""
LIFTED: Final = "allow"
"""What is said of a dataset when its manifest lifts a guard, or does so no more."""


class Way(Struct, frozen=True):
    """Where a target's token is sent."""

    provider: str
    url: str
    token: str
    """Where it comes from: `env NAME` or `file NAME`."""
    place: Callable[[], Source]
    """Tells where that is written; only a finding asks."""

    @property
    def ends(self) -> tuple[str, str, str]:
        """What two ways have in common that are the same."""
        return self.provider, self.url, self.token


class Tree(Struct, frozen=True):
    """What the manifests of one tree say."""

    datasets: tuple[DesiredDataset, ...] = ()
    targets: Mapping[str, TargetView] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    """What is not about one dataset: by place (`target acme`, `guards`, `user:ada of acme`), names and values."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Which account at which vendor each target is; a target that is missing is one of its own."""
    ways: Mapping[str, Way] = field(default_factory=dict)
    """Of each target, by its place in `settings`."""
    places: Mapping[str, Callable[[], Source]] = field(default_factory=dict)
    """What tells where each of the settings is written, as far as that is known; `""`: one that is gone."""

    def account(self, dataset: DesiredDataset) -> str:
        """Where `dataset` is."""
        return self.accounts.get(dataset.address.target, dataset.address.target)

    def identity(self, dataset: DesiredDataset) -> tuple[str, str | None]:
        """What the vendor knows `dataset` by."""
        return self.account(dataset), dataset.id


class Hold(Struct, frozen=True):
    """Somebody's access to a dataset, and how they come by it."""

    level: str
    via: Principal | None = None
    """The group that a person has it through."""
    until: date | None = None
    """The last day on which anything gives it, UTC."""
    then: Hold | None = None
    """What is left after that day."""


class Move(Struct, frozen=True):
    """What happens to one person's (or unexpanded group's) access to one dataset."""

    dataset: Address
    principal: Principal
    kind: Kind
    before: Hold | None
    after: Hold | None
    remarks: tuple[Remark, ...] = ()


class Said(Struct, frozen=True):
    """One thing that the manifests say otherwise than before."""

    what: str
    """The facet, or what else of a dataset: id, account, name, allow."""
    sign: Sign
    words: str
    readers: str = ""
    """To whom it opens a version, in words; empty: to nobody."""

    @property
    def lifts(self) -> bool:
        """Whether it lifts a guard of a dataset."""
        return self.what == LIFTED and self.sign == "+"


def written_back(said: Sequence[Said]) -> bool:
    """Whether an apply may have said this of a dataset: it adds the id of what it created, and changes nothing else."""
    return [(item.what, item.sign) for item in said] == [("id", "+")]


def rebound(said: Sequence[Said]) -> tuple[Said, ...]:
    """By what of this a manifest came to mean another dataset, or may have; an id as applies write it back is none."""
    return () if written_back(said) else tuple(item for item in said if item.what in BINDING)


def lets_through(place: str, said: Said) -> bool:
    """Whether what is said of a `place` beside datasets may hold back less than before.

    A limit that is another one counts whichever way it went: a share and a count do not compare. Guards watch over
    groups that mean everybody, and over what no person owns.
    """
    if place.startswith("policy "):
        return said.sign != "+"
    if place.startswith(("user:", "group:")):
        return said.sign == "-" and said.words in WATCHED
    return place == "guards" or (place == "driftIgnore" and said.sign != "-")


class Ending(Struct, frozen=True):
    """A grant with a last day."""

    dataset: Address
    principal: Principal
    level: str
    until: date
    reason: str | None


class Reviewed(Struct, frozen=True):
    """One dataset about which the two trees differ."""

    address: Address
    action: Action
    """new, gone: among the manifests. No dataset is ever deleted because its manifest went."""
    said: tuple[Said, ...]
    moves: tuple[Move, ...]
    owners: tuple[Principal, ...]
    """Who answers for it in the base, and so should approve; in the head where the base does not know it."""
    ending: tuple[Ending, ...] = ()
    source: Source | None = None

    @property
    def rebound(self) -> tuple[Said, ...]:
        """By what its manifest came to mean another dataset, or may have."""
        return rebound(self.said)

    @property
    def lifted(self) -> tuple[Said, ...]:
        """The guards that its manifest lifts from now on."""
        return tuple(item for item in self.said if item.lifts)


class Review(Struct, frozen=True):
    """Everything that differs between two trees."""

    datasets: tuple[Reviewed, ...] = ()
    workspace: tuple[tuple[str, tuple[Said, ...]], ...] = ()
    """What changed beside datasets, by place."""
    redirected: tuple[str, ...] = ()
    """The places among them that send a token where the base sends none such."""
    findings: tuple[Diagnostic, ...] = ()
    """What a reviewer should look at twice, and every change of access."""

    @property
    def moves(self) -> tuple[Move, ...]:
        """Whose access changes, over all datasets."""
        return tuple(move for dataset in self.datasets for move in dataset.moves)

    @property
    def loosened(self) -> tuple[str, ...]:
        """The places among `workspace` that may hold back less than before."""
        return tuple(place for place, said in self.workspace if any(lets_through(place, item) for item in said))

    @property
    def empty(self) -> bool:
        """Whether the trees govern alike."""
        return not (self.datasets or self.workspace)

    @property
    def reviewers(self) -> Mapping[Principal | None, tuple[Address, ...]]:
        """Who should approve, each with the datasets they answer for; None: datasets whose owner nobody says."""
        found: dict[Principal | None, list[Address]] = {}
        for dataset in self.datasets:
            for owner in dataset.owners or (None,):
                found.setdefault(owner, []).append(dataset.address)
        ranked = sorted(found, key=lambda owner: (owner is None, str(owner)))
        return {owner: tuple(found[owner]) for owner in ranked}
