"""YAML 1.2 text in, plain data with a position for every node out; hostile input is refused, never raised on.

    read(text) -> Reading(documents, problems)

characters  bytes to text, and which characters text may hold
scalars     what a scalar means (YAML 1.2 core schema)
events      libyaml's events to documents, within the caps
syntax      libyaml's errors in plain sentences
refusals    what is well-formed but not taken, in plain sentences
document    the values handed out
codes       every problem code, explained
"""

from reconciler.manifests.yaml.characters import LARGEST
from reconciler.manifests.yaml.codes import CODES
from reconciler.manifests.yaml.document import Document, Path, Position, Problem, Reading
from reconciler.manifests.yaml.events import read

__all__ = ["CODES", "LARGEST", "Document", "Path", "Position", "Problem", "Reading", "read"]
