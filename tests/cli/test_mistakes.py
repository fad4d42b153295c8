"""What people get wrong in a hurry: said at its place, offline, and never taken for something else."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cli.entry import run
from tests.support.playing import PRINCIPALS, WORKSPACE

HEAD = "apiVersion: reconciler/v1\nkind: Dataset\n"
NOTHING = "nothing stands behind it; write a value ([] for none), or remove the key"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    manifests = Path("manifests")
    manifests.mkdir()
    (manifests / "workspace.yaml").write_text(WORKSPACE.format(url="https://acme.example"))
    (manifests / "principals.yaml").write_text(PRINCIPALS)
    return manifests


def complaints(capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["validate"]) == 1
    return capsys.readouterr().err


@pytest.mark.parametrize("facet", ["schema", "tags", "permissions", "owner", "schedule", "retention"])
def test_a_facet_with_nothing_behind_it_is_not_unmanaged(
    facet: str, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`permissions:` reads like "nobody"; taking it for "leave them alone" would be the opposite."""
    (workspace / "d.yaml").write_text(f"{HEAD}metadata: {{name: d, target: acme, id: x}}\nspec:\n  {facet}:\n")
    assert complaints(capsys) == (
        f"Error:\nmanifests/d.yaml:5:{len(facet) + 4}: invalid-value spec.{facet} is refused: {NOTHING}\n"
    )


def test_what_stands_there_is_told_in_the_words_of_yaml(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody wrote None or True."""
    (workspace / "d.yaml").write_text(
        f"{HEAD}metadata: {{name: d, target: acme, id: x}}\nspec: {{tags: [null, yes, true]}}\n"
    )
    should = "should be text; if it looks like a number, a date or true/false, put it in quotes"
    assert complaints(capsys) == (
        "Error:\n"
        f"manifests/d.yaml:4:15: invalid-type spec.tags.0 {should}, not null\n"
        f"manifests/d.yaml:4:26: invalid-type spec.tags.2 {should}, not true\n"
    )


def test_a_file_that_is_too_large_is_told_without_its_size(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is not read to its end, so that nobody counted."""
    (workspace / "d.yaml").write_text("#" * (2 << 20))
    assert complaints(capsys) == (
        "Error:\nmanifests/d.yaml:1:1: too-large This file has more than 1,048,576 bytes, the most that is read.\n"
        "  Split it into several files.\n"
    )


@pytest.mark.parametrize("rate", ["1e-300", "0.0099", "0", "-1"])
def test_a_rate_at_which_no_plan_would_end_is_refused(
    rate: str, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody asks for less than a request in a hundred seconds, but a stranger who wants a pipeline to wait."""
    text = WORKSPACE.format(url="https://acme.example").replace("Second: 1000", f"Second: {rate}")
    (workspace / "workspace.yaml").write_text(text)
    assert complaints(capsys) == (
        "Error:\nmanifests/workspace.yaml:10:24: invalid-value targets.acme.requestsPerSecond should be greater than "
        f"or equal to 0.01, not {float(rate) if '.' in rate or 'e' in rate else rate}\n"
    )


def test_an_id_with_nothing_behind_it_creates_nothing(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only a manifest without the key asks for a new dataset."""
    (workspace / "d.yaml").write_text(f"{HEAD}metadata: {{name: d, target: acme, id: }}\nspec: {{tags: [x]}}\n")
    assert complaints(capsys) == (f"Error:\nmanifests/d.yaml:3:39: invalid-value metadata.id is refused: {NOTHING}\n")


def test_a_user_with_nothing_behind_his_key_is_told_the_same(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key of a mapping reads like a key of a manifest."""
    (workspace / "principals.yaml").write_text(
        "apiVersion: reconciler/v1\nkind: Principals\ntarget: acme\nusers: {ada: }\n"
    )
    assert f"manifests/principals.yaml:4:14: invalid-value users.ada is refused: {NOTHING}\n" in complaints(capsys)


def test_a_setting_with_nothing_behind_it_is_told_the_same(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Settings are checked by their provider, one by one."""
    (workspace / "workspace.yaml").write_text(
        "apiVersion: reconciler/v1\nkind: Workspace\ntargets:\n"
        '  v: {provider: clarifai, url: "https://api.clarifai.com", token: {env: T}, userId: , appId: x}\n'
    )
    found = complaints(capsys)
    assert f"manifests/workspace.yaml:4:85: invalid-value userId is refused: {NOTHING}\n" in found


@pytest.mark.parametrize(
    ("kind", "rest", "place"),
    [
        ("Profile", "metadata: {name: shared}\nspec: {tags: [x]}\n", ("3:18", "profile shared")),
        ("Workspace", WORKSPACE.format(url="https://acme.example").split("kind: Workspace\n")[1], ("2:7", "a second")),
    ],
)
def test_of_two_files_that_say_the_same_the_first_one_counts(
    kind: str, rest: str, place: tuple[str, str], workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the order of their names, whatever they hold; nothing else is made of the second one."""
    names = ("y.yaml", "z.yaml") if kind == "Profile" else ("z.yaml",)
    for name in names:
        (workspace / name).write_text(f"apiVersion: reconciler/v1\nkind: {kind}\n{rest}")
    found = complaints(capsys).splitlines()
    assert len(found) == 2
    assert found[1].startswith(f"manifests/z.yaml:{place[0]}: duplicate-manifest {place[1]}")


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ("[]", "4:26: invalid-value spec.schema.columns should not be empty"),
        ("[{name: a, kind: LONG}]", '4:27: missing-key "spec.schema.columns.0.type" is missing'),
    ],
)
def test_a_list_is_empty_only_where_nothing_is_in_it(
    columns: str, told: str, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong with its items is said of them."""
    (workspace / "d.yaml").write_text(
        f"{HEAD}metadata: {{name: d, target: acme, id: x}}\nspec: {{schema: {{columns: {columns}}}}}\n"
    )
    found = complaints(capsys)
    assert f"manifests/d.yaml:{told}\n" in found
    assert ("empty" in found) == (columns == "[]")
    assert "Tuple" not in found


@pytest.mark.parametrize(
    ("make", "why"),
    [
        pytest.param(
            lambda path: path.symlink_to("/etc/hostname"), "it is a link, and links are not followed", id="link"
        ),
        pytest.param(
            lambda path: path.symlink_to("nowhere"), "it is a link, and links are not followed", id="dangling"
        ),
        pytest.param(os.mkfifo, "it is not a regular file", id="pipe"),
    ],
)
def test_what_is_named_as_a_manifest_and_not_read_is_said(
    make: Callable[[Path], None], why: str, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dataset must not become unmanaged because its file came as a link."""
    make(workspace / "d.yaml")
    assert complaints(capsys) == f"Error:\nmanifests/d.yaml:1:1: unreadable-file the file cannot be read: {why}\n"


@pytest.mark.parametrize(("name", "to"), [("finance", "../shared"), ("v1.2", "../shared"), ("finance", "../missing")])
def test_a_linked_folder_is_refused_like_a_linked_file(
    name: str, to: str, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All the manifests behind it would become unmanaged; a folder that is missing here may be there in CI."""
    Path("shared").mkdir()
    (workspace / name).symlink_to(to)
    why = "the file cannot be read: it is a link, and links are not followed"
    assert complaints(capsys) == f"Error:\nmanifests/{name}:1:1: unreadable-file {why}\n"


def test_a_link_to_what_is_no_manifest_is_nobody_s_business(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a file of that name is not; nor is one that is hidden."""
    Path("notes.md").write_text("x")
    (workspace / "README.md").symlink_to("../notes.md")
    (workspace / ".hidden").symlink_to("..")
    assert run(["validate"]) == 0
    assert capsys.readouterr().out == "2 manifests are valid.\n"


def test_the_suffix_may_be_written_in_capitals(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`ORDERS.YAML` is a manifest like any other."""
    (workspace / "D.YAML").write_text(f"{HEAD}metadata: {{name: d, target: acme}}\nspec: {{tag: [x]}}\n")
    assert complaints(capsys).startswith('Error:\nmanifests/D.YAML:4:8: unknown-key unknown key "tag"\n')


BARE = "write the bare address, https://HOST, without user, password, query or fragment"
HOST = "write the host in letters, digits and hyphens, without a dot at its end"
PATH = "write the path in letters, digits and hyphens, without empty, . or .. parts"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        pytest.param("https://ada:s3cret@acme.example", BARE, id="password"),
        pytest.param("https://acme.example?token=s3cret", BARE, id="query"),
        pytest.param("https://acme.example/#x", BARE, id="fragment"),
        pytest.param("'https://acme example'", BARE, id="space"),
        pytest.param("https://acme.example:99999", "Port out of range 0-65535", id="port"),
        pytest.param("'https://[::1'", "Invalid IPv6 URL", id="bracket"),
        pytest.param("https://acme.example.", HOST, id="last dot"),
        pytest.param("https://acme\u3002example", HOST, id="ideographic dot"),
        pytest.param("https://acmé.example", HOST, id="accent"),
        pytest.param("https://%61cme.example", HOST, id="escaped host"),
        pytest.param("https://10.1", HOST, id="short number"),
        pytest.param("https://0x0a.0.0.1", HOST, id="number of base 16"),
        pytest.param("'https://[0:0::1]'", HOST, id="long number"),
        pytest.param("https://acme.example/x/..", PATH, id="way back"),
        pytest.param("https://acme.example/./x", PATH, id="way on the spot"),
        pytest.param("https://acme.example//x", PATH, id="empty part"),
        pytest.param("https://acme.example/%2e%2e", PATH, id="escaped path"),
        pytest.param(
            "http://127.0.0.1.acme.example",
            "'http://127.0.0.1.acme.example' is not an address a token may be sent to; use https, http on loopback, "
            'or "sandbox:"',
            id="nearly loopback",
        ),
    ],
)
def test_an_address_no_token_may_be_sent_to(
    url: str, why: str, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is refused offline, and a password in it is not repeated."""
    (workspace / "workspace.yaml").write_text(WORKSPACE.format(url=url))
    assert complaints(capsys) == (
        f"Error:\nmanifests/workspace.yaml:6:10: invalid-value targets.acme.url is refused: {why}\n"
    )


def test_one_principal_written_in_two_ways_is_granted_access_twice(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By its key and by its id: which of the two grants should hold?"""
    (workspace / "d.yaml").write_text(
        f"{HEAD}metadata: {{name: d, target: acme, id: x}}\nspec:\n  permissions:\n"
        "    - {principal: user:governance-bot, access: CO_OWNER}\n"
        '    - {principal: "user:#900", access: CAN_VIEW}\n'
    )
    assert complaints(capsys) == (
        "Error:\n"
        "manifests/d.yaml:6:19: duplicate-item user:governance-bot is granted access 2 times\n"
        "manifests/d.yaml:7:19: duplicate-item user:governance-bot is granted access 2 times\n"
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(None, "cannot be read: No such file or directory", id="missing"),
        pytest.param(b" \n", "is empty", id="empty"),
        pytest.param(b"\xff\xfe", "is not text", id="bytes"),
        pytest.param(b"x" * (2**16 + 1), "holds more than 64 KiB", id="long"),
        pytest.param(b"a\nb", "holds something that is not a token", id="two lines"),
    ],
)
def test_a_file_without_a_token(
    content: bytes | None, why: str, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message says what is wrong with the file."""
    text = (workspace / "workspace.yaml").read_text()
    (workspace / "workspace.yaml").write_text(text.replace("{env: DOMO_TOKEN}", "{file: ../token}"))
    (workspace / "d.yaml").write_text(f"{HEAD}metadata: {{name: d, target: acme, id: x}}\nspec: {{tags: [x]}}\n")
    if content is not None:
        Path("token").write_bytes(content)
    assert run(["plan"]) == 1
    assert capsys.readouterr() == (
        "",
        (
            "Error:\nmanifests/workspace.yaml:7:12: token-missing the token of target acme is missing: "
            f"the file manifests/../token {why}\n  Write the token into it; keep it out of git.\n"
        ),
    )


def behind(workspace: Path, monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    """A dataset of a target that is reached through `proxy`."""
    monkeypatch.setenv("DOMO_TOKEN", "some-token")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    (workspace / "d.yaml").write_text(f"{HEAD}metadata: {{name: d, target: acme, id: x}}\nspec: {{tags: [x]}}\n")


def test_a_proxy_that_is_none_is_said_so_before_anything_is_asked(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By its variable, which may hold a password; it is a mistake of whoever set it, not a defect."""
    behind(workspace, monkeypatch, "http://user:canary@proxy.corp:web")
    assert run(["plan"]) == 1
    assert capsys.readouterr().err == (
        "Error:\nnot-connected: HTTPS_PROXY is no address of a proxy\n"
        "  Write http://HOST:PORT, with http://USER:PASSWORD@HOST:PORT where it asks for them.\n"
    )


def test_a_proxy_that_cannot_be_reached_is_not_taken_for_the_target(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The url of the target is right."""
    behind(workspace, monkeypatch, "http://user:canary@127.0.0.1:9")
    assert run(["plan"]) == 1
    told = capsys.readouterr().err
    assert "target acme cannot be reached: HTTPS_PROXY names a proxy that cannot be reached: [Errno" in told
    assert (
        "Check HTTPS_PROXY, or name the host of target acme in NO_PROXY if it can be reached without a proxy." in told
    )
    assert "canary" not in told


@pytest.mark.parametrize("kind", ["device", "pipe"])
def test_a_token_is_read_from_a_file_and_nothing_else(
    kind: str, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A device may never end, and a pipe never begin."""
    path = "/dev/zero" if kind == "device" else str(Path("it").absolute())
    if kind == "pipe":
        os.mkfifo(path)
    text = (workspace / "workspace.yaml").read_text()
    (workspace / "workspace.yaml").write_text(text.replace("{env: DOMO_TOKEN}", f"{{file: {path}}}"))
    (workspace / "d.yaml").write_text(f"{HEAD}metadata: {{name: d, target: acme, id: x}}\nspec: {{tags: [x]}}\n")
    assert run(["plan"]) == 1
    assert f"the token of target acme is missing: the file {path} is no regular file\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (
            ("explain", "orders"),
            64,
            "There is no code 'orders'. `reconciler explain` lists them; a dataset is named as TARGET/NAME.\n",
        ),
        (("explain", "colum-dropped"), 64, "There is no code 'colum-dropped'. Did you mean column-dropped?\n"),
        (("drift", "--heal", "tag"), 64, '--heal tag: there is no facet "tag". Did you mean tags?\n'),
        (
            ("apply", "manifests"),
            1,
            "  Name a file that `plan --out FILE` wrote; the workspace's folder is named with -w.\n",
        ),
    ],
)
def test_what_was_meant_by_a_word_is_told(
    words: tuple[str, ...], code: int, told: str, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A dataset for a code, a facet that nearly is one, a workspace for a plan."""
    del workspace
    assert run([*words]) == code
    assert capsys.readouterr().err.endswith(told)
