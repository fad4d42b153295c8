"""The cache is only ever an accelerator: whatever is in it and whatever becomes of it, nothing that is told changes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.app.unchanged import unchanged
from reconciler.app.workspaces import check
from reconciler.manifests import Loaded
from reconciler.manifests.cache import Cache, Known, context_of, digest
from reconciler.manifests.files import SHARED, File, on_disk, only_datasets
from reconciler.manifests.models import KINDS

TODAY = date(2026, 1, 1)
WORKSPACE = """\
apiVersion: reconciler/v1
kind: Workspace
targets:
  acme: {provider: domo, url: "https://acme.example", token: {env: T}, actor: "user:#900"}
  twin: {provider: domo, url: "https://acme.example", token: {env: T}, actor: "user:#900"}
"""
PEOPLE = "apiVersion: reconciler/v1\nkind: Principals\ntarget: acme\nusers:\n  ada: {id: '1'}\n"
PROFILE = "apiVersion: reconciler/v1\nkind: Profile\nmetadata: {name: shared}\nspec: {tags: [gold]}\n"
UNFIT = PROFILE.replace("tags: [gold]", "versions: {declared: [{id: x}]}")
DATASET = "apiVersion: reconciler/v1\nkind: Dataset\nmetadata: {{name: d{0}, target: acme, id: '{0}'{1}}}\nspec: {2}\n"
SPECS = (
    *("{tags: [x]}", "{owner: user:ada}", "{owner: user:bo}", "{tags: []}", "{nonsense: 1}", "{tags: [x", "[]"),
    *("{permissions: [{principal: user:ada, access: CAN_VIEW, expires: 2026-01-05}]}", "{definition: {sql: x}}"),
)
EXTRAS = (
    "",
    ", profiles: [shared]",
    ", profiles: [other]",
    ", allow: [{guard: column-dropped, reason: x, until: 2027-01-01}]",
)


def write(root: Path, random: Random) -> None:
    """Change one file of a workspace, or add it; now and then something that all datasets share."""
    number = random.randrange(6)
    match random.randrange(8):
        case 0:
            (root / "people.yaml").write_text(random.choice((PEOPLE, PEOPLE.replace("ada", "bo"), "kind: Principals")))
        case 1:
            (root / "profile.yaml").write_text(
                random.choice((PROFILE, PROFILE.replace("gold", "other"), UNFIT, "x: ["))
            )
        case 2:
            (root / f"{number}.yaml").unlink(missing_ok=True)
        case _:
            text = DATASET.format(random.randrange(8), random.choice(EXTRAS), random.choice(SPECS))
            text = text.replace("acme", random.choice(("acme", "acme", "twin")))
            (root / f"{number}.yaml").write_text(text)


def told(loaded: Loaded) -> object:
    """All that loading gives."""
    workspace = loaded.workspace
    datasets = [(each, dict(each.sections)) for each in workspace.datasets] if workspace else None
    return loaded.diagnostics, loaded.manifests, datasets, workspace and (workspace.targets, workspace.places)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**64))
def test_edits_are_told_of_as_if_there_were_no_cache(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """One edit after the other, good and bad: the same findings, places, counts and datasets."""
    root, random = tmp_path_factory.mktemp("edits"), Random(seed)  # noqa: S311
    manifests, caches = root / "manifests", root / "caches"
    manifests.mkdir()
    (manifests / "workspace.yaml").write_text(WORKSPACE)
    for _ in range(10):
        write(manifests, random)
        plain = check(manifests, TODAY)
        assert told(check(manifests, TODAY, caches)) == told(plain)
        assert told(check(manifests, TODAY, caches)) == told(plain)
        quick = unchanged(manifests, caches)
        assert quick is None or (quick == plain.manifests and not plain.diagnostics)
    shutil.rmtree(root)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace in which nothing is wrong."""
    root = tmp_path / "manifests"
    root.mkdir()
    for name, text in {"workspace": WORKSPACE, "people": PEOPLE, "profile": PROFILE}.items():
        (root / f"{name}.yaml").write_text(text)
    for number in range(5):
        (root / f"{number}.yaml").write_text(DATASET.format(number, EXTRAS[1], SPECS[1]))
    return root


def cache_file(caches: Path) -> Path:
    (found,) = caches.iterdir()
    return found


def flipped(content: bytes) -> bytes:
    return content[:90] + bytes([content[90] ^ 1]) + content[91:]


def sealed(body: bytes) -> bytes:
    """As a cache file holds it, with a sum that is right."""
    return digest(body).encode() + b"\n" + body


def in_its_place(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-20]),
    "empty": lambda path: path.write_bytes(b""),
    "a bit flipped": lambda path: path.write_bytes(flipped(path.read_bytes())),
    "no JSON": lambda path: path.write_bytes(b"x\ny"),
    "other keys": lambda path: path.write_bytes(sealed(b"{}")),
    "too deep": lambda path: path.write_bytes(sealed(b"[" * 100_000)),
    "open to others": lambda path: path.chmod(0o666),
    "a folder": in_its_place,
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_cache_is_none(workspace: Path, tmp_path: Path, damage: Callable[[Path], object]) -> None:
    """Deleting or corrupting it changes nothing but the time."""
    caches = tmp_path / "caches"
    before = told(check(workspace, TODAY, caches))
    assert unchanged(workspace, caches) == 8
    damage(cache_file(caches))
    assert unchanged(workspace, caches) is None
    assert told(check(workspace, TODAY, caches)) == before == told(check(workspace, TODAY))


def test_an_account_under_two_names_is_still_one(workspace: Path, tmp_path: Path) -> None:
    """A manifest that comes before one that is known may take its dataset, whatever its target is called."""
    check(workspace, TODAY, tmp_path / "caches")
    (workspace / "0-twin.yaml").write_text(DATASET.format(1, "", SPECS[0]).replace("acme", "twin").replace("d1", "x"))
    plain = check(workspace, TODAY).diagnostics
    assert [item.code for item in plain] == ["duplicate-manifest"]
    for _ in range(2):
        assert unchanged(workspace, tmp_path / "caches") is None
        assert check(workspace, TODAY, tmp_path / "caches").diagnostics == plain


def test_what_another_version_found_does_not_count(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any other program, or any file of this one changed, may find something else."""
    check(workspace, TODAY, tmp_path / "caches")
    monkeypatch.setattr("reconciler.manifests.cache._program", lambda: ["another"])
    assert unchanged(workspace, tmp_path / "caches") is None


def test_what_was_found_beside_other_files_does_not_count(workspace: Path, tmp_path: Path) -> None:
    """A dataset may be wrong because of what a shared file says now."""
    check(workspace, TODAY, tmp_path / "caches")
    (workspace / "people.yaml").write_text(PEOPLE.replace("ada", "bo"))
    assert unchanged(workspace, tmp_path / "caches") is None
    assert {item.code for item in check(workspace, TODAY, tmp_path / "caches").diagnostics} == {"unknown-principal"}


def test_another_workspace_s_cache_does_not_count(workspace: Path, tmp_path: Path) -> None:
    """Each workspace has its own; one in the place of another is found out by what its datasets were seen with."""
    caches, other = tmp_path / "caches", tmp_path / "other"
    shutil.copytree(workspace, other)
    (other / "profile.yaml").write_text(PROFILE.replace("gold", "silver"))
    check(other, TODAY, caches)
    foreign = cache_file(caches).read_bytes()
    check(workspace, TODAY, caches)
    for path in caches.iterdir():
        path.write_bytes(foreign)
    assert unchanged(workspace, caches) is None


def test_only_its_user_can_read_it(workspace: Path, tmp_path: Path) -> None:
    """Names and ids of datasets are nobody else's business."""
    check(workspace, TODAY, tmp_path / "caches")
    assert (tmp_path / "caches").stat().st_mode & 0o777 == 0o700
    assert cache_file(tmp_path / "caches").stat().st_mode & 0o777 == 0o600


def test_a_folder_that_cannot_be_written_is_no_reason_to_complain(workspace: Path, tmp_path: Path) -> None:
    """Then everything is read each time."""
    (tmp_path / "file").write_text("")
    assert check(workspace, TODAY, tmp_path / "file" / "caches").diagnostics == ()


def test_runs_at_the_same_time_leave_a_sound_cache(workspace: Path, tmp_path: Path) -> None:
    """Each replaces it whole."""
    cache = Cache(tmp_path / "caches", workspace)
    context = context_of(file for file in on_disk(workspace) if not only_datasets(file))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: cache.save(Known(context, number)), range(100)))
    assert cache.load(context).quiet in range(100)
    assert len(list((tmp_path / "caches").iterdir())) == 1


def test_a_file_that_may_hold_another_kind_is_known_by_its_words() -> None:
    """Every kind but Dataset, and escapes, which can spell any."""
    assert set(SHARED) == {*(kind.encode() for kind in KINDS if kind != "Dataset"), b"\\"}
    assert not only_datasets(File("x", b'kind: "\\x50rofile"'))


def test_it_holds_what_the_architecture_says(workspace: Path, tmp_path: Path) -> None:
    """A checksum, then JSON: nothing that could run."""
    check(workspace, TODAY, tmp_path / "caches")
    _, body = cache_file(tmp_path / "caches").read_bytes().split(b"\n")
    held = json.loads(body)
    assert sorted(held) == ["context", "facts", "quiet"]
    assert min(held["facts"].values()) == ["acme", "d0", "0", ["shared"], ["tags", "owner"], 3, 11]
