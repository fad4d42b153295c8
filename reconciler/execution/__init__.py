"""Walk a plan with a performer; contain failure. Knows no vendor and no HTTP.

A dry run and an apply are the same walk with another performer: `Rehearse` or `Write`.
"""

from .codes import CODES
from .journal import Journal
from .outcomes import Applied, Failed, Outcome, Skipped
from .performers import Performer, Rehearse, Write
from .walk import Observer, execute

__all__ = [
    "CODES",
    "Applied",
    "Failed",
    "Journal",
    "Observer",
    "Outcome",
    "Performer",
    "Rehearse",
    "Skipped",
    "Write",
    "execute",
]
