"""A plan made in parts by several processes is the plan of one, or it is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.app.sharding import Shard
from reconciler.core.address import Address

from .stage import reconciler, shards, unclocked


@pytest.mark.parametrize("flags", [(), ("--allow", "too-many-changes"), ("--dataset", "d[0-2]")])
def test_three_processes_make_the_plan_of_one(workspace: Path, flags: tuple[str, ...]) -> None:
    """Byte for byte, text and document; and limits of the workspace are judged on the whole."""
    alone = reconciler(workspace, "plan", "--out", "alone.json", *flags)
    merged = reconciler(workspace, "plan", "merge", *shards(workspace, *flags), "--out", "merged.json", *flags)
    assert (merged.returncode, merged.stdout) == (alone.returncode, alone.stdout)
    assert merged.stderr.replace("merged.json", "alone.json") == alone.stderr
    assert unclocked(workspace / "merged.json") == unclocked(workspace / "alone.json")
    assert alone.returncode == (0 if flags else 3)


def test_what_a_narrowed_run_leaves_alone_is_missing_from_no_part(workspace: Path) -> None:
    """A dataset that is still to be created is in no plan about tags, whoever makes it."""
    manifest = "apiVersion: reconciler/v1\nkind: Dataset\nmetadata: {name: new, target: acme}\nspec:\n  tags: [gold]\n"
    (workspace / "manifests/new.yaml").write_text(
        f"{manifest}  schema: {{columns: [{{name: id, type: LONG}}]}}\n", "utf-8"
    )
    flags = ("--facet", "tags", "--allow", "too-many-changes")
    alone = reconciler(workspace, "plan", *flags)
    merged = reconciler(workspace, "plan", "merge", *shards(workspace, *flags), "--out", "merged.json", *flags)
    assert (alone.returncode, "not-created" in alone.stderr) == (0, True)
    assert (merged.returncode, merged.stdout) == (0, alone.stdout)
    assert "not-created" in merged.stderr


def test_parts_can_be_merged_again(workspace: Path) -> None:
    """In any order of files: it is the same plan."""
    one, two, three = shards(workspace)
    first = reconciler(workspace, "plan", "merge", one, two, three, "--out", "first.json")
    again = reconciler(workspace, "plan", "merge", three, one, two, "--out", "again.json")
    assert again.stdout == first.stdout
    assert unclocked(workspace / "again.json") == unclocked(workspace / "first.json")
    for name in ("first.json", "merged.json"):
        done = reconciler(workspace, "plan", "merge", one, two, name)
        assert (done.returncode, "shard-unreadable" in done.stderr) == (1, True)


def test_a_shard_that_is_missing_is_named(workspace: Path) -> None:
    """A plan of some datasets must not pass for one of all."""
    one, two, three = shards(workspace)
    done = reconciler(workspace, "plan", "merge", one, three, one, "--out", "merged.json")
    assert done.returncode == 1
    assert "shards missing: 2/3; there twice: 1/3" in done.stderr
    assert not (workspace / "merged.json").exists()
    assert two == "2.json"


def test_parts_of_different_plans_do_not_make_one(workspace: Path) -> None:
    """Other flags, other manifests, an altered file: nothing is merged."""
    one, two, three = shards(workspace)
    other = reconciler(workspace, "plan", "--shard", "2/3", "--out", "other.json", "--dataset", "d1")
    assert other.returncode == 0
    assert "shard-foreign" in reconciler(workspace, "plan", "merge", one, "other.json", three).stderr
    content = json.loads((workspace / two).read_text("utf-8"))
    content["sizes"] = {}
    (workspace / "altered.json").write_text(json.dumps(content), "utf-8")
    assert "shard-unreadable" in reconciler(workspace, "plan", "merge", one, "altered.json", three).stderr
    (workspace / "manifests/d1.yaml").unlink()
    assert "shard-foreign" in reconciler(workspace, "plan", "merge", one, two, three).stderr


@given(st.text(min_size=1), st.text(min_size=1), st.integers(1, 50))
def test_every_dataset_is_in_exactly_one_shard(target: str, name: str, of: int) -> None:
    """With its facets, wherever it is asked."""
    whole = Address(target, name)
    mine = [number for number in range(1, of + 1) if Shard(number, of).takes(whole)]
    assert len(mine) == 1
    assert Shard(mine[0], of).takes(whole.of("tags"))


@pytest.mark.parametrize("text", ["0/3", "4/3", "1/0", "a/3", "1", "job/3", "1/3/5", "-1/3"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    """Before anything is read."""
    with pytest.raises(ValueError, match=r"shard|write"):
        Shard.parse(text, {})
