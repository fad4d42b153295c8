"""`reconciler sandbox serve` with a world and with faults, from outside."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from reconciler.cli.entry import run
from tests.sandbox.served import ROLES

HEADERS = {"X-DOMO-Developer-Token": "admin-token"}
SERVE = [sys.executable, "-c", "from reconciler.cli import main; main()", "sandbox", "serve", "--port", "0"]


def status_of_tags(folder: Path, *arguments: str) -> int:
    process = subprocess.Popen([*SERVE, *arguments], stdout=subprocess.PIPE, text=True, cwd=folder)  # noqa: S603
    assert process.stdout is not None
    url = process.stdout.readline().split()[2]
    try:
        return httpx.get(f"{url}/api/data/ui/v3/datasources/{ROLES}/tags", headers=HEADERS).status_code
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ((), 200),
        (("--world", "observed"), 405),
        (("--world", "observed,endpoints=both"), 200),
        (("--faults", "rate=1,kinds=503"), 503),
    ],
    ids=["documented", "observed", "both", "faults"],
)
def test_serve_plays_the_world_and_the_faults_it_is_told(
    tmp_path: Path, arguments: tuple[str, ...], status: int
) -> None:
    """Live instances have no GET of tags."""
    assert status_of_tags(tmp_path, *arguments) == status


@pytest.mark.parametrize(
    ("flag", "value", "said"),
    [
        ("--world", "flat", "'flat' is neither documented nor observed"),
        ("--world", "observed,tags_post=never", "tags_post is one of adds, replaces"),
        ("--world", "observed,tgas_post=adds", "there is no switch 'tgas_post'"),
        ("--world", "observed,shuffle=x", "shuffle takes a number, not 'x'"),
        ("--faults", "rate=often", "rate takes a number, not 'often'"),
        ("--faults", "rate=2", "rate is a share, from 0 to 1, not '2'"),
        ("--faults", "stall=-1", "stall is from 0, not '-1'"),
        ("--faults", "limit=inf", "limit takes a number, not 'inf'"),
        ("--faults", "kinds=flood", "there is no kind 'flood'"),
    ],
)
def test_a_world_that_is_none_is_a_usage_error(
    flag: str,
    value: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit 64, and no database is made."""
    monkeypatch.chdir(tmp_path)
    assert run(["sandbox", "serve", flag, value]) == 64
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
