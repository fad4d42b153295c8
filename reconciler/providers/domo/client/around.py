"""What tells more of a dataset than its facets do."""

from __future__ import annotations

from .cards import Cards
from .history import History
from .runs import Runs


class Around(Cards, History, Runs):
    """The endpoints of what reads a dataset, who changed it, and how it was filled."""
