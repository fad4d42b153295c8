"""Who gains, loses or changes access to a dataset, in people."""

from __future__ import annotations

from reconciler.core.plan import AccessChange
from reconciler.facets import Outlooks, Situation, custody


def access_changes(outlooks: Outlooks, situation: Situation) -> tuple[AccessChange, ...]:
    """Every person whose highest level differs, and the group they have it through; sorted by principal."""
    if custody.undisturbed(outlooks):
        return ()
    directory, capabilities = situation.directory, situation.capabilities
    old = custody.people(custody.before(outlooks, situation), directory, capabilities)
    new = custody.people(custody.after(outlooks, situation), directory, capabilities)
    changes = []
    for person in sorted({*old, *new}, key=lambda item: (item.kind, item.id)):
        before, held_by = old.get(person, (None, None))
        after, holds_by = new.get(person, (None, None))
        through = holds_by if after is not None else held_by
        if before != after:
            via = through if through != person else None
            changes.append(AccessChange(situation.address, person, before, after, via))
    return tuple(changes)
