"""Which facets an entry of Domo's history can be about, as far as its words tell.

No document lists these words; document 002 shows two entries. So only an entry that names what a facet is made of is
held to be about that facet, and about those that such a change alters along. Any other may be about anything.
"""

from __future__ import annotations

import re

_NAMED = tuple(
    (re.compile(rf"\b(?:{words})", re.IGNORECASE), frozenset(facets))
    for words, facets in (
        (r"tags?\b", ("tags",)),
        (r"columns?\b|schema", ("schema",)),
        # Who owns a dataset is in its access list, too.
        (r"owner|co.?owner|access|grant|permission|shar(?:e|ed|ing)\b|revok", ("owner", "permissions")),
        # A run or an upload fills the dataset, and what it brings may have other columns.
        (r"schedul|stream|execut", ("schedule", "schema", "retention")),
        (r"upload|append|rows?\b|partition|version", ("schema", "retention")),
        (r"propert|renam|description", ("properties",)),
        (r"definition|quer(?:y|ies)\b|sql\b", ("definition",)),
    )
)
_CREATED = re.compile(r"\bcreat", re.IGNORECASE)
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


def about(entry: str) -> frozenset[str] | None:
    """The facets that `entry` can be about; None when its words do not tell, or it is about a dataset's beginning."""
    # What is between quotes or after a colon are names that people chose: a tag may be called "owner".
    said = _QUOTED.sub("", entry).partition(":")[0]
    if _CREATED.search(said):
        return None
    named = [facets for words, facets in _NAMED if words.search(said)]
    return frozenset().union(*named) if named else None
