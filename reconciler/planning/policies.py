"""Policies: what a workspace demands of every dataset.

What decides whether a rule is true comes in as an argument: it runs somewhere else, under a limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from reconciler.core.address import Address
from reconciler.core.diagnostics import Code, Diagnostic, Source
from reconciler.core.words import Json

CODES = (
    Code(
        "policy-violated",
        "A dataset breaks a rule of one of the workspace's policies.",
        "The rule, in a manifest of kind Policy, says what must hold. One of severity error holds the plan and is not "
        "lifted by --allow: change the dataset, or have an exception reviewed in the policy's expression.",
    ),
    Code(
        "policy-undecided",
        "A rule could not be evaluated for a dataset, or for many.",
        "Its expression took too long, named something the dataset does not have, or gave no true or false. Nobody "
        "knows whether the dataset keeps the rule, so one of severity error holds the plan. Guard what may be absent "
        "with has(dataset.owner) and the like.",
    ),
    Code(
        "policy-invalid",
        "The expression of a rule is not CEL.",
        "Correct it at the place that is named; cel.dev has the language.",
    ),
)


class Rule(Struct, frozen=True):
    """One demand: a CEL expression that must be true of a dataset."""

    name: str
    expression: str
    message: str
    severity: Literal["error", "warning"] = "error"
    hint: str | None = None
    source: Source | None = None
    """Where the expression is written."""


class Policy(Struct, frozen=True):
    """Rules that belong together."""

    name: str
    rules: tuple[Rule, ...]


class Subject(Struct, frozen=True):
    """What rules are shown of one dataset."""

    address: Address
    dataset: Json
    """What it will be once the plan is applied, in manifest words, with what `Principals` says of whoever it names."""
    changes: Json = None
    """What the plan changes, facet by facet; None where there is no plan: rules about changes are then passed over."""
    source: Source | None = None


Judge: TypeAlias = Callable[[Sequence[Policy], Sequence[Subject]], Iterable[Diagnostic]]
"""Evaluates every rule for every subject. What cannot be evaluated counts as broken."""


def nobody(policies: Sequence[Policy], subjects: Sequence[Subject]) -> Iterable[Diagnostic]:
    """The judge of a workspace without policies.

    Raises:
        ValueError: there are policies after all.
    """
    del subjects
    if policies:
        raise ValueError("policies need a judge")
    return ()
