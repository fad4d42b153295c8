"""Policies, from models to what plans are judged by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from reconciler.core.diagnostics import Diagnostic
from reconciler.planning import Policy, Rule

from .manifest import Written
from .policy_models import PolicyManifest


def policy_of(item: Written, model: PolicyManifest) -> Policy:
    """One policy, its rules with the places of their expressions."""
    rules = (
        Rule(
            name=rule.name,
            expression=rule.expression,
            message=rule.message,
            severity=rule.severity,
            hint=rule.hint,
            source=item.source("spec", "rules", index, "expression"),
        )
        for index, rule in enumerate(model.spec.rules)
    )
    return Policy(model.metadata.name, tuple(rules))


def check_policy(item: Written, model: PolicyManifest) -> Iterable[Diagnostic]:
    """Rules of one policy that share a name."""
    counts = Counter(rule.name for rule in model.spec.rules)
    for index, rule in enumerate(model.spec.rules):
        if counts[rule.name] > 1:
            summary = f"rule {rule.name} is listed {counts[rule.name]} times"
            yield Diagnostic("duplicate-item", "error", summary, source=item.source("spec", "rules", index, "name"))
