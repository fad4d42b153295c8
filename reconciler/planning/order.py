"""Which steps the changes of one dataset make, in which order, and what each of them needs.

The order is `facets.SEQUENCE`, then the facet's name: total, and independent of the order in which anything was read.
"""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.core.address import Address
from reconciler.core.changes import AnyChange, Elements, apply
from reconciler.core.plan import Step
from reconciler.facets import BY_NAME, NEEDS, SEQUENCE, Outlook, Outlooks, Situation


def steps(outlooks: Outlooks, situation: Situation) -> tuple[Step, ...]:
    """The steps that make every change in `outlooks`, in execution order."""
    parts = _parts(outlooks, situation)
    ordered: list[Step] = []
    state = {name: outlook.live for name, outlook in outlooks.items()}
    for verb, name in sorted(parts, key=lambda part: (SEQUENCE.index(part[0]), part[1])):
        changes = parts[verb, name]
        remaining = any(key[1] == name and SEQUENCE.index(key[0]) > SEQUENCE.index(verb) for key in parts)
        state[name] = apply(state[name], changes) if remaining else outlooks[name].desired
        ordered.append(_step(situation.address.of(name), verb, changes, state[name], ordered))
    return tuple(ordered)


def _parts(outlooks: Outlooks, situation: Situation) -> Mapping[tuple[str, str], tuple[AnyChange, ...]]:
    parts: dict[tuple[str, str], tuple[AnyChange, ...]] = {}
    for name, outlook in outlooks.items():
        for change in outlook.changes:
            verb = BY_NAME[name].verb(change, situation)
            parts[verb, name] = (*parts.get((verb, name), ()), change)
    if not situation.exists:
        for name in situation.capabilities.created_with:
            parts.setdefault(("create", name), ())
    return parts


def _step(address: Address, verb: str, changes: tuple[AnyChange, ...], desired: Elements, earlier: list[Step]) -> Step:
    facet = BY_NAME[address.facet]
    return Step(
        address=address,
        verb=verb,
        changes=changes,
        desired=desired,
        needs=tuple(step.id for step in earlier if step.verb in NEEDS[verb]),
        risk=facet.risk(changes),
        reversible=facet.reversible(changes),
    )


__all__ = ["Outlook", "steps"]
