"""Walk a plan with a performer; contain failure. Knows no vendor and no HTTP.

A dry run and an apply are the same walk with another performer: `Rehearse` or `Write`. What was sent and what became of
it is in the journal; `history` reads it back.
"""

from .brake import Brake
from .codes import CODES
from .creating import TOO_EARLY, Nursery, Unreckoned
from .history import Birth, Past, births, read_past
from .journal import Journal, JournalError
from .outcomes import INTERRUPTED, Applied, Failed, Outcome, Skipped
from .performers import Performer, Write
from .portions import SecondLook
from .recognizing import sought
from .rehearsing import Rehearse
from .walk import Observer, execute

__all__ = [
    "CODES",
    "INTERRUPTED",
    "TOO_EARLY",
    "Applied",
    "Birth",
    "Brake",
    "Failed",
    "Journal",
    "JournalError",
    "Nursery",
    "Observer",
    "Outcome",
    "Past",
    "Performer",
    "Rehearse",
    "SecondLook",
    "Skipped",
    "Unreckoned",
    "Write",
    "births",
    "execute",
    "read_past",
    "sought",
]
