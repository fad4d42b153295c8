"""How two sets of elements differ. The only door to deepdiff."""

from .keyed import keyed
from .nested import differing_paths
from .sequence import moved

__all__ = ["differing_paths", "keyed", "moved"]
