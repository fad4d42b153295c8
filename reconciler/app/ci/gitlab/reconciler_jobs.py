"""What the jobs in reconciler.yml need beside the reconciler: `python3 .gitlab/reconciler_jobs.py WHAT`.

findings: what a merge request shows beside its lines · widget: what its plan widget shows · reviewed: fetch the plan
that was reviewed in the merge request whose merge made this commit · same: whether the plan this job made asks for
exactly that · applied: print the commit of the last apply. The last three read from GitLab with RECONCILER_GITLAB_TOKEN
and change nothing there. Python's own library only, so that it runs wherever the jobs do.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

OUT = Path("reconciler-out")
NOT_REVIEWED, STALE, NOTHING_TO_DO = 3, 4, 10
SECONDS = 60
ANEW = "open another merge request (an empty commit will do) and merge it once its plan is there"


def findings() -> int:
    """Write `codequality.json`: what `validate` found of the whole and `review` of what changes, each once."""
    texts = [(OUT / name).read_text("utf-8") for name in ("validated.json", "review.json")]
    # One is empty where the command was broken off; the job fails by its exit code.
    found = {item["fingerprint"]: item for text in texts if text for item in json.loads(text)}
    (OUT / "codequality.json").write_text(json.dumps([*found.values()], indent=2), "utf-8")
    return 0


def widget() -> int:
    """Write `widget.json`; without a plan there is nothing to show, and no dataset is ever deleted."""
    if (OUT / "plan.json").exists():
        summary = _document("plan.json")["summary"]
        shown = {"create": summary["create"], "update": summary["update"], "delete": 0}
        (OUT / "widget.json").write_text(json.dumps(shown), "utf-8")
    return 0


def reviewed() -> int:
    """Write `plan.json`: what the plan job of the newest pipeline for the merge request's last commit left behind.

    That pipeline is the merge request's own, and so may be the plan: it is compared, never applied.
    """
    requests = _json(f"repository/commits/{os.environ['CI_COMMIT_SHA']}/merge_requests")
    ours = [item for item in requests if item["state"] == "merged" and item["target_branch"] == _branch()]
    if not ours:
        return _refused("no merged merge request made this commit, so no plan of it was reviewed")
    number = int(ours[0]["iid"])
    pipelines = [item for item in _json(f"merge_requests/{number}/pipelines") if item["sha"] == ours[0]["sha"]]
    jobs = _json(f"pipelines/{int(pipelines[0]['id'])}/jobs?per_page=100") if pipelines else []
    made = [item for item in jobs if item["name"] == "reconciler-plan" and item["status"] == "success"]
    if not made:
        return _refused(f"merge request {number} has no plan for its last commit")
    (OUT / "plan.json").write_bytes(_get(f"jobs/{int(made[0]['id'])}/artifacts/reconciler-out/plan.json"))
    return 0


def same() -> int:
    """Compare `plan.json` with `fresh.json`, whichever commits they were made from."""
    new = _document("fresh.json")
    if new["summary"]["create"] + new["summary"]["update"] == 0:
        sys.stdout.write("Live state is as the manifests say; there is nothing to apply.\n")
        return NOTHING_TO_DO
    old = _document("plan.json")
    if not isinstance(old, dict) or any(old.get(part) != new[part] for part in ("steps", "access_changes")):
        sys.stderr.write(f"What the default branch asks for is not what was reviewed; {ANEW}.\n")
        return STALE
    return 0


def applied() -> int:
    """Print the commit that was last applied; nothing when that is not known."""
    if os.environ.get("RECONCILER_GITLAB_TOKEN"):
        asked = {"environment": "reconciler-apply", "status": "success", "order_by": "id", "sort": "desc"}
        found = _json(f"deployments?{urllib.parse.urlencode({**asked, 'per_page': 1})}")
        sys.stdout.write("".join(str(item["sha"]) for item in found[:1]))
    return 0


def _branch() -> str:
    return os.environ["CI_DEFAULT_BRANCH"]


def _refused(summary: str) -> int:
    sys.stderr.write(f"{summary}; {ANEW}.\n")
    return NOT_REVIEWED


def _document(name: str) -> Any:
    return json.loads((OUT / name).read_text("utf-8"))


def _json(path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(_get(path))
    return found


def _get(path: str) -> bytes:
    """What GitLab answers about this project."""
    url = f"{os.environ['CI_API_V4_URL']}/projects/{os.environ['CI_PROJECT_ID']}/{path}"
    request = urllib.request.Request(url)  # noqa: S310 - GitLab's own address, from its runner
    # Artifacts may be redirected to a store of somebody else's, which must not see the token.
    request.add_unredirected_header("PRIVATE-TOKEN", os.environ.get("RECONCILER_GITLAB_TOKEN", ""))
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
        body: bytes = answer.read()
    return body


WHAT = {"findings": findings, "widget": widget, "reviewed": reviewed, "same": same, "applied": applied}

if __name__ == "__main__":
    try:
        raise SystemExit(WHAT[sys.argv[1]]())
    except (OSError, ValueError, LookupError, TypeError, http.client.HTTPException) as error:
        why = f"{type(error).__name__}: {error}"
        sys.stderr.write(f"GitLab could not be asked ({why}); is RECONCILER_GITLAB_TOKEN set, with read_api?\n")
        raise SystemExit(1) from None
