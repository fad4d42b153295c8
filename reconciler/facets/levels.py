"""Access levels, lowest first: which of two gives more, and which nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.core.changes import Add, Change, Drop, Modify
from reconciler.core.ports import OWNER, Capabilities

if TYPE_CHECKING:
    from .permissions import Grant


def rank(level: str, capabilities: Capabilities) -> int:
    """How much a level gives; levels nobody knows give least."""
    scale = (*capabilities.levels, OWNER)
    return scale.index(level) if level in scale else -1


def unknown_level(level: str, capabilities: Capabilities) -> bool:
    """Whether `level` is none that the provider publishes."""
    return level != OWNER and level not in capabilities.levels


def highest(one: Grant, other: Grant, capabilities: Capabilities) -> Grant:
    """The grant that gives more; `one` when they give the same."""
    return other if rank(other.access, capabilities) > rank(one.access, capabilities) else one


def lowers(change: Change[Grant], capabilities: Capabilities) -> bool:
    """Whether somebody has less access after `change`."""
    match change:
        case Add():
            return False
        case Drop():
            return True
        case Modify(before=old, after=new):
            return rank(new.access, capabilities) < rank(old.access, capabilities)
