"""The files that `init --ci` writes, as they are, and where each goes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import metadata, resources
from typing import Any

SYSTEMS: Mapping[str, Mapping[str, str]] = {
    "github": {
        ".github/actions/reconciler/action.yml": "github/action/action.yml",
        ".github/actions/reconciler/install.sh": "github/action/install.sh",
        ".github/actions/reconciler/run.sh": "github/action/run.sh",
        ".github/workflows/reconciler-review.yml": "github/workflows/reconciler-review.yml",
        ".github/workflows/reconciler-plan.yml": "github/workflows/reconciler-plan.yml",
        ".github/workflows/reconciler-apply.yml": "github/workflows/reconciler-apply.yml",
        ".github/workflows/reconciler-drift.yml": "github/workflows/reconciler-drift.yml",
    },
    "gitlab": {
        ".gitlab/reconciler.yml": "gitlab/reconciler.yml",
        ".gitlab/reconciler_jobs.py": "gitlab/reconciler_jobs.py",
        ".gitlab-ci.yml": "gitlab/gitlab-ci.yml",
    },
}
"""For each CI system: where its files go, and which of ours they are."""

REQUIREMENTS = {
    "github": ".github/reconciler-requirements.txt",
    "gitlab": ".gitlab/reconciler-requirements.txt",
}
UNKNOWN = """\
# What CI installs the reconciler from. Pin it: a version, or a git address with a full commit, such as
#   reconciler @ git+https://git.example/tools/reconciler@0123456789012345678901234567890123456789
"""


def ci_files(system: str) -> dict[str, str]:
    """The files for one of `SYSTEMS`, by path below the repository's top."""
    folder = resources.files(__name__)
    files = {path: folder.joinpath(name).read_text("utf-8") for path, name in SYSTEMS[system].items()}
    return {**files, REQUIREMENTS[system]: requirements()}


def requirements() -> str:
    """What pip installs to get the reconciler that runs here; a remark on how to say it where that is not known."""
    try:
        told = metadata.distribution("reconciler").read_text("direct_url.json")
        origin: dict[str, Any] = json.loads(told or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        return UNKNOWN
    version_control = origin.get("vcs_info") or {}
    if version_control.get("vcs") == "git" and version_control.get("commit_id"):
        return f"reconciler @ git+{origin['url']}@{version_control['commit_id']}\n"
    return UNKNOWN
