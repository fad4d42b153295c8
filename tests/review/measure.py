"""How long a review takes: `python -m tests.review.measure [MANIFESTS]`. A command of its own, for it is no test."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .repository import commit, git, write

USERS, GROUPS, IN_A_GROUP = 300, 40, 20


def workspace(people: int) -> str:
    """Targets and people; the last group leaves somebody out when `people` is odd."""
    users = "".join(f'  u{n}: {{id: "{100 + n}", email: u{n}@acme.example}}\n' for n in range(USERS))
    groups = "".join(
        f'  g{n}: {{id: "g{n}", members: [{", ".join(f"u{m}" for m in range(n + people % 2, n + IN_A_GROUP))}]}}\n'
        for n in range(GROUPS)
    )
    return (
        'apiVersion: reconciler/v1\nkind: Workspace\ntargets:\n  acme: {provider: domo, url: "sandbox:", '
        "token: {env: DOMO_TOKEN}, actor: user:u0}\n---\n"
        f"apiVersion: reconciler/v1\nkind: Principals\ntarget: acme\nusers:\n{users}groups:\n{groups}"
    )


def manifest(number: int, level: str) -> str:
    """A dataset with twenty columns and ten grants."""
    columns = "".join(f"      - {{name: column_{n}, type: STRING}}\n" for n in range(20))
    grants = "".join(f"      - {{principal: group:g{(number + n) % GROUPS}, access: CAN_VIEW}}\n" for n in range(4))
    grants += "".join(f"      - {{principal: user:u{(number * 7 + n) % USERS}, access: {level}}}\n" for n in range(6))
    return (
        f"apiVersion: reconciler/v1\nkind: Dataset\nmetadata:\n  name: dataset {number}\n  target: acme\n"
        f'  id: "{number}"\n'
        f"spec:\n  owner: user:u{number % USERS}\n  tags: [gold, finance]\n  schema:\n    columns:\n{columns}"
        f"  permissions:\n    grants:\n{grants}"
    )


def main(count: int) -> None:
    """Measure the three kinds of pull request, as a fresh process each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        git(folder, "init", "--quiet", "--initial-branch", "main")
        whole = {f"manifests/d{n:05}.yaml": manifest(n, "CAN_EDIT") for n in range(count)}
        write(folder, {"manifests/workspace.yaml": workspace(0), **whole})
        base = commit(folder, "base")
        for told, change in (
            ("ten manifests change", {path: manifest(n, "CAN_VIEW") for n, path in enumerate(list(whole)[:10])}),
            ("Principals change", {"manifests/workspace.yaml": workspace(1)}),
            ("every manifest changes", {path: manifest(n, "CAN_VIEW") for n, path in enumerate(whole)}),
        ):
            git(folder, "switch", "--quiet", "--force-create", "change", base)
            write(folder, change)
            commit(folder, told)
            wall, processor = min(review(folder, base) for _ in range(3))
            sys.stdout.write(f"{count} manifests, {told}: {wall:.2f} s, {processor:.2f} s of a processor\n")


def review(folder: Path, base: str) -> tuple[float, float]:
    """Seconds that one review took by the clock, and of a processor's time."""
    code = "from reconciler.cli import main; main()"
    words = [sys.executable, "-c", code, "review", "--base", base, "--head", "change", "--format", "markdown"]
    begun, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, cwd=folder, check=True, capture_output=True)  # noqa: S603
    wall, now = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
