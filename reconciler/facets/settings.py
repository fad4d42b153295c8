"""What a section says that none of its elements shows: how its facet is governed, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from reconciler.core.words import Json

from .definition import DefinitionSection
from .grants import PermissionsSection
from .owner import OwnerSection
from .properties import PropertiesSection
from .schedule import ScheduleSection
from .schema import SchemaSection
from .section import Section
from .tags import TagsSection
from .versions import VersionModel, VersionsSection

WHOLE = PropertiesSection, DefinitionSection, ScheduleSection
"""The sections that have no settings: elements show all of them."""
SHOWN: Mapping[type[Section], tuple[str, ...]] = {
    SchemaSection: ("columns",),
    TagsSection: ("values",),
    PermissionsSection: ("grants",),
    OwnerSection: ("principal",),
    VersionsSection: ("declared",),
}
"""The fields that a facet's elements show; everything else of a section is a setting."""


def settings(section: Section) -> dict[str, Json]:
    """The settings of `section` in manifest words, nested ones as `guards.minAge`; what is not said is left out."""
    if isinstance(section, WHOLE):
        return {}
    shown = SHOWN.get(type(section), ())
    given = section.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    flat = dict(_flat({name: value for name, value in given.items() if name not in shown}))
    if isinstance(section, PermissionsSection):
        flat |= {f"{grant.principal} until": str(grant.expires) for grant in section.grants if grant.expires}
    if isinstance(section, VersionsSection):
        # A key that is taken away is in no element.
        taken = {version.id: _taken(version) for version in section.declared}
        flat |= {f"version {name} without": keys for name, keys in taken.items() if keys}
    return flat


def _taken(version: VersionModel) -> list[Json]:
    return [key for key, value in (version.metadata or {}).items() if value is None]


def _flat(value: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Json]]:
    found: list[tuple[str, Json]] = []
    for name, member in value.items():
        if isinstance(member, Mapping):
            found += _flat(member, f"{prefix}{name}.")
        else:
            found.append((prefix + name, cast("Json", member)))
    return found
