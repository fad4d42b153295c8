"""A stand-in for `gh api`, as far as our pipelines use it: comments, issues, pulls and runs in one JSON file."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

BOT = {"login": "github-actions[bot]"}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("api", choices=["api"])
    parser.add_argument("url")
    parser.add_argument("--paginate", action="store_true")
    parser.add_argument("--silent", action="store_true")
    parser.add_argument("--method", default="GET")
    parser.add_argument("--jq")
    parser.add_argument("--field", action="append", default=[])
    parser.add_argument("--raw-field", action="append", default=[])
    asked = parser.parse_args()
    if os.environ.get("GH_TOKEN") != "gh-token":
        return 4
    fields = dict(item.split("=", 1) for item in asked.raw_field)
    for name, value in (item.split("=", 1) for item in asked.field):
        fields[name] = Path(value[1:]).read_text("utf-8") if value.startswith("@") else value
    path = Path(os.environ["FAKE_GITHUB"])
    state: dict[str, Any] = json.loads(path.read_text("utf-8"))
    answer = answered(state, asked.method, asked.url.removeprefix("repos/acme/data/"), fields)
    path.write_text(json.dumps(state), "utf-8")
    if asked.silent:
        return 0
    text = json.dumps(answer)
    if asked.jq:
        done = subprocess.run(["jq", "-r", asked.jq], input=text, capture_output=True, text=True, check=True)  # noqa: S603, S607
        text = done.stdout
    sys.stdout.write(text)
    return 0


def answered(state: dict[str, Any], method: str, url: str, fields: dict[str, str]) -> Any:  # noqa: PLR0911 - a table
    comments: dict[str, list[dict[str, Any]]] = state["comments"]
    if match := re.fullmatch(r"issues/(\d+)/comments", url):
        listed = comments.setdefault(match[1], [])
        if method == "POST":
            listed.append({"id": sum(map(len, comments.values())) + 1, "user": BOT, **fields})
        return listed
    if match := re.fullmatch(r"issues/comments/(\d+)", url):
        found = next(item for items in comments.values() for item in items if item["id"] == int(match[1]))
        found.update(fields)
        return found
    if url == "issues" and method == "POST":
        state["issues"].append({"number": len(state["issues"]) + 1, "user": BOT, "state": "open", **fields})
        return state["issues"][-1]
    if match := re.fullmatch(r"issues/(\d+)", url):
        state["issues"][int(match[1]) - 1].update(fields)
        return state["issues"][int(match[1]) - 1]
    if url.startswith("issues?"):
        return [item for item in state["issues"] if item["state"] == "open"]
    if match := re.fullmatch(r"commits/([0-9a-f]+)/pulls", url):
        return state["pulls"].get(match[1], [])
    if match := re.fullmatch(r"actions/workflows/reconciler-plan.yml/runs\?head_sha=([0-9a-f]+)&.*", url):
        return {"workflow_runs": [item for item in state["runs"] if item["head_sha"] == match[1]]}
    if url.startswith("actions/workflows/reconciler-apply.yml/runs?status=success"):
        return {"workflow_runs": state["applies"]}
    raise SystemExit(f"nothing answers {method} {url}")


if __name__ == "__main__":
    raise SystemExit(main())
