"""The audit log: a line for each action, which nobody can change unnoticed, and what it answers."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock

from reconciler.app.accesshistory import Query, known_on
from reconciler.app.journaling import mark_audited
from tests.campaigns import stage

from .bench import Bench, Json
from .conftest import Set


@pytest.fixture
def applied(bench: Set, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("GITHUB_RUN_ID", "4711")
    it = bench(existing=1, new=1)
    assert it.apply()[0] == 0
    return it


def log(it: Bench) -> list[Json]:
    return [json.loads(line) for line in (it.state / "audit.jsonl").read_text().splitlines()]


def test_each_action_has_a_line_that_says_who_what_and_why(applied: Bench) -> None:
    """Who, from which commit and plan, before and after; what was there already has none."""
    lines = log(applied)
    assert [line["step"] for line in lines] == [
        event["step"] for event in applied.events() if event["event"] == "outcome" and not event.get("already")
    ]
    line = next(line for line in lines if line["step"] == "acme/d0.permissions#revoke")
    plan = applied.events(0)[0]["plan_id"]
    kept = {name: line[name] for name in ("actor", "run", "dataset", "id", "verb", "state", "plan_id", "commit")}
    assert kept == {
        "actor": "user:bot",
        "run": "GITHUB_RUN_ID=4711",
        "dataset": "acme/d0",
        "id": stage.identifier(0),
        "verb": "revoke",
        "state": "done",
        "plan_id": plan,
        "commit": None,
    }
    assert {"principal": "user:cy", "id": "102", "access": "CAN_EDIT"} in line["before"]
    assert {"principal": "user:cy", "id": "102", "access": "CAN_VIEW"} in line["after"]
    assert [line["n"] for line in lines] == list(range(1, len(lines) + 1))


@pytest.mark.parametrize(("kind", "state"), [("lost", "uncertain"), ("500-after", "uncertain"), ("401", "refused")])
def test_a_creation_that_failed_has_a_line_too(kind: str, state: str, bench: Set) -> None:
    """It was sent: what may have been made by it, and nobody was told of, is looked for in the log."""
    it = bench(existing=0, new=1, world="documented")
    it.sandbox.faults.script("POST", "/api/data/v2/datasources", kind, times=9)
    assert it.apply()[0] == 5
    told = [{name: line[name] for name in ("step", "verb", "id", "state", "before", "after")} for line in log(it)]
    assert told == [
        {"step": "acme/new0.schema#create", "verb": "create", "id": None, "state": state, "before": [], "after": None}
    ]
    assert stage.unaccounted(it.folder) == ""


def tampered(lines: list[bytes]) -> dict[str, list[bytes]]:
    return {
        "a byte": [*lines[:3], lines[3].replace(b"user:bot", b"user:bob"), *lines[4:]],
        "a line removed": lines[:3] + lines[4:],
        "the first removed": lines[1:],
        "the last removed": lines[:-1],
        "half removed": lines[: len(lines) // 2],
        "all removed": [],
        "two swapped": [*lines[:3], lines[4], lines[3], *lines[5:]],
        "a line twice": [*lines[:3], lines[3], *lines[3:]],
        "a line of another kind": [*lines[:3], b"{}", *lines[3:]],
        "not JSON": [*lines[:3], b"x", *lines[4:]],
        "the last changed": [*lines[:-1], lines[-1].replace(b"user:bot", b"user:bob")],
    }


def test_what_is_wrong_with_the_log_is_told_in_the_order_of_its_lines(applied: Bench) -> None:
    """A line that went moves all that follow: that is one flaw, and what journals know of each line are others."""
    path = applied.state / "audit.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2] + lines[3:]))
    code, out, err = applied.run("audit", "verify")
    assert (code, out) == (1, "")
    told = [line.partition(": audit-broken ") for line in err.splitlines() if "audit-broken" in line]
    assert [(place.removeprefix(path.as_posix()), summary) for place, _, summary in told] == [
        (":3:1", "line 3 says it is line 4: lines were removed, added or moved"),
        (":10:1", "lines 11 to 11 are missing: a journal knows of them"),
    ]


def test_whatever_is_changed_is_found(applied: Bench) -> None:
    """Bytes, lines, order, the end: `audit verify` says where, and exits 1."""
    path = applied.state / "audit.jsonl"
    data = path.read_bytes()
    code, out, _ = applied.run("audit", "verify")
    assert (code, out.startswith("audit.jsonl: 11 lines, unbroken. Head: ")) == (0, True), out
    path.write_bytes(data.splitlines(keepends=True)[0])
    shutil.move(applied.state / "journal", applied.state / "elsewhere")
    assert applied.run("audit", "verify")[1].startswith("audit.jsonl: 1 line, unbroken. Head: ")
    shutil.move(applied.state / "elsewhere", applied.state / "journal")
    for name, lines in tampered(data.splitlines()).items():
        path.write_bytes(b"".join(line + b"\n" for line in lines))
        code, out, err = applied.run("audit", "verify")
        assert (code, out) == (1, ""), name
        assert "audit-broken" in err, name


def test_every_byte_counts(applied: Bench) -> None:
    """Each single flipped bit of the log is found; only behind its last line break may a crash have left something."""
    path = applied.state / "audit.jsonl"
    data = path.read_bytes()
    for place in range(0, len(data) - 1, 97):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert applied.run("audit", "verify")[0] == 1, place


def test_a_head_that_was_kept_elsewhere_is_looked_for(applied: Bench) -> None:
    """Whoever can also rewrite the journals is found by a head in a CI log."""
    _, out, _ = applied.run("audit", "verify")
    head = out.split()[-1]
    assert applied.run("audit", "verify", "--head", head)[0] == 0
    path = applied.state / "audit.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in path.read_bytes().splitlines()[:-1]))
    for journal in applied.journals:
        journal.unlink()
    assert applied.run("audit", "verify")[0] == 0
    assert applied.run("audit", "verify", "--head", head)[0] == 1


def test_a_killed_apply_gets_its_lines_from_its_journal(applied: Bench) -> None:
    """The log ends in the middle of a line, and the process never noted its end: the next apply mends both."""
    path, journal = applied.state / "audit.jsonl", applied.journals[0]
    whole = log(applied)
    lines = path.read_bytes().splitlines()
    path.write_bytes(b"".join(line + b"\n" for line in lines[:6]) + lines[6][:40])
    journal.write_bytes(
        b"".join(line for line in journal.read_bytes().splitlines(keepends=True) if b'"end"' not in line)
    )
    assert "A crash cut the line after it" in applied.run("audit", "verify")[1]
    applied.vendor("POST", f"/api/data/ui/v3/datasources/{stage.identifier(0)}/tags", ["mine"])
    assert applied.apply()[0] == 0
    names = ("step", "state", "before", "after", "changes", "id")
    again = log(applied)
    assert [{name: line[name] for name in names} for line in again[: len(whole)]] == [
        {name: line[name] if (name, line["verb"]) != ("id", "create") else None for name in names} for line in whole
    ]
    assert [line.get("recovered") for line in again] == [None] * 6 + [True] * (len(whole) - 6) + [None]
    applied.assert_settled()


def test_the_lines_are_added_although_nothing_is_left_to_apply(applied: Bench) -> None:
    """Killed behind its last write: the next apply finds no changes and still accounts for what was done, once."""
    whole = log(applied)
    (applied.state / "audit.jsonl").unlink()
    journal = applied.journals[0]
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-1]))
    with FileLock(applied.state / "lock.acme"):
        assert applied.apply()[:2] == (0, "No changes. Live state matches the manifests.\n")
        assert applied.run("audit", "show")[1] == "Nothing.\n"
    for _ in range(2):
        assert applied.apply()[:2] == (0, "No changes. Live state matches the manifests.\n")
        assert [(line["step"], line["actor"], line["recovered"]) for line in log(applied)] == [
            (line["step"], line["actor"], True) for line in whole
        ]
    assert len(applied.journals) == 1
    applied.assert_settled()


def killed_behind_its_last_write(it: Bench) -> list[Json]:
    """Take away the log and the journal's end; what the log had."""
    whole = log(it)
    (it.state / "audit.jsonl").unlink()
    journal = it.journals[0]
    journal.write_bytes(b"".join(journal.read_bytes().splitlines(keepends=True)[:-1]))
    return whole


def test_a_saved_plan_without_changes_adds_them_too(applied: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line names who the token acted as then, and no token is needed for it."""
    assert applied.run("plan", "--out", "nothing.json")[0] == 0
    whole = killed_behind_its_last_write(applied)
    workspace = Path("manifests/workspace.yaml")
    workspace.write_text(workspace.read_text().replace("user:bot", "user:ada"))
    monkeypatch.delenv("DOMO_TOKEN")
    code, _, err = applied.run("apply", "nothing.json")
    assert code == 0, err
    assert [(line["step"], line["actor"]) for line in log(applied)] == [(line["step"], line["actor"]) for line in whole]


def test_an_apply_to_some_of_their_targets_adds_them_too(applied: Bench) -> None:
    """Killed while it was about two targets; the next apply has something to do at one, and accounts for both."""
    whole = killed_behind_its_last_write(applied)
    workspace, journal = Path("manifests/workspace.yaml"), applied.journals[0]
    document = json.loads(workspace.read_text())
    document["targets"]["other"] = {**document["targets"]["acme"], "actor": "user:#900"}
    workspace.write_text(json.dumps(document))
    begin, *rest = journal.read_text().splitlines(keepends=True)
    journal.write_text(json.dumps({**json.loads(begin), "targets": ["acme", "other"]}) + "\n" + "".join(rest))
    applied.vendor("POST", f"/api/data/ui/v3/datasources/{stage.identifier(0)}/tags", ["mine"])
    with FileLock(applied.state / "lock.other"):
        code, _, err = applied.apply()
        assert code == 0, err
        assert [line["step"] for line in log(applied)] == ["acme/d0.tags#tag"]
    applied.vendor("POST", f"/api/data/ui/v3/datasources/{stage.identifier(0)}/tags", ["mine"])
    code, _, err = applied.apply()
    assert (code, "killed, and no undo plan takes back what it may have done" in err) == (0, True), err
    steps = ["acme/d0.tags#tag", "acme/d0.tags#tag", *(line["step"] for line in whole)]
    assert [line["step"] for line in log(applied)] == steps
    assert applied.run("audit", "verify")[0] == 0
    applied.assert_settled()


def test_a_log_that_cannot_be_read_is_told(applied: Bench) -> None:
    """Whether anything is left to apply or not; nothing is begun meanwhile."""
    killed_behind_its_last_write(applied)
    (applied.state / "audit.jsonl").mkdir()
    code, _, err = applied.apply()
    assert (code, "audit-failed: the audit log cannot be read: Is a directory" in err) == (1, True), err
    applied.vendor("POST", f"/api/data/ui/v3/datasources/{stage.identifier(0)}/tags", ["mine"])
    before = applied.writes()
    code, _, err = applied.apply()
    assert (code, "audit-failed: the audit log cannot be written: Is a directory" in err) == (5, True), err
    assert applied.writes() == before


def test_a_journal_that_does_not_begin_yet_is_left_to_its_apply(applied: Bench) -> None:
    """Another one may be about to write its first line, under a lock that we do not hold."""
    fresh = applied.journals[0].with_name("99990101T000000000000Z-fresh.jsonl")
    fresh.touch()
    assert applied.apply()[0] == 0
    assert fresh.read_bytes() == b""


def test_who_had_access_on_a_day_and_by_which_commit(applied: Bench) -> None:
    """Before, by whom nobody knows; after, by this plan; through a group, by its members as they are now."""
    principals = Path("manifests/principals.yaml")
    document = json.loads(principals.read_text())
    document["groups"] = {"all": {"id": "g", "members": ["dee"]}}
    principals.write_text(json.dumps(document))
    code, out, _ = applied.run("audit", "show", "--on", "2020-01-01", "--dataset", "d0")
    late = "the access list was first read <moment>, after that day: others may have had access, too"
    assert (code, steady(out)) == (
        0,
        [
            f"acme/d0 (read <moment>; {late})",
            "  OWNER     user:ada: since when is not known",
            "  CAN_EDIT  user:cy: since when is not known",
            "  CO_OWNER  user:bot: since when is not known",
        ],
    )
    (known,) = json.loads(applied.run("audit", "show", "--on", today(), "--dataset", "d0", "--format", "json")[1])
    plan = applied.events(0)[0]["plan_id"]
    assert (known["dataset"], known["complete"], known["access_list_read"] is None) == ("acme/d0", True, False)
    found = known["access"]
    assert [(each["principal"], each["level"], each["since"] and each["since"]["plan_id"]) for each in found] == [
        ("user:ada", "CO_OWNER", plan),
        ("user:bo", "OWNER", plan),
        ("user:cy", "CAN_VIEW", plan),
        ("user:dee", "CAN_VIEW", plan),
        ("user:bot", "CO_OWNER", None),
    ]


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def steady(text: str) -> list[str]:
    return re.sub(r"\d{4}-\d\d-\d\dT\S+\+00:00", "<moment>", text).splitlines()


def test_a_list_that_no_apply_read_is_not_called_whole(bench: Set) -> None:
    """Of a hand-over alone both owners are known, and nobody else; in each format that is said."""
    it = bench(existing=1)
    path = Path("manifests/d0.yaml")
    whole = json.loads(path.read_text())
    path.write_text(json.dumps({**whole, "spec": {"owner": "user:bo"}}))
    assert it.apply()[0] == 0
    show = ("audit", "show", "--on", today())
    title, *rows = steady(it.run(*show)[1])
    assert title == (
        "acme/d0 (read <moment>; the access list was never read by an apply: others may have had access, too)"
    )
    assert [row.partition(":")[0:1] + tuple(row.split(": since")[0].split(" user:")[1:]) for row in rows] == [
        ("  as the vendor left it at a hand-over user", "ada"),
        ("  OWNER     user", "bo"),
    ]
    (known,) = json.loads(it.run(*show, "--principal", "user:dee", "--format", "json")[1])
    assert (known["complete"], known["access_list_read"], known["access"]) == (False, None, [])
    assert steady(it.run(*show, "--principal", "user:dee")[1]) == [title]
    path.write_text(json.dumps(whole))
    assert it.apply()[0] == 0
    title, *rows = steady(it.run(*show)[1])
    assert (title, len(rows)) == ("acme/d0 (read <moment>)", 5)


def test_nobody_knows_who_will_have_access(applied: Bench) -> None:
    """A day to come is not in a log; nor is what no apply has changed."""
    code, out, err = applied.run("audit", "show", "--on", "2999-01-01")
    assert (code, out) == (64, "")
    assert "--on 2999-01-01: that day is still to come, and the log tells what was." in err
    assert applied.run("audit", "show", "--on", today(), "--dataset", "other")[1] == (
        "Nothing is known: no apply has changed who has access.\n"
    )


def test_what_was_done_to_whom(applied: Bench) -> None:
    """By principal, by dataset and since a day."""

    def steps(*flags: str) -> list[str]:
        return [line["step"] for line in json.loads(applied.run("audit", "show", "--format", "json", *flags)[1])]

    assert steps("--principal", "user:cy") == ["acme/d0.permissions#revoke"]
    assert steps("--principal", "user:#102") == ["acme/d0.permissions#revoke"]
    assert steps("--principal", "user:dee") == ["acme/d0.permissions#grant", "acme/new0.permissions#grant"]
    assert len(steps("--dataset", "new*")) == 4
    assert steps("--since", "2999-01-01") == []
    assert len(steps("--since", "2020-01-01")) == 11
    assert applied.run("audit", "show", "--principal", "user:nobody")[0] == 1
    assert applied.run("audit", "show", "--since", "yesterday")[0] == 64


def test_no_log_is_no_error(bench: Set) -> None:
    """Before the first apply there is nothing to show and nothing to doubt."""
    it = bench()
    assert it.run("audit", "verify")[0] == 0
    assert it.run("audit", "show") == (0, "Nothing.\n", "")


def test_a_log_that_cannot_be_written_stops_further_steps(bench: Set) -> None:
    """What was done is added by the next apply; nothing further is begun meanwhile."""
    it = bench(existing=2)
    it.state.mkdir()
    (it.state / "audit.jsonl").mkdir()
    code, _, err = it.apply()
    assert code == 5
    assert "audit-failed" in err
    assert "not begun: the audit log cannot be written" in err
    assert len(it.writes()) == 1
    (it.state / "audit.jsonl").rmdir()
    assert it.apply()[0] == 0
    assert [line["step"] for line in log(it)][:2] == ["acme/d0.schema#alter", "acme/d0.tags#tag"]
    it.assert_settled()


def test_nothing_is_noted_in_a_journal_that_is_a_link(tmp_path: Path) -> None:
    """A repository may hold one, to any file."""
    victim, link = tmp_path / "victim", tmp_path / "20260101T000000000000Z-abc.jsonl"
    victim.write_text("precious")
    link.symlink_to(victim)
    with pytest.raises(OSError, match="symbolic link"):
        mark_audited(link)
    assert victim.read_text() == "precious"


@pytest.mark.parametrize("asked", ["acme/a.b/c*[d]", "a.b/c*[d]", "acme/a.b/*", "a.b/c[*][[]d]"])
def test_a_name_with_brackets_is_found_as_it_is_written(asked: str) -> None:
    """And a pattern goes on being one."""
    asks = Query((asked,)).takes_dataset
    assert [name for name in ("acme/a.b/c*[d]", "acme/other", "other/a.b/e") if asks(name)] == ["acme/a.b/c*[d]"]


@pytest.mark.parametrize("datasets", [1, 50])
def test_who_had_access_is_told_in_one_reading_of_the_log(datasets: int) -> None:
    """Many lines are read as often as few, about one dataset or about many."""
    reads: list[str] = []

    class Counted(dict[str, object]):
        def __getitem__(self, key: str) -> object:
            reads.append(key)
            return super().__getitem__(key)

        def get(self, key: str, default: object = None) -> object:
            reads.append(key)
            return super().get(key, default)

    people = [{"principal": f"user:u{number}", "id": str(number), "access": "CAN_VIEW"} for number in range(100)]
    lines = [
        Counted(
            at=f"2026-11-01T10:{number // 60:02}:{number % 60:02}+00:00",
            dataset=f"acme/d{number % datasets:02}",
            facet="permissions",
            before=people[:number],
            after=people[: number + 1],
            changes=[{"op": "add", "key": str(number), "before": None, "after": people[number]}],
        )
        for number in range(100)
    ]
    known = known_on(lines, Query(), datetime(2026, 11, 2, tzinfo=UTC))
    held = [(each.dataset, entry) for each in known for entry in each.held]
    assert [(dataset, each.principal, each.by) for dataset, each in held if each.principal == "user:u7"] == [
        (f"acme/d{place:02}", "user:u7", lines[7] if place == 7 % datasets else None) for place in range(datasets)
    ]
    assert len(held) == sum(100 - place for place in range(datasets))
    assert len(reads) < 30 * len(lines)


def line_of(
    day: int, facet: str, before: list[Json], after: list[Json], *changes: tuple[Json | None, Json | None]
) -> Json:
    return {
        "changes": [{"before": old, "after": new} for old, new in changes],
        "at": f"2026-11-{day:02}T12:00:00+00:00",
        "dataset": "acme/d",
        "facet": facet,
        "before": before,
        "after": after,
    }


def entry(name: str, access: str | None = None) -> Json:
    return {"principal": f"user:{name}", "id": name} | ({"access": access} if access else {})


def test_a_list_that_was_read_later_tells_as_much_as_it_can() -> None:
    """A hand-over on the 5th, the list read on the 9th: before, between and after; who came by it is not told early."""
    there = [entry("bot", "CO_OWNER"), entry("ada", "CO_OWNER"), entry("bo", "OWNER")]
    log = [
        line_of(5, "owner", [entry("ada")], [entry("bo")]),
        line_of(9, "permissions", [*there, entry("cy", "CAN_VIEW")], there),
    ]
    found = {
        day: [
            (known.complete, known.late, known.listed, sorted((each.principal, each.level) for each in known.held))
            for known in known_on(log, Query(), datetime(2026, 11, day, 23, tzinfo=UTC))
        ]
        for day in (1, 6, 9)
    }
    read = "2026-11-09T12:00:00+00:00"
    rest = [("user:bot", "CO_OWNER"), ("user:cy", "CAN_VIEW")]
    assert found == {
        1: [(False, True, read, [("user:ada", "OWNER"), *rest])],
        6: [(False, True, read, [("user:ada", "CO_OWNER"), ("user:bo", "OWNER"), *rest])],
        9: [(True, False, read, [("user:ada", "CO_OWNER"), ("user:bo", "OWNER"), rest[0]])],
    }


def test_a_dataset_is_one_whatever_it_was_called(applied: Bench) -> None:
    """What was revoked under its new name is not told as still there under the old one, whichever is asked for."""
    path = Path("manifests/d0.yaml")
    manifest = json.loads(path.read_text())
    manifest["metadata"]["name"] = "renamed"
    manifest["spec"]["permissions"] = [
        grant for grant in manifest["spec"]["permissions"] if grant["principal"] != "user:dee"
    ]
    path.write_text(json.dumps(manifest))
    assert applied.apply("--allow", "too-many-revocations")[0] == 0
    show = ("audit", "show", "--on", today(), "--dataset")
    told = [steady(applied.run(*show, name)[1]) for name in ("d0", "renamed")]
    assert [[row.partition(": ")[0] for row in rows] for rows in told] == 2 * [
        [
            "acme/renamed, formerly acme/d0 (read <moment>)",
            "  CO_OWNER  user:ada",
            "  OWNER     user:bo",
            "  CAN_VIEW  user:cy",
            "  CO_OWNER  user:bot",
        ]
    ]
    (known,) = json.loads(applied.run(*show, "d0", "--format", "json")[1])
    assert [known[name] for name in ("dataset", "id", "former_names")] == [
        "acme/renamed",
        stage.identifier(0),
        ["acme/d0"],
    ]


def test_two_datasets_of_one_name_are_two(bench: Set) -> None:
    """A manifest came to govern another dataset: what was done to the one says nothing of the other."""
    it = bench(existing=2)
    first, second = (json.loads(Path(f"manifests/d{number}.yaml").read_text()) for number in (0, 1))
    Path("manifests/d1.yaml").unlink()
    assert it.apply()[0] == 0
    first["metadata"]["id"] = second["metadata"]["id"]
    Path("manifests/d0.yaml").write_text(
        json.dumps({**first, "spec": {"permissions": [{"principal": "user:bot", "access": "CO_OWNER"}]}})
    )
    assert it.apply()[0] == 0
    rows = steady(it.run("audit", "show", "--on", today())[1])
    assert [row.partition(": ")[0] for row in rows] == [
        f"acme/d0 {stage.identifier(0)} (read <moment>)",
        "  CO_OWNER  user:ada",
        "  OWNER     user:bo",
        "  CAN_VIEW  user:cy",
        "  CAN_VIEW  user:dee",
        "  CO_OWNER  user:bot",
        f"acme/d0 {stage.identifier(1)} (read <moment>)",
        "  OWNER     user:ada",
        "  CO_OWNER  user:bot",
    ]


def test_what_somebody_else_gave_is_in_nobody_s_name() -> None:
    """Between two applies, and between the look and the reading back of one; what a hand-over leaves is by it."""
    bot, ada, bo, cy = entry("bot", "CO_OWNER"), entry("ada", "CO_OWNER"), entry("bo", "OWNER"), entry("cy", "CAN_VIEW")
    dee, eve = entry("dee", "CAN_VIEW"), entry("eve", "CAN_VIEW")
    edits, shares = entry("cy", "CAN_EDIT"), entry("cy", "CAN_SHARE")
    start = [bot, entry("ada", "OWNER")]
    log = [
        line_of(3, "permissions", [*start, edits], [*start, cy], (edits, cy)),
        line_of(5, "owner", [entry("ada")], [entry("bo")], (entry("ada"), entry("bo"))),
        line_of(7, "permissions", [bot, ada, bo, shares], [bot, ada, bo, shares, dee, eve], (None, dee)),
    ]
    found = {
        day: {
            each.principal.removeprefix("user:"): (each.by["at"][8:10] if each.by else None, each.others)
            for known in known_on(log, Query(), datetime(2026, 11, day, 23, tzinfo=UTC))
            for each in known.held
        }
        for day in (3, 5, 7)
    }
    before, theirs = (None, False), (None, True)
    assert found == {
        3: {"bot": before, "ada": before, "cy": ("03", False)},
        5: {"bot": before, "ada": ("05", False), "bo": ("05", False), "cy": ("03", False)},
        7: {
            "bot": before,
            "ada": ("05", False),
            "bo": ("05", False),
            "cy": theirs,
            "dee": ("07", False),
            "eve": theirs,
        },
    }
    asked = {
        name: [line["at"][8:10] for line in log if Query(principals={f"user:#{name}": None}).takes(line)]
        for name in ("cy", "eve")
    }
    assert asked == {"cy": ["03"], "eve": []}
