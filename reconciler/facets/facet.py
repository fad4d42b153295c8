"""What a facet is: everything about one governed aspect that needs no network."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

from msgspec import Struct, field

from reconciler.core.address import Address
from reconciler.core.changes import AnyChange, Change, Element, Elements, after
from reconciler.core.diagnostics import Code, Diagnostic
from reconciler.core.plan import Risk
from reconciler.core.ports import Capabilities
from reconciler.core.principals import Directory, Principal
from reconciler.core.words import Json
from reconciler.diffing import keyed

from .section import Section

S = TypeVar("S", bound=Section)
KEY = attrgetter("key")
E = TypeVar("E", bound=Element)


class Complaint(Struct, frozen=True):
    """What is wrong with a section, found without a network, at a path below the section."""

    path: tuple[str | int, ...]
    code: str
    summary: str
    hint: str | None = None


class Situation(Struct, frozen=True):
    """What a facet may know of its dataset and its surroundings when it works out what is desired."""

    address: Address
    """The dataset."""
    sections: Mapping[str, Section]
    """The managed facets of this dataset."""
    live: Mapping[str, Elements]
    """The facets that were read, as they are."""
    directory: Directory
    capabilities: Capabilities
    as_of: datetime
    """The moment the plan is made for, in UTC; nothing below reads a clock."""
    actor: Principal | None = None
    exists: bool = True
    unselected: Mapping[str, Section] = field(default_factory=dict)
    """The managed facets that this run is not about."""
    held: str | None = None
    """The legal hold that is known to have stood before this plan, in words."""
    witnesses: tuple[Directory, ...] = ()
    """Who is in which group by other manifests: nobody keeps a right through a group but by all of them."""
    taken: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By facet, the keys that no element may get: the vendor has something else there, which nobody governs."""


class Outlook(Struct, frozen=True):
    """One facet of one dataset, before and after: whole sets, not only what changes."""

    changes: tuple[AnyChange, ...]
    live: Elements
    desired: Elements


Outlooks: TypeAlias = Mapping[str, Outlook]
"""The managed facets of one dataset, by name."""

ItemKey: TypeAlias = Callable[[Any, Directory], str]
"""What makes two items of a list the same, for the people of a target."""

Test: TypeAlias = Callable[[Change[E]], bool]
"""Tells something of each change of a facet."""

Guard: TypeAlias = Callable[[Outlooks, Situation], Iterable[Diagnostic]]
"""Finds the dangers of what is planned for one dataset; each has severity "blocked" until somebody lifts it."""


class Facet(ABC, Generic[S, E]):
    """One governed aspect of a dataset."""

    name: ClassVar[str]
    """As in `spec:` of a manifest and in addresses."""
    section: type[S]
    """The model of its part of a manifest."""
    codes: ClassVar[tuple[Code, ...]] = ()
    """The diagnostics only this facet raises."""
    most_at_once: ClassVar[int | None] = None
    """How many changes are written before everything is read again; None: all of a step."""
    comes_due: ClassVar[bool] = False
    """Whether time alone asks for changes: what is live otherwise than wanted was then moved by nobody."""
    union_keys: ClassVar[Mapping[str, ItemKey]] = {}
    """For each list of the section that profiles and datasets unite: what makes two of its items the same."""

    @abstractmethod
    def settle(self, section: S, live: tuple[E, ...], situation: Situation) -> tuple[E, ...]:
        """What the facet should become, whole.

        What must not be touched (ignored, foreign, additive) is taken over from `live` here, so that no diff ever
        proposes it. Settling its own result changes nothing.
        """

    @abstractmethod
    def verb(self, change: Change[E], situation: Situation) -> str:
        """The step that makes `change`: one of `facets.SEQUENCE`."""

    @abstractmethod
    def words(self, element: E) -> Json:
        """`element` as a manifest would say it."""

    @abstractmethod
    def element(self, words: Json) -> E:
        """The element that `words` made; raises ValueError, KeyError or TypeError for anything else."""

    @abstractmethod
    def describe(self, change: Change[E]) -> str:
        """`change` in one line, without its symbol."""

    def arranged(self, elements: Iterable[E]) -> tuple[E, ...]:
        """`elements` in an order of our own; only a facet whose order means something keeps the vendor's."""
        return tuple(sorted(elements, key=KEY))

    def stated(self, section: S, settled: tuple[E, ...] | None, directory: Directory) -> Json:
        """What policies may ask about this facet: the manifest's words, and with a plan what they come to."""
        del settled, directory
        return section.model_dump(mode="json", by_alias=True, exclude_none=True)

    def adopted(self, live: tuple[E, ...], situation: Situation) -> Json | None:
        """The section by which a manifest says just what is live, so that nothing would change; None: leave it out."""
        del live, situation
        return None

    def diff(self, live: tuple[E, ...], desired: tuple[E, ...], section: S | None = None) -> tuple[Change[E], ...]:
        """What turns `live` into `desired`. `section` only explains (a rename), it never adds."""
        del section
        return keyed(live, desired)

    def value(self, elements: tuple[E, ...]) -> Json:
        """The whole facet as a manifest would say it."""
        return [self.words(element) for element in elements]

    def starts_from(self, change: Change[E], found: E | None) -> bool:
        """Whether `found`, read just before a write, is what `change` was planned on."""
        return found == getattr(change, "before", None)

    def holding(self, found: tuple[E, ...], desired: tuple[E, ...]) -> Test[E]:
        """Whether `found` is as if a change had been made; `desired` is the whole facet after its step.

        One test for all changes of a step: what it rests on is worked out once.
        """
        del desired
        state = {element.key: element for element in found}
        return lambda change: self.made(change, state.get(change.key))

    def made(self, change: Change[E], present: E | None) -> bool:
        """Whether `present`, what was found under the key of `change`, is as if that had been made."""
        return present == after(change)

    def outdated(
        self, changes: Sequence[Change[E]], section: S | None, found: tuple[E, ...], situation: Situation
    ) -> Mapping[str, str]:
        """The `changes` that must not be made any more, by key, and why.

        Asked once more just before a write, for a plan may be old: `section` is what the manifest says now (None when
        no manifest does), `found` is what is live now. Only a facet whose changes cannot be undone takes this second
        look; for the others it is enough that what they change is as it was planned on.
        """
        del changes, section, found, situation
        return {}

    def check(self, section: S, capabilities: Capabilities, directory: Directory) -> Iterable[Complaint]:
        """What can be said against `section` offline, beyond its model."""
        del section, capabilities, directory
        return ()

    def check_ends(self, section: S, today: date) -> Iterable[Complaint]:
        """What in `section` ends soon after `today`, or has ended; for the reader, never an error."""
        del section, today
        return ()

    def beneath(self, under: S, over: S) -> S:
        """What of a profile's section `under` holds where `over` is written over it, field by field."""
        del over
        return under

    def agree(self, field: str, one: object, other: object, directory: Directory) -> bool:
        """Whether two profiles say the same by `one` and `other`: values of `field`, or two items of it of one key."""
        del field, directory
        return one == other

    def check_whole(self, section: S) -> Iterable[Complaint]:
        """What can be said against `section` only once a dataset's profiles are merged in."""
        del section
        return ()

    def remarks(self, section: S, live: tuple[E, ...], situation: Situation) -> Iterable[Diagnostic]:
        """What a reader should know although nothing is done about it."""
        del section, live, situation
        return ()

    def access(self, elements: Iterable[E]) -> Mapping[Principal, str]:
        """The access that `elements` give, by principal; only facets about access give any."""
        del elements
        return {}

    def counted(self, elements: Sequence[E]) -> int:
        """How many of `elements` limits count: all, unless some are no facts of their own."""
        return len(elements)

    def risk(self, changes: Sequence[Change[E]]) -> Risk:
        """How careful a reviewer should be with `changes`."""
        del changes
        return "safe"

    def reversible(self, changes: Sequence[Change[E]]) -> bool:
        """Whether the state before `changes` can be written back."""
        del changes
        return True

    def put_back(self, old: E, now: E) -> E:
        """What comes nearest to `old` and can be written over `now`, a later state of the same element."""
        del now
        return old


AnyFacet = Facet[Any, Any]


def blocked(situation: Situation, facet: str, code: str, summary: str, hint: str) -> Diagnostic:
    """A finding that holds the plan until `code` is lifted for this dataset."""
    return Diagnostic(code, "blocked", summary, situation.address.of(facet), hint)
