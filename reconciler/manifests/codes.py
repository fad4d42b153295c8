"""Every code a manifest can be refused with, explained."""

from __future__ import annotations

from reconciler.core.diagnostics import Code

from .yaml import CODES as YAML_CODES

_KEYS = "Keys are exact and in camelCase. Editors complete them from the schema that the manifest's first line names."

CODES: tuple[Code, ...] = (
    *(Code(name, title, explanation) for name, title, explanation in YAML_CODES),
    Code(
        "unreadable-file",
        "A file of the workspace cannot be read.",
        "Check its permissions, or move it away. Links are not followed, to files or to folders: a pull request could "
        "bring one that leads out of the repository. Put what it leads to in its place. What a submodule holds stands "
        "in no commit of the repository, so nobody could review it: keep manifests in the repository itself.",
    ),
    Code(
        "no-workspace",
        "The folder is not a workspace.",
        "A workspace is a folder of manifests, one of which has kind Workspace and names the targets. Name it with -w "
        "(manifests/ by default), or write one with `reconciler init`.",
    ),
    Code("unknown-kind", "The manifest's kind does not exist.", "`reconciler schema` lists the kinds."),
    Code("unknown-key", "A key that means nothing here.", f"A typo must not silently unmanage anything. {_KEYS}"),
    Code("missing-key", "A key that must be there is missing.", _KEYS),
    Code(
        "invalid-type",
        "A value has the wrong type.",
        "Values are never converted: a number where text is due must be put in quotes (an id, or a tag such as 1.10, "
        "which YAML reads as 1.1).",
    ),
    Code("invalid-value", "A value that cannot be.", "The message says what may stand there."),
    Code("unknown-target", "The target is not in the Workspace manifest.", "Add it there, or correct the name."),
    Code("unknown-provider", "No such provider.", "Correct targets.NAME.provider in the Workspace manifest."),
    Code("unknown-profile", "No such profile.", "Write a manifest of kind Profile, or correct the name."),
    Code(
        "unknown-principal",
        "The user or group is not in the target's Principals.",
        "Names are resolved by the Principals manifest of the target, so that a typo can never grant access to "
        "somebody else. Add the entry, correct the name, or write user:#ID or group:#ID.",
    ),
    Code(
        "unknown-guard",
        "An allow entry names no guard that one dataset can lift.",
        "`reconciler explain` lists the guards at its end. too-many-changes is about the plan as a whole: only --allow "
        "lifts it.",
    ),
    Code("unknown-access-level", "The provider has no such access level.", "The message names the ones it has."),
    Code("unknown-column-type", "The provider has no such column type.", "The message names the ones it has."),
    Code("duplicate-item", "The same thing is listed twice.", "Keep one of the two."),
    Code("duplicate-manifest", "Two manifests are about the same thing.", "Delete one, or correct its name or id."),
    Code(
        "facet-unsupported",
        "The provider cannot honour this facet.",
        "It is refused here rather than ignored: a manifest must not promise what nobody keeps. Remove the facet.",
    ),
    Code(
        "profile-conflict",
        "Two profiles of a dataset say different things.",
        "Lists of several profiles are united; where they contradict each other, the dataset must decide.",
    ),
)
