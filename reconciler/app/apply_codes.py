"""What can go wrong around an apply, explained."""

from __future__ import annotations

from reconciler.core.diagnostics import Code

CODES: tuple[Code, ...] = (
    Code(
        "manifests-moved",
        "The manifests were changed after the saved plan was made.",
        "The plan is applied as it was reviewed. What was written since, or taken out, is in the next plan: if that "
        "takes something back, do not apply this one. An undo plan says so whenever manifests were edited in between.",
    ),
    Code(
        "lock-held",
        "Another apply holds the lock of a target.",
        "One apply at a time writes to a target of a workspace. The lock belongs to a process and ends with it, even "
        "when it is killed: there is nothing to unlock by hand.",
    ),
    Code(
        "state-unusable",
        "The folder for journals and locks cannot be written.",
        "An apply keeps its lock, its journal, its audit log and its undo plan in `.reconciler/` beside the "
        "workspace, and sends nothing that it could not note there.",
    ),
    Code(
        "state-foreign",
        "The state folder, or a file in it, came with a checkout.",
        "Journals, the audit log and the record of holds in `.reconciler/` are a memory of this machine. Whoever "
        "committed one that is in git could have a dataset to come be one that is there, a hold be forgotten, or a log "
        "tell what nobody did; a link could lead anywhere. Take it out of git and keep `.reconciler/` in .gitignore; "
        "remove what you do not know.",
    ),
    Code(
        "journal-unreadable",
        "A journal is there and cannot be read.",
        "It may know of a dataset whose creation was sent and never answered; without it, that one could be created "
        "twice. Correct its rights. If you know that no creation in it is open, move it away: nothing else is lost.",
    ),
    Code(
        "id-not-written",
        "The id of a created dataset is not in its manifest.",
        "Write it there by hand if the next apply cannot. Until then the journal in `.reconciler/` remembers it. Where "
        "that folder does not live on, as on a runner of CI, commit the id before the next apply.",
    ),
    Code(
        "create-unsettled",
        "Nobody knows whether a dataset is there.",
        "Its creation was sent and never answered; or it was created, and its id is not in its manifest any more. "
        "Names need not be unique, so creating it could make a second one, and one that has its name by now is taken "
        "for it only while it is as a creation leaves it: with what was sent, and with nobody's access but the "
        "token's. Look for it at the vendor, then say what you found: `apply --adopt ADDRESS=ID`, or "
        "`apply --not-made ADDRESS`. What another workspace in the same folder began is not taken for this one's: they "
        "share `.reconciler/`, so put each into a folder of its own.",
    ),
    Code(
        "create-settled",
        "A creation that was never answered did not take place.",
        "The vendor lists its datasets, and there is none of that name that was not there before. It is created now.",
    ),
    Code(
        "create-doubtful",
        "A creation that somebody says did not take place seems to have.",
        "The vendor lists a dataset of that name which was not there before. Names need not be unique, so it may be "
        "somebody else's; your word counts, and another one is created. If it is yours, answer no and `--adopt` it.",
    ),
    Code(
        "adopt-mismatch",
        "The id to adopt belongs to a dataset of another name.",
        "A creation gives a dataset the name of its manifest, so this id is probably another dataset's. One that was "
        "renamed since is taken over by writing its id into the manifest.",
    ),
    Code(
        "not-resumable",
        "The plan of an unfinished apply is gone, or what is unfinished is another part of it, or another workspace's.",
        "An apply that was interrupted leaves its plan beside its journal. Without it, plan again: the plan shows just "
        "what is left. A plan that was applied in shards is gone on with shard by shard.",
    ),
    Code(
        "audit-failed",
        "The audit log cannot be written.",
        "What was done is in the journal; the next apply adds it. Nothing further is begun meanwhile.",
    ),
    Code(
        "audit-unreadable",
        "The audit log is there and cannot be read.",
        "Nothing is said of what could not be read. Correct the rights on `.reconciler/`, or what stands in its place.",
    ),
    Code(
        "audit-broken",
        "The audit log is not as it was written.",
        "Each line holds the hash of the one before it, and journals know how many there were. Somebody changed, "
        "removed or added lines by other means than an apply. Keep the file as it is and compare it with a copy.",
    ),
    Code("undo-failed", "The undo plan could not be written.", "What was applied stays applied; nothing is lost."),
)
