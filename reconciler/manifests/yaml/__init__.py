"""YAML 1.2 text in, plain data with a position for every node out; hostile input is refused, never raised on.

    quick(content) -> data | None                  for good and plain files: fast, without positions
    read(text) -> Reading(documents, problems)     for everything else, and for whoever asks for a place

characters  bytes to text, and which characters text may hold
plain       plain files to data, by a parser in Rust
scalars     what a scalar means (YAML 1.2 core schema)
events      libyaml's events to documents, within the caps
syntax      libyaml's errors in plain sentences
refusals    what is well-formed but not taken, in plain sentences
document    the values handed out
codes       every problem code, explained
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconciler.manifests.yaml.characters import LARGEST
    from reconciler.manifests.yaml.codes import CODES
    from reconciler.manifests.yaml.document import Document, Path, Position, Problem, Reading
    from reconciler.manifests.yaml.events import read
    from reconciler.manifests.yaml.plain import again, place_below, quick

__all__ = [
    "CODES",
    "LARGEST",
    "Document",
    "Path",
    "Position",
    "Problem",
    "Reading",
    "again",
    "place_below",
    "quick",
    "read",
]


_HOMES = {"CODES": "codes", "LARGEST": "characters", "again": "plain", "place_below": "plain", "quick": "plain"}


def __getattr__(name: str) -> object:
    """Import what is asked for: a folder of plain files needs no libyaml, and one that did not change no parser."""
    if name not in __all__:
        raise AttributeError(name)
    home = "events" if name == "read" else _HOMES.get(name, "document")
    return getattr(import_module(f"{__name__}.{home}"), name)
