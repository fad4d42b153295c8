"""The rules of a workspace about drift that is left alone, from models to values."""

from collections.abc import Iterable
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, WithJsonSchema

from reconciler.facets import FACETS, Model
from reconciler.facets.section import Day, Text
from reconciler.planning.drift import Ignore

NAMES = tuple(facet.name for facet in FACETS)


def _facet(value: str) -> str:
    if value not in NAMES:
        msg = f"there is no facet {value!r}; write one of {', '.join(NAMES)}"
        raise ValueError(msg)
    return value


FacetName: TypeAlias = Annotated[str, AfterValidator(_facet), WithJsonSchema({"type": "string", "enum": [*NAMES]})]
"""What is ignored in."""


class DriftIgnoreModel(Model):
    """Drift that `reconciler drift` tells of and does not count, until a day. Plans are not affected."""

    dataset: Text = "*"
    """Pattern (`*`, `?`) of names or addresses."""
    facet: FacetName
    key: Text = "*"
    """Pattern of what is in the facet: a tag, a column's name, a grant's principal."""
    reason: Text
    until: Day
    """Its last day, UTC."""


def ignored(models: Iterable[DriftIgnoreModel]) -> tuple[Ignore, ...]:
    """The rules, in their order."""
    return tuple(Ignore(model.dataset, model.facet, model.key, model.reason, model.until) for model in models)
