"""What differs inside a nested value, told by deepdiff; everything with keys of its own is compared in `keyed`."""

from __future__ import annotations

from reconciler.core.words import Json


def differing_paths(before: Json, after: Json) -> tuple[str, ...]:
    """Dotted paths at which two nested values differ, sorted; the root is the empty path."""
    # Imported here: deepdiff costs as much as all of the planner's imports together (libraries.md, decision 4).
    from deepdiff import DeepDiff  # noqa: PLC0415

    tree = DeepDiff(before, after, view="tree", ignore_order=False, threshold_to_diff_deeper=0)
    found = {
        ".".join(str(part) for part in node.path(output_format="list")) for nodes in tree.values() for node in nodes
    }
    return tuple(sorted(found))
