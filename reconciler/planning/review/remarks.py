"""What about a change of access deserves a second look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reconciler.core.principals import Principal
from reconciler.facets import Situation
from reconciler.facets.tags import TagsSection

from .known import Known
from .values import Hold, Remark


def remarks(
    person: Principal, had: Hold | None, has: Hold, situations: Sequence[Situation], known: Known
) -> Iterable[Remark]:
    """Why to look twice at what `person` gets; a tree that says less than the other hides nothing."""
    if (has.via or person) in known.everyone:
        yield "everyone"
    if person in known.outsiders:
        yield "outsider"
    if any(map(_sensitive, situations)):
        yield "sensitive"
    levels = situations[-1].capabilities.managing_levels
    if has.level in levels and (had is None or had.level not in levels):
        yield "unrestricted"


def _sensitive(situation: Situation) -> bool:
    section = situation.sections.get("tags")
    tags = section.values if isinstance(section, TagsSection) else ()
    return any("pii" in re.split(r"[^a-z0-9]+", tag.lower()) for tag in tags)
