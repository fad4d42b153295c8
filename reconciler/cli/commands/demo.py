"""`reconciler demo`: the main job on the embedded sandbox, with the real commands, in a temporary folder."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

import click

from reconciler.app.example import copy_example
from reconciler.app.exits import Exit
from reconciler.cli.console import result
from reconciler.cli.embedded import serving
from reconciler.cli.entry import run
from reconciler.cli.running import heeding, use_case

TOKENS = {"DOMO_TOKEN": "sandbox-token", "CLARIFAI_PAT": "sandbox-token"}
TWINS = "RECONCILER_"
SOMEBODY_ELSE = "admin-token"
COVID = "dcad2f50-e65e-4259-a9e8-214a3d1e18a7"
COLUMN = "      - {name: ISO3, type: STRING}\n"

NEXT = """\

    That was the sandbox: no account, and the folder is gone again. Next:

      reconciler init my-datasets   write a workspace of your own to begin with
      reconciler explain            what every guard and message means
      reconciler --help             all commands
"""


@click.command
@use_case
def command() -> int:
    """Run the main job on the embedded sandbox, in a temporary folder. Needs no account and leaves nothing behind."""
    with _stage():
        for part in (_plan, _danger, _apply, _drift):
            if (code := part()) == Exit.INTERRUPTED:
                return Exit.INTERRUPTED
            if code != Exit.DONE:
                result(f"The demo ended early, with exit code {code}. Set RECONCILER_DEBUG=1 to see why.")
                return Exit.ERROR
    result(dedent(NEXT))
    return Exit.DONE


def _plan() -> int:
    _tell("Manifests in git say what should be. They are checked offline,")
    if code := _run("validate"):
        return code
    _tell("and compared with live state: what would an apply do?")
    return _run("plan", "--out", "plan.json")


def _danger() -> int:
    _tell("Somebody deletes a column from a manifest. A guard holds the whole plan:")
    path = Path("manifests/datasets/covid-tracker.yaml")
    text = path.read_text("utf-8")
    path.write_text(text.replace(COLUMN, ""), "utf-8")
    code = _run("plan", "--dataset", "covid-tracker", "--facet", "schema")
    path.write_text(text, "utf-8")
    if code != Exit.BLOCKED:
        return code or Exit.ERROR
    result(f"(exit code {code}: blocked. The column is back in the manifest.)")
    return Exit.DONE


def _apply() -> int:
    _tell("Apply the plan that was reviewed; every write is read back:")
    if code := _run("apply", "plan.json"):
        return code
    _tell("And what would a second apply do?")
    return _run("plan")


def _drift() -> int:
    _tell("Somebody shares a dataset behind the reconciler's back ...")
    with serving(Path(".reconciler/sandbox.db")) as url:
        _share(url)
    _tell("... and the scheduled check finds it:")
    code = _run("drift", "--detailed-exitcode")
    if code != Exit.CHANGES:
        return code or Exit.ERROR
    result(f"(exit code {code}: there is drift.)")
    return Exit.DONE


def _share(url: str) -> None:
    """Do what a colleague in a browser does: document 002, Share Dataset with Access permissions."""
    entry = {"id": "587894148", "type": "USER", "accessLevel": "CAN_EDIT"}
    request = urllib.request.Request(  # noqa: S310 - the sandbox that was just started on loopback
        f"{url}/api/data/v3/datasources/{COVID}/share",
        data=json.dumps({"permissions": [entry], "sendEmail": False}).encode(),
        headers={"X-DOMO-Developer-Token": SOMEBODY_ELSE, "Content-Type": "application/json"},
        method="POST",
    )
    urllib.request.urlopen(request, timeout=10).close()  # noqa: S310


@contextmanager
def _stage() -> Iterator[None]:
    """A temporary folder with the example workspace, as the current folder, and the sandbox's tokens.

    Flags set in the environment are about somebody's own workspace: none of them may lead the demo there.
    """
    here, before = Path.cwd(), dict(os.environ)
    with heeding(("SIGTERM", "SIGHUP"), _leave), TemporaryDirectory(prefix="reconciler-demo-") as folder:
        copy_example(Path(folder))
        os.chdir(folder)
        for name in before:
            if name.startswith(TWINS) and name != "RECONCILER_DEBUG":
                del os.environ[name]
        os.environ.update(TOKENS)
        try:
            yield
        finally:
            os.chdir(here)
            os.environ.clear()
            os.environ.update(before)


def _leave(number: int, _frame: object) -> None:
    """Clean up for whoever ends the process, or closes the terminal, as for Ctrl-C."""
    raise SystemExit(128 + number)


def _tell(text: str) -> None:
    result(click.style(f"\n# {text}", bold=True))


def _run(*arguments: str) -> int:
    """Run a real command as if it had been typed."""
    result(f"$ reconciler {' '.join(arguments)}")
    return run(arguments)
