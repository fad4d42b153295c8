"""The findings of a review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reconciler.core.diagnostics import Code

from .values import Kind, Remark

CODES: Final = (
    Code("access-gained", "Somebody gains access.", "Their manager or the dataset's owner should know why."),
    Code("access-lost", "Somebody loses access.", "Check that nobody still works with the dataset."),
    Code("access-changed", "Somebody keeps access at another level.", "Check that the new level is what is meant."),
    Code(
        "access-extended",
        "Somebody keeps access for longer.",
        "A grant ends later or not at all, or another path outlasts it. Check that the reason for it still holds.",
    ),
    Code(
        "access-declared",
        "Somebody's access is governed from now on.",
        "Whether they have it already only live state can tell: `reconciler plan` does.",
    ),
    Code(
        "access-everyone",
        "Everybody gains access, or gains more.",
        "The group means everybody with an account (`everyone: true` in Principals, in either tree), or a version gets "
        "another visibility: ORG opens it to its organisation, PUBLIC to everybody.",
    ),
    Code(
        "access-outsider",
        "Somebody from outside gains access, or gains more.",
        "Their e-mail address in Principals is not of the organisation's domain: the one that more than half of a "
        "target's people have in the base, or those that --domain names.",
    ),
    Code(
        "access-sensitive",
        "Somebody gains access to personal data, or gains more.",
        'One of the dataset\'s tags has the word "pii" in it, in the base or in the head.',
    ),
    Code(
        "access-unrestricted",
        "Somebody becomes owner or co-owner.",
        "Owners and co-owners can share the dataset on, and see all of its rows: row policies do not bind them.",
    ),
    Code(
        "dataset-rebound",
        "A manifest governs another dataset than before.",
        "Its id changed, or its target's address or settings name another account, where the same id may be another "
        "dataset. The old dataset is not governed any more, and the new one is made to match all that the manifest "
        "says, whatever changed of that.",
    ),
    Code(
        "dataset-named",
        "A manifest without an id has one.",
        "An apply writes the id of the dataset that it created into the manifest, and nothing else; where more of the "
        "manifest changes, this is a warning. Where somebody else wrote it, it may be the id of any dataset, which is "
        "made to match what was reviewed as a new one: `reconciler audit show --format json` has the ids that applies "
        "created.",
    ),
    Code(
        "dataset-released",
        "A dataset is not governed any more.",
        "Its manifest went. Nothing is deleted or revoked; whoever has access keeps it, and nobody watches it.",
    ),
    Code(
        "facet-adopted",
        "A facet is governed from now on.",
        "An authoritative list drops whatever is live and not in it; only `reconciler plan` can tell what that is.",
    ),
    Code(
        "facet-released",
        "A facet is not governed any more.",
        "It stays live as it is, and may drift unseen. With permissions, nothing that stands there expires any more.",
    ),
    Code(
        "mode-changed",
        "A list becomes authoritative or additive.",
        "An authoritative list drops whatever is live and not in it; only `reconciler plan` can tell what that is. An "
        "additive one drops nothing any more: whoever is added at the vendor stays, and no grant of it ends.",
    ),
    Code(
        "guard-lifted",
        "A manifest lifts a guard.",
        "Check the reason and the last day; `reconciler explain CODE` tells what the guard protects from.",
    ),
    Code(
        "target-redirected",
        "A token is sent where the base does not send it.",
        "Whoever receives it can do whatever its account may. Check the provider, the address and which token it is; a "
        "plan with --guards-from the base sends it only once this is merged.",
    ),
    Code(
        "workspace-changed",
        "Targets, limits or people changed.",
        "A target's address, token or actor decides where changes go and as whom; limits and guards hold back "
        "accidents; an entry of Principals decides whom a name means.",
    ),
)

BY_KIND: Mapping[Kind, str] = {
    "gain": "access-gained",
    "lose": "access-lost",
    "change": "access-changed",
    "extend": "access-extended",
    "declare": "access-declared",
}
BY_REMARK: Mapping[Remark, str] = {
    "everyone": "access-everyone",
    "outsider": "access-outsider",
    "sensitive": "access-sensitive",
    "unrestricted": "access-unrestricted",
}
