"""What about a change of access deserves a second look."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reconciler.core.principals import Directory, Principal
from reconciler.facets import Situation
from reconciler.facets.permissions import rank
from reconciler.facets.tags import TagsSection

from .values import Hold, Remark


@dataclass(frozen=True, slots=True)
class Home:
    """The domains of the organisation's own e-mail addresses; empty when nobody can tell."""

    domains: frozenset[str] = frozenset()

    @classmethod
    def of(cls, directory: Directory) -> Home:
        """The one domain that more than half of the people with an address have."""
        counts = Counter(
            domain for person in directory.users.values() if not person.service and (domain := _domain(person.email))
        )
        best = counts.most_common(1)
        return cls(frozenset({best[0][0]} if best and best[0][1] * 2 > counts.total() else ()))

    def outside(self, principal: Principal, directory: Directory) -> bool:
        """Whether `principal` is known to have an address elsewhere."""
        entry = next((user for user in directory.users.values() if user.id == principal.id), None)
        domain = _domain(entry.email) if entry and principal.kind == "user" else ""
        return bool(self.domains and domain) and domain not in self.domains


def _domain(email: str | None) -> str:
    return (email or "").rpartition("@")[2].strip().lower()


def remarks(
    person: Principal, had: Hold | None, has: Hold | None, situations: Sequence[Situation], home: Home
) -> Iterable[Remark]:
    """Why to look twice at what `person` gets; a tree that says less than the other hides nothing."""
    capabilities = situations[-1].capabilities
    if has is None or (had is not None and rank(has.level, capabilities) <= rank(had.level, capabilities)):
        return
    if any(situation.directory.is_everyone(has.via or person) for situation in situations):
        yield "everyone"
    if any(home.outside(person, situation.directory) for situation in situations):
        yield "outsider"
    if any(map(_sensitive, situations)):
        yield "sensitive"
    levels = capabilities.managing_levels
    if has.level in levels and (had is None or had.level not in levels):
        yield "unrestricted"


def _sensitive(situation: Situation) -> bool:
    section = situation.sections.get("tags")
    tags = section.values if isinstance(section, TagsSection) else ()
    return any("pii" in re.split(r"[^a-z0-9]+", tag.lower()) for tag in tags)
