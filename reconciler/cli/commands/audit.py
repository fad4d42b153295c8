"""`reconciler audit`: the log of everything that applies did."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import click

from reconciler.app.accesshistory import Held, Known, Query, known_on, reaching
from reconciler.app.auditing import anchors
from reconciler.app.auditlog import Flaw, Line, audit_file, lines, verify
from reconciler.app.exits import Exit, Stop
from reconciler.app.foreign import check_state
from reconciler.app.surroundings import state_folder
from reconciler.app.workspaces import check
from reconciler.cli import options
from reconciler.cli.console import complain, result
from reconciler.cli.running import command_line, moment, use_case
from reconciler.core.diagnostics import Diagnostic, Source
from reconciler.manifests.files import is_folder, link_to
from reconciler.report.safe import terminal

SIGNS = {"add": "+", "drop": "-", "modify": "~"}
DAY = "YYYY-MM-DD, UTC."


@click.group
def command() -> None:
    """Show who changed what, when and by which commit; check that nobody changed the log."""


@command.command(name="verify", short_help="Check that the log is whole and nobody changed it.")
@options.workspace
@options.flag("--head", metavar="SHA256", help="A head that was kept elsewhere: its line must be there.")
@use_case
def verify_log(workspace: Path, head: str | None) -> int:
    """Check every line of the log, its place in the chain, and that none is missing."""
    state = _state(workspace)
    with _readable(state):
        checked = verify(state, anchors(state), head)
    if checked.flaws:
        raise Stop(Exit.ERROR, *(_broken(flaw, state) for flaw in checked.flaws))
    torn = " A crash cut the line after it; the next apply writes it anew." if checked.torn else ""
    count = checked.head.lines
    told = f"{count} {'line' if count == 1 else 'lines'}"
    result(f"{audit_file(state).name}: {told}, unbroken. Head: {checked.head.sha256}{torn}")
    return Exit.DONE


@command.command(short_help="Show what was done, or who had access on a day.")
@options.workspace
@options.flag("--principal", metavar="PRINCIPAL", help="Only whose access changed: user:KEY, group:KEY, user:#ID.")
@options.flag("--dataset", "globs", multiple=True, metavar="GLOB", help="Only datasets that match; repeatable.")
@options.flag("--since", metavar="DATE", help=f"Only from this day on. {DAY}")
@options.flag("--on", "day", metavar="DATE", help=f"Who had access at the end of this day, and since when. {DAY}")
@options.output_format(("text", "json"))
@use_case
def show(
    workspace: Path, principal: str | None, globs: tuple[str, ...], since: str | None, day: str | None, shape: str
) -> int:
    """Show what was done, the oldest first; with --on, who had access on a day and by which commit."""
    if since is not None and day is not None:
        raise click.UsageError("--since shows what was done, --on what was so: take one of them.")
    end = _past(day)
    state = _state(workspace)
    with _readable(state):
        flaws, log = verify(state, anchors(state)).flaws, lines(state)
    complain([_broken(flaw, state) for flaw in flaws])
    ending = Exit.ERROR if flaws else Exit.DONE
    keys = _reaching(workspace, principal)
    first = moment(since, "--since")
    begin = datetime.combine(first.date(), time(), UTC) if first else None
    query = Query(globs, keys, begin)
    if end is None:
        found = [line for line in log if query.takes(line)]
        result(json.dumps(found, indent=2) if shape == "json" else "\n".join(map(_action, found)) or "Nothing.")
        return ending
    known = known_on(log, query, end)
    result(json.dumps(list(map(_known_words, known)), indent=2) if shape == "json" else _table(known))
    return ending


def _past(day: str | None) -> datetime | None:
    """The end of a day that has begun."""
    end = moment(day, "--on")
    if end is not None and end.date() > datetime.now(UTC).date():
        now, then = command_line("access", "--live"), command_line("access")
        hint = f"`{now}` tells who has access now, `{then}` who is to have it."
        raise click.UsageError(f"--on {day}: that day is still to come, and the log tells what was. {hint}")
    return end


def _state(workspace: Path) -> Path:
    """Where the log is; of a folder that is not there nothing may be said, and a log from a checkout tells nothing."""
    if link_to(workspace) or not is_folder(workspace):
        raise Stop(Exit.ERROR, *check(workspace).diagnostics)
    check_state(workspace)
    return state_folder(workspace)


@contextmanager
def _readable(state: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        summary = f"{audit_file(state)} cannot be read: {error.strerror or error}"
        raise Stop(Exit.ERROR, Diagnostic("audit-unreadable", "error", summary, hint="Correct its rights.")) from error


def _reaching(workspace: Path, principal: str | None) -> dict[str, str | None]:
    if principal is None:
        return {}
    loaded = check(workspace).workspace
    keys = reaching(principal, [target.directory for target in loaded.targets.values()] if loaded else [])
    if not keys:
        hint = "Name one of the Principals manifests, or write user:#ID or group:#ID."
        raise Stop(Exit.ERROR, Diagnostic("nothing-selected", "error", f"nobody is called {principal}", hint=hint))
    return keys


def _action(line: Line) -> str:
    state = "" if line.get("state") == "done" else f" {line.get('state')}"
    head = f"{line.get('at')} {line.get('dataset')} {line.get('facet')} {line.get('verb')}{state}  {_who(line)}"
    return "\n".join([terminal(head), *(f"    {terminal(text)}" for text in _changes(line))])


def _who(line: Line) -> str:
    commit = str(line.get("commit") or "no commit")[:12] + (" (dirty)" if line.get("dirty") else "")
    run = f", {line['run']}" if line.get("run") else ""
    who = line.get("actor") or "an unnamed account"
    return f"{commit}, plan {str(line.get('plan_id'))[:12]}, {who} by {line.get('os_user')}@{line.get('host')}{run}"


def _changes(line: Line) -> Sequence[str]:
    return [f"{SIGNS.get(str(change.get('op')), '?')} {_sides(change)}" for change in line.get("changes") or ()]


def _sides(change: Mapping[str, Any]) -> str:
    return " -> ".join(_words(change[side]) for side in ("before", "after") if change.get(side) is not None)


def _words(value: Any) -> str:
    if isinstance(value, Mapping) and "principal" in value:
        return f"{value['principal']} {value.get('access', '')}".strip()
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _table(known: Sequence[Known]) -> str:
    rows = []
    named = Counter(each.dataset for each in known)
    for each in known:
        if each.held or not each.complete:
            which = f" {each.id or 'of no id'}" if named[each.dataset] > 1 else ""
            former = f", formerly {', '.join(each.former)}" if each.former else ""
            rows.append(terminal(f"{each.dataset}{which}{former} ({_basis(each)})"))
            rows += [_row(held, each) for held in each.held]
    if not known:
        return "Nothing is known: no apply has changed who has access."
    return "\n".join(rows) or "Nobody, as far as the log shows."


def _basis(known: Known) -> str:
    """What the log knows it from, and whether there may be others."""
    if known.complete:
        return f"read {known.seen}"
    read = f"first read {known.listed}, after that day" if known.listed else "never read by an apply"
    return f"read {known.seen}; the access list was {read}: others may have had access, too"


def _row(held: Held, known: Known) -> str:
    via = f" (asked for through {held.via})" if held.via else ""
    unknown = "since before this log begins" if known.complete else "since when is not known"
    unknown = "by none of these applies" if held.others else unknown
    by = f"since {held.by['at']}, {_who(held.by)}" if held.by else unknown
    return terminal(f"  {held.level:<9} {held.principal}{via}: {by}")


def _known_words(known: Known) -> dict[str, Any]:
    return {
        "dataset": known.dataset,
        "id": known.id,
        "former_names": list(known.former),
        "read": known.seen,
        "access_list_read": known.listed,
        "complete": known.complete,
        "access": list(map(_held_words, known.held)),
    }


def _held_words(held: Held) -> dict[str, Any]:
    since = {name: held.by[name] for name in ("at", "commit", "plan_id", "n")} if held.by else None
    return {"principal": held.principal, "level": held.level, "via": held.via, "since": since}


def _broken(flaw: Flaw, state: Path) -> Diagnostic:
    hint = "Keep the file as it is, and compare it with a copy."
    place = Source(audit_file(state).as_posix(), flaw.line)
    return Diagnostic("audit-broken", "error", flaw.summary, hint=hint, source=place)
