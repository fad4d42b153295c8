"""The models of policies, and of the names that all kinds of manifests share."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints

from reconciler.facets import Model
from reconciler.facets.section import Items, Text

MOST_EXPRESSION = 2_000
"""Characters of a policy's expression; what needs more is several rules."""

Slug: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
"""A name used in addresses and references: letters, digits, `-` and `_`."""


class RuleModel(Model):
    """One demand that every dataset must meet."""

    name: Slug
    expression: Annotated[str, StringConstraints(min_length=1, max_length=MOST_EXPRESSION)]
    """CEL (cel.dev) over `dataset` (what it will be, in manifest words), `changes` (what the plan changes) and `today`
    (YYYY-MM-DD, UTC); true of a dataset that is in order. One that speaks of `changes` is evaluated by plans only."""
    severity: Literal["error", "warning"] = "error"
    """error: a dataset that breaks the rule holds the plan. warning: it is shown."""
    message: Text
    """What is wrong with a dataset that breaks the rule."""
    hint: Text | None = None
    """What to do about it."""


class PolicyMetadata(Model):
    """What a policy is called."""

    name: Slug


class PolicySpec(Model):
    """What a policy demands."""

    rules: Items[RuleModel] = Field(min_length=1, max_length=100)


class PolicyManifest(Model):
    """Rules for every dataset of the workspace."""

    api_version: Literal["reconciler/v1"]
    kind: Literal["Policy"]
    metadata: PolicyMetadata
    spec: PolicySpec
