"""What a vendor can be asked for, as far as it is known without asking it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

OWNER = "OWNER"
"""Level of the owner's own entry in an access list; never granted. Providers translate their own word for it."""


class Setting(Struct, frozen=True):
    """Something that a target may say to one provider, beyond what every target says."""

    meaning: str
    """For whoever writes it, in a few words."""
    needs: frozenset[str] = frozenset()
    """The settings that it is nothing without."""
    relative: frozenset[str] = frozenset()
    """Values, in small letters, that mean another thing to another token."""


class Capabilities(Struct, frozen=True):
    """What a vendor can be asked for, known without asking it."""

    facets: frozenset[str]
    """The facets it has a binding for."""
    refusals: Mapping[str, str] = field(default_factory=dict)
    """For a facet it cannot honour: why, in one sentence."""
    levels: tuple[str, ...] = ()
    """Access levels a manifest may grant, lowest first."""
    managing_levels: frozenset[str] = frozenset({OWNER})
    """Levels that may change a dataset's access and owner."""
    former_owner_level: str | None = None
    """Level at which the vendor leaves a former owner behind after a hand-over, as far as is known."""
    column_types: tuple[str, ...] = ()
    creates: bool = False
    """Whether a dataset without an id can be created."""
    created_with: tuple[str, ...] = ()
    """Facets that a create request carries and cannot do without."""
    generated_tags: tuple[str, ...] = ()
    """Patterns (`*`, `?`) of the tags that the vendor itself, or its usual tools, put on datasets."""
    settings: Mapping[str, Setting] = field(default_factory=dict)
    """What a target may say beyond what every target says, by the key in a manifest."""
    opened: Mapping[str, str] = field(default_factory=dict)
    """Facets that there are only where a target has a setting: by setting."""
    most_partitions: int | None = None
    """How many partitions of one dataset the vendor's own tools can work with; None: no limit is known."""
    asserted: Mapping[str, str] = field(default_factory=dict)
    """Facets that can be read and never written, and why: a manifest that says otherwise is an error."""

    @property
    def naming(self) -> Mapping[str, Setting]:
        """The settings that say which account a target is; where one of them is left out, its token says so."""
        return {name: setting for name, setting in self.settings.items() if name not in self.opened}

    def given(self, settings: Iterable[str]) -> Capabilities:
        """The same for a target with these settings."""
        more = {self.opened[name] for name in settings if name in self.opened}
        return replace(self, facets=self.facets | more) if more else self
