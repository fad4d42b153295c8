"""Two trees of manifests compared, without any live state: every governed change, and who gains or loses access."""

from .codes import CODES
from .compare import compare
from .values import Action, Ending, Hold, Kind, Move, Remark, Review, Reviewed, Said, Tree, Way

__all__ = [
    "CODES",
    "Action",
    "Ending",
    "Hold",
    "Kind",
    "Move",
    "Remark",
    "Review",
    "Reviewed",
    "Said",
    "Tree",
    "Way",
    "compare",
]
