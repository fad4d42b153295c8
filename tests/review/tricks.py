"""What a stranger may commit to a fork so that a review runs, reads or breaks something.

Every trick changes the checked-out repository `at`, on its branch `change`; beside it lies `at.parent/outside`, which
nothing may read, and where a program is run it leaves `at.parent/hit`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from .repository import WORKSPACE, commit, dataset, git, write

Trick = Callable[[Path], object]
HIT = "touch {at.parent}/hit; cat"


def link(name: str, to: str) -> Trick:
    """A symbolic link; `{outside}` in what it leads to."""

    def trick(at: Path) -> None:
        (at / name).unlink(missing_ok=True)
        (at / name).symlink_to(to.format(outside=at.parent / "outside"))

    return trick


def files(texts: Mapping[str, str]) -> Trick:
    return lambda at: write(at, {name: text.format(at=at) if "{at" in text else text for name, text in texts.items()})


def manifest(text: str) -> Trick:
    return lambda at: write(at, {"manifests/trick.yaml": text})


def raw(content: bytes) -> Trick:
    return lambda at: (at / "manifests/trick.yaml").write_bytes(content)


def named(*names: bytes) -> Trick:
    """Sound manifests under unsound names."""

    def trick(at: Path) -> None:
        for number, name in enumerate(names):
            path = os.fsencode(at / "manifests") + b"/" + name
            with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - no Path has such a name
                file.write(dataset(f"d{number}", "{tags: [x]}", str(number + 10)))

    return trick


def configured(*settings: str) -> Trick:
    """Programs that porcelain would run, by the clone's own configuration."""

    def trick(at: Path) -> None:
        write(at, {".gitattributes": "* diff=evil filter=evil merge=evil\n"})
        for name in settings:
            git(at, "config", name, HIT.format(at=at))

    return trick


def hooks(at: Path) -> None:
    for name in ("post-checkout", "pre-auto-gc", "reference-transaction", "post-index-change", "fsmonitor-watchman"):
        path = at / ".git/hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch {at.parent}/hit\n")
        path.chmod(0o755)


def embedded(at: Path) -> None:
    """A bare repository among the manifests, whose base is the head; asked what differs, git would run its filter."""
    inside, long_ago = at / "manifests", 1_700_000_000
    names = [path.name for path in inside.iterdir()]
    shutil.copytree(at / ".git", inside, dirs_exist_ok=True)
    inner = (f"--git-dir={inside}", f"--work-tree={inside}")
    for name, value in (("worktree", "."), ("checkStat", "minimal"), ("trustctime", "false")):
        git(at, *inner, "config", f"core.{name}", value)
    for name in names:
        os.utime(inside / name, (long_ago, long_ago))
    git(inside, *inner, "rm", "-r", "--cached", "--quiet", ".")
    git(inside, *inner, "add", *names)
    git(inside, *inner, "commit", "--quiet", "--message", "embedded")
    git(inside, *inner, "branch", "--force", "main", "HEAD")
    os.utime(inside / "index", (long_ago - 9, long_ago - 9))
    git(at, *inner, "config", "filter.evil.clean", HIT.format(at=at))
    write(inside, {"info/attributes": "* filter=evil\n"})


def submodule(at: Path) -> None:
    text = '[submodule "x"]\n\tpath = manifests/sub\n\turl = http://127.0.0.1:9/x\n\tupdate = !touch hit\n'
    write(at, {".gitmodules": text})
    for name in ("sub", "sub.yaml"):
        git(at, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},manifests/{name}")


def same_names(at: Path) -> None:
    """Tags, and a branch that looks like a flag, where branches are meant."""
    git(at, "tag", "main", "HEAD")
    git(at, "tag", "change", "HEAD")
    git(at, "update-ref", "refs/heads/--all", "HEAD")


def base_bomb(at: Path) -> None:
    """The bomb is in the base, where nobody under review has put it."""
    git(at, "switch", "--quiet", "main")
    write(at, {"manifests/bomb.yaml": "[" * 500_000})
    commit(at, "bomb")
    git(at, "switch", "--quiet", "--force-create", "change")
    (at / "manifests/bomb.yaml").unlink()


def others(at: Path) -> None:
    """A list as long as a file can hold, and in the base one as long, of nothing but others."""
    for branch, letter in (("main", "a"), ("change", "b")):
        git(at, "switch", "--quiet", "--force-create", branch, "main")
        many = ", ".join(f"{letter}{number}*" for number in range(24_900))
        write(at, {"manifests/many.yaml": dataset("many", f"{{tags: {{values: [], ignore: [{many}]}}}}", "7")})
        commit(at, branch)


def sparse(size: int) -> Trick:
    def trick(at: Path) -> None:
        with (at / "manifests/large.yaml").open("wb") as file:
            file.truncate(size)

    return trick


def turned_into_a_file(at: Path) -> None:
    for path in (at / "manifests").iterdir():
        path.unlink()
    (at / "manifests").rmdir()
    (at / "manifests").write_text("x")


def turned_into_a_link(at: Path) -> None:
    (at / "manifests").rename(at / "elsewhere")
    (at / "manifests").symlink_to("elsewhere")


USER = "  u{0}: {{id: '1{0:06}'}}\n"

COMMITTED: Mapping[str, Trick] = {
    "link to a file outside": link("manifests/secret.yaml", "{outside}/secret.yaml"),
    "link to a folder outside": link("manifests/linked", "{outside}"),
    "link to a folder outside, named as a manifest": link("manifests/linked.yaml", "{outside}"),
    "link upwards": link("manifests/loop", ".."),
    "link to itself": link("manifests/self.yaml", "self.yaml"),
    "link to nothing": link("manifests/gone.yaml", "{outside}/nothing.yaml"),
    "link to passwords": link("manifests/passwd.yaml", "/etc/passwd"),
    "link to the environment": link("manifests/environ.yaml", "/proc/self/environ"),
    "link to a device": link("manifests/zero.yaml", "/dev/zero"),
    "the workspace's manifest is a link": link("manifests/workspace.yaml", "{outside}/secret.yaml"),
    "the workspace is a link": turned_into_a_link,
    "the workspace is a file": turned_into_a_file,
    "submodules": submodule,
    "names like flags": named(b"-rf.yaml", b"--output=x.yaml", b"-.yaml"),
    "names with newlines": named(b"new\nline.yaml", b"a\r\nb.yaml"),
    "names like commands": named(b"$(touch hit).yaml", b"'; touch hit #.yaml", b"`touch hit`.yaml", b"|touch hit.yaml"),
    "names like workflow commands": named(b"::error::x.yaml", b"::add-mask::a.yaml", b"##[group]x.yaml"),
    "names with escapes": named(b"\x1b[31mred.yaml", b"\x1b]8;;http:x\x07y.yaml", b"\x07.yaml", b"\x7f.yaml"),
    "names that are no UTF-8": named(b"\xff.yaml", b"\xc3\x28.yaml", b"\xed\xa0\x80.yaml"),
    "names that read backwards": named("\u202elmay.x.yaml".encode(), "a\u200bb.yaml".encode()),
    "names that differ in case": named(b"Same.yaml", b"same.yaml", b"SAME.YAML", b"A.yaml"),
    "names that differ in composition": named("\u00e9.yaml".encode(), "e\u0301.yaml".encode()),
    "names of devices": named(b"con.yaml", b"nul.yaml", b"aux.yml", b"COM1.yaml"),
    "names like path patterns": named(b":(top)x.yaml", b"*.yaml", b"[a].yaml", b":!x.yaml", b"a\\b.yaml"),
    "names like git's own": named(b"git~1.yaml", b"HEAD.yaml", b"index.lock.yaml"),
    "a long name": named(b"x" * 250 + b".yaml"),
    "deep folders": files({"manifests/" + "d/" * 200 + "x.yaml": "a: b\n"}),
    "a thousand files": files({f"manifests/n{n}.yaml": "a: b\n" for n in range(1_000)}),
    "programs for diffs": configured("diff.evil.textconv", "diff.evil.command", "diff.external", "core.pager"),
    "programs for contents": configured("filter.evil.smudge", "filter.evil.clean", "filter.evil.process"),
    "programs for the rest": configured("core.fsmonitor", "core.sshCommand", "core.askPass", "credential.helper"),
    "aliases": configured("alias.rev-parse", "alias.cat-file", "alias.ls-tree", "pager.ls-tree", "pager.cat-file"),
    "attributes": files({".gitattributes": "* export-subst ident working-tree-encoding=latin-1 eol=crlf -text\n"}),
    "large-file pointers": files(
        {".gitattributes": "* filter=lfs\n", ".lfsconfig": "[lfs]\n\turl = http://127.0.0.1:9\n"}
    ),
    "configuration that is committed": files({".gitconfig": "[core]\n\tpager = touch hit\n", ".mailmap": "a <b>\n"}),
    "hooks": hooks,
    "a bare repository": embedded,
    "Python to import": files({"click.py": "open('hit', 'w')\n", "sitecustomize.py": "open('hit', 'w')\n"}),
    "plug-ins to import": files({"conftest.py": "open('hit', 'w')\n", "manifests/__init__.py": "open('hit', 'w')\n"}),
    "a large file": sparse(50 * 2**20),
    "nesting": manifest("[" * 500_000),
    "aliases that multiply": manifest("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"),
    "a merge of itself": manifest("a: &a\n  <<: *a\n"),
    "tags that run": manifest("a: !!python/object/apply:os.system ['touch hit']\n"),
    "tags that include": manifest("a: !include ../../outside/secret.yaml\nb: {$ref: ../../outside/secret.yaml}\n"),
    "variables": manifest(dataset("env", "{tags: ['${HOME}', '$(touch hit)', '{{ env.HOME }}']}", "7")),
    "a token outside": files({"manifests/workspace.yaml": WORKSPACE.replace("env: DOMO", "file: ../outside/X")}),
    "a time zone outside": manifest(dataset("z", "{schedule: {type: DAY, timezone: ../../outside/secret.yaml}}", "7")),
    "an address inside": files({"manifests/workspace.yaml": WORKSPACE.replace("https://acme", "https://127.0.0.1:9/")}),
    "a long line": manifest("# " + "x" * 900_000),
    "many documents": manifest("---\na: b\n" * 20_000),
    "tags without end": files(
        {"manifests/a.yaml": dataset("a", f"{{tags: [{', '.join(map('t{}'.format, range(24_900)))}]}}")}
    ),
    "others without end": others,
    "people without end": files(
        {
            "manifests/workspace.yaml": WORKSPACE.replace(
                "users:\n", "users:\n" + "".join(map(USER.format, range(8_000)))
            )
        }
    ),
    "large numbers": manifest(f"a: 1e999999999\nb: {'9' * 100_000}\nc: 0x{'f' * 100_000}\nd: 1:{'59:' * 9_000}0\n"),
    "dates that are none": manifest("a: 9999-99-99\nb: 2001-12-14t21:59:43.10-05:00\n"),
    "NUL and control characters": raw(b"a: \0\x01\x1b[2J\x7f\n"),
    "other encodings": raw("kind: Dataset\n".encode("utf-16")),
    "half a character": raw(b"kind: \xf0\x9f"),
    "a bomb in the base": base_bomb,
    "names that mean two": same_names,
}
"""What is committed to the branch afterwards, as far as git does that."""
