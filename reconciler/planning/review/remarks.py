"""What about a change of access deserves a second look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec import Struct

from reconciler.core.principals import Principal
from reconciler.facets import Situation
from reconciler.facets.tags import TagsSection

from .known import Known
from .values import Hold, Remark


class Look(Struct, frozen=True):
    """What makes a change of access to one dataset deserve a second look."""

    known: Known
    sensitive: bool
    """Whether it is tagged as personal data, by either tree: one that says less than the other hides nothing."""
    managing: frozenset[str]
    """The levels that row policies do not bind."""

    @classmethod
    def at(cls, situations: Sequence[Situation], known: Known) -> Look:
        """What there is about a dataset that is so in one tree or in both, the head last."""
        return cls(known, any(map(_sensitive, situations)), situations[-1].capabilities.managing_levels)

    def remarks(self, person: Principal, had: Hold | None, has: Hold) -> Iterable[Remark]:
        """Why to look twice at what `person` gets."""
        if (has.via or person) in self.known.everyone:
            yield "everyone"
        if person in self.known.outsiders:
            yield "outsider"
        if self.sensitive:
            yield "sensitive"
        if has.level in self.managing and (had is None or had.level not in self.managing):
            yield "unrestricted"


def _sensitive(situation: Situation) -> bool:
    section = situation.sections.get("tags")
    tags = section.values if isinstance(section, TagsSection) else ()
    return any("pii" in re.split(r"[^a-z0-9]+", tag.lower()) for tag in tags)
