"""Every diagnostic code of the product, in one place, for `explain` and for the checks of `--allow`."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.core.diagnostics import Code
from reconciler.execution.codes import CODES as EXECUTION_CODES
from reconciler.facets import CODES as FACET_CODES
from reconciler.manifests.codes import CODES as MANIFEST_CODES
from reconciler.planning import CODES as PLANNING_CODES
from reconciler.planning.drift import CODES as DRIFT_CODES
from reconciler.planning.review import CODES as REVIEW_CODES
from reconciler.planning.undo import CODES as UNDO_CODES
from reconciler.providers.codes import CODES as PROVIDER_CODES
from reconciler.report.upcoming import CODES as REPORT_CODES

from .apply_codes import CODES as APPLY_CODES
from .insight import CODES as INSIGHT_CODES
from .shard_codes import CODES as SHARD_CODES

OWN_CODES: tuple[Code, ...] = (
    Code(
        "not-formatted",
        "A file cannot be laid out without losing something.",
        "Formatting keeps every comment and every value, or leaves the file as it is. The message says what is in the "
        "way; mostly a comment in an unusual place. Move it to a line of its own.",
    ),
    Code(
        "cannot-list",
        "The vendor, or this server of it, does not list its datasets.",
        "Some servers only answer about datasets whose id one knows. Name each one with --id.",
    ),
    Code(
        "facet-left-out",
        "A facet of an imported dataset is not in its manifest.",
        "It could not be read, or not be said in a manifest so that nothing would change. It is unmanaged: neither "
        "read nor touched. The message says why; add it by hand once that is settled.",
    ),
    Code(
        "not-imported",
        "An import could not write what it read.",
        "A file changed while the import ran, or cannot be written; or a document tells of a dataset in a way that no "
        "manifest may, such as one to create without its columns. What was written before is whole; correct that, and "
        "run it again.",
    ),
    Code(
        "not-carried",
        "Something that one form says has no place in the other.",
        "Imports and exports carry what both sides have words for, and name the rest, each by its place. Nothing is "
        "dropped in silence; say it in the other form by hand if it matters there.",
    ),
    Code("not-exported", "A file could not be written.", "Files that exist stay. Name another folder, or remove it."),
    Code("nothing-selected", "The selection names nothing that is there.", "Correct --target, --dataset or --facet."),
    Code(
        "token-missing",
        "The token of a target was not found.",
        "Tokens are never written in manifests. Set the environment variable, or write the file, that the target "
        "names.",
    ),
    Code(
        "not-connected",
        "There is no way to a target from here: its url, its token, a proxy or certificates are none that can be used.",
        "Nothing was sent. HTTPS_PROXY, ALL_PROXY and NO_PROXY say which proxy is asked, SSL_CERT_FILE whom to "
        "trust. The variable that is wrong is named; what it holds may be a password and is not shown.",
    ),
    Code(
        "read-failed",
        "A dataset could not be read, or not wholly.",
        "A plan rests on complete reads only: what was not read is neither changed nor called unchanged. The message "
        "says what the vendor answered.",
    ),
    Code(
        "approval-missing",
        "Nobody approved the plan.",
        "Apply asks before it writes. Where nobody can answer (CI), apply a saved plan that was reviewed, or pass "
        "--auto-approve.",
    ),
    Code(
        "snapshot-unreadable",
        "The file with the versions of datasets cannot be used.",
        "A simulation offline rests on what was saved before. Make it anew with `retention simulate --save-snapshot`.",
    ),
    Code(
        "snapshot-incomplete",
        "A dataset is missing in the file with the versions of datasets.",
        "Nothing is said of what was not read. Take the snapshot anew, or select other datasets.",
    ),
    Code(
        "nothing-to-simulate",
        "A dataset with a retention does not exist yet, so a simulation has nothing to say of it.",
        "It has no id in its manifest. The apply that creates it writes the id there.",
    ),
    Code(
        "no-rhythm",
        "No new versions can be assumed for a dataset.",
        "--cadence goes by the median time between its good versions. It needs two of them, and no more than twenty "
        "thousand to come.",
    ),
    Code("plan-unreadable", "The file is not a plan that can be used.", "Make a new one with `plan --out FILE`."),
    Code(
        "sandbox-unusable",
        "The state of the embedded sandbox cannot be used.",
        "It is an SQLite database, in `.reconciler/sandbox.db` unless --db says otherwise. Make room, correct its "
        "rights and those of the `-wal` and `-shm` beside it, or remove all three: what they hold is examples.",
    ),
    Code(
        "snapshot-not-saved",
        "The versions were read, and could not be saved.",
        "The file of --save-snapshot cannot be written, or is a link. Name another one.",
    ),
    Code(
        "plan-not-saved",
        "The plan was made, and could not be saved.",
        "The file of --out cannot be written, or is a link. Name another one.",
    ),
    Code(
        "plan-stale",
        "What a saved plan rests on has moved or ended, or it shows another day.",
        "Nothing was written. Live state is not what it was, or the last day of a grant or of an `allow` entry has "
        "passed since. A plan made with --as-of is for looking at, unless that day is today. Make a new plan and have "
        "it reviewed.",
    ),
    Code("plan-used", "The saved plan was applied before.", "A plan is applied once. Make a new one."),
    Code(
        "plan-foreign",
        "The saved plan was made for another workspace.",
        "Its targets are not the ones of this workspace, or one of them is another account or app by now. Apply it "
        "where it was made, or make a new one.",
    ),
    Code(
        "guards-unreadable",
        "The guards of the ref that --guards-from names cannot be read.",
        "Its manifests have errors, and half of the guards would be none. Correct them there, or plan without "
        "--guards-from, which trusts the manifests at hand.",
    ),
    Code(
        "guards-absent",
        "The ref that --guards-from names has no workspace here.",
        "So it is while a workspace is new. The product's own limits hold, and no allow entry does.",
    ),
    Code(
        "target-unreviewed",
        "A token would be sent where the ref that --guards-from names does not send it.",
        "Whoever changes a target's url or where its token is found, or adds a target, says where a secret goes; a "
        "pull request could have one sent to itself. Have the target merged first, with no dataset in it. One that has "
        "datasets is changed in two steps: merge a second target that says the new words, then let the first one say "
        "them in its place. Where you trust the manifests at hand, plan without --guards-from.",
    ),
    Code(
        "holds-unreadable",
        "The record of legal holds cannot be read.",
        "Without it nobody knows whether a deletion destroys what was under a hold. Repair .reconciler/holds.json, or "
        "remove it if you know that no hold was lifted.",
    ),
    Code("nothing-to-tell", "The file is none to tell people of.", "Give JSON that plan, review or drift printed."),
    Code(
        "notify-failed",
        "A webhook did not take a message.",
        "Nothing else depends on it. Check the webhook's address; it is a secret, so it is told nowhere.",
    ),
    Code(
        "metrics-unwritten",
        "The file for metrics cannot be written.",
        "Name a file in a folder that is there and can be written, such as the collector's.",
    ),
    Code(
        "git-unreadable",
        "Git does not have what was asked for.",
        "Name a commit that is here. A CI job often has a part of the history only: check out with all of it "
        "(actions/checkout: fetch-depth: 0).",
    ),
)

CODES: Mapping[str, Code] = {
    code.name: code
    for code in (
        *MANIFEST_CODES,
        *FACET_CODES,
        *PLANNING_CODES,
        *REVIEW_CODES,
        *DRIFT_CODES,
        *PROVIDER_CODES,
        *EXECUTION_CODES,
        *UNDO_CODES,
        *APPLY_CODES,
        *SHARD_CODES,
        *INSIGHT_CODES,
        *REPORT_CODES,
        *OWN_CODES,
    )
}
"""Every code, by name."""
