"""Policies judged: rules and datasets to a child process, its answers to findings. What cannot be told never passes.

The child has an empty environment and hard limits; see `evaluator`.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from msgspec.structs import replace

from reconciler.core.diagnostics import Diagnostic, Severity, ordered
from reconciler.manifests import Loaded
from reconciler.planning import Judge, Policy, Rule, Subject, subject

from . import evaluator
from .workspaces import views

SECONDS = 2.0
"""For one rule and one dataset."""
SECONDS_IN_ALL = 120.0
"""For all rules and all datasets of a run."""

ABOUT_CHANGES = re.compile(r"\bchanges\b")

Job: TypeAlias = tuple[int, int | None]
"""A rule and a dataset by number; without a dataset: whether the rule is CEL."""
Answer: TypeAlias = bool | dict[str, str]


def judged_on(today: date) -> Judge:
    """The judge for a day, UTC."""

    def judge(policies: Sequence[Policy], subjects: Sequence[Subject]) -> Iterable[Diagnostic]:
        rules = [(policy, rule) for policy in policies for rule in policy.rules]
        jobs: list[Job] = []
        for number, (_, rule) in enumerate(rules):
            jobs.append((number, None))
            jobs += [(number, place) for place, subject in enumerate(subjects) if _concerns(rule, subject)]
        inputs = [
            {"dataset": subject.dataset, "changes": subject.changes or [], "today": today.isoformat()}
            for subject in subjects
        ]
        answers = _answers([rule.expression for _, rule in rules], inputs, jobs) if jobs else {}
        return [
            finding
            for (number, place), answer in answers.items()
            if answer is not True
            for finding in _finding(*rules[number], None if place is None else subjects[place], answer)
        ]

    return judge


def with_policies(loaded: Loaded, today: date) -> Loaded:
    """`loaded` with what policies say of the manifests alone; rules about changes have to wait for a plan."""
    workspace = loaded.workspace
    if workspace is None or not workspace.policies:
        return loaded
    targets = views(workspace)
    subjects = [subject(dataset, targets[dataset.address.target]) for dataset in workspace.datasets]
    found = judged_on(today)(workspace.policies, subjects)
    return replace(loaded, diagnostics=ordered([*loaded.diagnostics, *found]))


def _concerns(rule: Rule, subject: Subject) -> bool:
    return subject.changes is not None or not ABOUT_CHANGES.search(rule.expression)


def _finding(policy: Policy, rule: Rule, subject: Subject | None, answer: Answer) -> Iterator[Diagnostic]:
    name = f"{policy.name}/{rule.name}"
    severity: Severity = "blocked" if rule.severity == "error" else "warning"
    if isinstance(answer, dict) and "invalid" in answer:
        if subject is None:
            summary = f"rule {name} is not CEL: {answer['invalid']}"
            yield Diagnostic("policy-invalid", "error", summary, source=rule.source)
    elif isinstance(answer, dict):
        summary = f"rule {name} could not be evaluated: {answer['error']}"
        address = subject.address if subject else None
        yield Diagnostic("policy-undecided", severity, summary, address, "Correct the rule.", rule.source)
    elif subject is not None:
        summary = f"{name}: {rule.message}"
        yield Diagnostic("policy-violated", severity, summary, subject.address, rule.hint, subject.source)


def _answers(expressions: Sequence[str], inputs: Sequence[Any], jobs: Sequence[Job]) -> dict[Job, Answer]:
    """The answer to every job, over as many children as it takes: a rule that ends one is not asked again."""
    answers: dict[Job, Answer] = {}
    end = time.monotonic() + SECONDS_IN_ALL
    left = list(jobs)
    while left:
        asked = {"rules": expressions, "inputs": inputs, "work": left, "seconds": SECONDS}
        found, why = _child(json.dumps(asked), max(0.1, end - time.monotonic()))
        answers |= zip(left, found, strict=False)
        left = left[len(found) :]
        if not left:
            break
        # The first job without an answer is the one that ended the child; once the time is over, none is asked again.
        over, culprit = time.monotonic() >= end, left[0][0]
        answers |= _undecided([job for job in left if over or job[0] == culprit], answers, why)
        left = [] if over else [job for job in left if job[0] != culprit]
    return answers


def _undecided(jobs: Iterable[Job], answers: Mapping[Job, Answer], why: str) -> Iterator[tuple[Job, Answer]]:
    """For each rule one answer that says of how many datasets nobody knows: one for each would be millions."""
    places: dict[int, list[int]] = {}
    for rule, place in jobs:
        places.setdefault(rule, []).extend(() if place is None else (place,))
    for rule, open_ in places.items():
        if isinstance(answers.get((rule, None)), dict):
            # It is not even CEL, and that is said.
            continue
        if len(open_) == 1:
            yield (rule, open_[0]), {"error": why}
        else:
            yield (rule, None), {"error": f"{why}; {len(open_):,} datasets are undecided" if open_ else why}


def _child(text: str, seconds: float) -> tuple[list[Answer], str]:
    """What a child answered before it ended, and why it ended."""
    # Nothing of our environment reaches the child but what Windows starts no process without.
    environment = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    command = [sys.executable, "-I", str(Path(evaluator.__file__))]
    try:
        done = subprocess.run(  # noqa: S603 - our own script
            command, input=text.encode(), capture_output=True, timeout=seconds, check=False, env=environment
        )
        output, code = done.stdout, done.returncode
    except subprocess.TimeoutExpired as error:
        output, code = error.stdout or b"", None
    lines = output[: output.rfind(b"\n") + 1].splitlines()
    return [json.loads(line) for line in lines], _why(code)


def _why(code: int | None) -> str:
    if code is None:
        return f"all rules together took more than {SECONDS_IN_ALL:g} seconds"
    if code == -signal.SIGALRM:
        return f"it took more than {SECONDS:g} seconds"
    return f"it ended the process that evaluates it (status {code})"
