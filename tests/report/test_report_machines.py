"""Findings for machines: JSON, SARIF, JUnit XML and the annotations of GitHub Actions, whatever names are in them."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest
from sarif_pydantic import Sarif  # type: ignore[import-untyped]

from reconciler.app.codes import CODES
from reconciler.core.address import Address
from reconciler.core.diagnostics import Diagnostic, Severity, Source
from reconciler.report.annotations import diagnostics_annotations
from reconciler.report.jsonlist import diagnostics_json
from reconciler.report.junit import diagnostics_junit
from reconciler.report.sarif import diagnostics_sarif

from .report_hostile import HOSTILE

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info", "blocked")


def findings(name: str, count: int = 4) -> list[Diagnostic]:
    return [
        Diagnostic(
            code="invalid-value" if number % 2 else "duplicate-item",
            severity=SEVERITIES[number % 4],
            summary=f"{name} is refused {number}",
            address=Address("acme", name, "tags") if number % 3 == 0 else None,
            hint=f"Not {name}." if number % 2 else None,
            source=Source(f"manifests/{name}.yaml", number + 1, 7) if number % 3 else None,
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_sarif_is_what_the_standard_s_models_take(name: str) -> None:
    """An independent model of SARIF 2.1.0 reads it; nothing in it steers a terminal."""
    text = diagnostics_sarif(findings(name), CODES, "1.0")
    run = Sarif.model_validate_json(text).runs[0]
    assert [(result.level, result.rule_id) for result in run.results or []] == [
        ("error", "duplicate-item"),
        ("error", "invalid-value"),
        ("warning", "invalid-value"),
        ("note", "duplicate-item"),
    ]
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_fingerprints_stay_when_lines_move_and_tell_findings_apart() -> None:
    """Else every edit above a finding would close one alert and open another."""

    def marks(offset: int) -> list[str]:
        items = [
            Diagnostic("invalid-value", "error", "x is refused", source=Source(file, offset + line))
            for file in ("a.yaml", "b.yaml")
            for line in (1, 2)
        ]
        log = json.loads(diagnostics_sarif(items, CODES, "1.0"))
        return [result["partialFingerprints"]["reconciler/v1"] for result in log["runs"][0]["results"]]

    assert marks(0) == marks(40)
    assert len(set(marks(0))) == 4


def test_sarif_holds_no_more_than_github_keeps() -> None:
    """The most severe 5,000; how many more there are is said."""
    log = json.loads(diagnostics_sarif(findings("x", 5_100), CODES, "1.0"))["runs"][0]
    assert len(log["results"]) == 5_000
    assert [result["level"] for result in log["results"][-1:]] == ["note"]
    assert log["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == "100 more results are left out."


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_junit_is_well_formed_and_counts(name: str) -> None:
    """Any parser reads it; a failure for each error and each thing that is blocked."""
    suites = ET.fromstring(diagnostics_junit(findings(name), "reconciler validate"))  # noqa: S314 - our own text
    assert (suites.get("tests"), suites.get("failures")) == ("4", "2")
    assert len(suites.findall("testsuite/testcase")) == 4
    assert len(suites.findall("testsuite/testcase/failure")) == 2


def test_junit_without_findings_has_a_test_that_passed() -> None:
    """A report without tests is an error to many servers."""
    suites = ET.fromstring(diagnostics_junit([], "reconciler validate"))  # noqa: S314
    assert [case.get("name") for case in suites.findall("testsuite/testcase")] == ["nothing to complain about"]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_an_annotation_is_one_line_and_only_that_command(name: str) -> None:
    """No name can end the line or begin a command of its own."""
    lines = diagnostics_annotations(findings(name)).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::error", "::warning", "::notice"]
    assert all(re.fullmatch(r"::\w+ [^:]*::.*", line) for line in lines)


def test_annotations_are_ten_of_each_level_the_most_severe_first() -> None:
    """GitHub drops the eleventh without a word; so the tenth says how many there are."""
    lines = diagnostics_annotations(findings("x", 60)).splitlines()
    levels = [re.split(r"[: ]+", line)[1] for line in lines]
    assert levels == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    assert [line for line in lines if "more" in line] == [
        "::error::and 21 more; the log of this step names them all",
        "::warning::and 6 more; the log of this step names them all",
        "::notice::and 6 more; the log of this step names them all",
    ]
    assert len(diagnostics_annotations(findings("x", 20)).splitlines()) == 20


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_json_has_every_finding_with_its_place(name: str) -> None:
    """Names come back as they were, though harmful characters are written as escapes."""
    text = diagnostics_json(findings(name), {"valid": False})
    read = json.loads(text)
    assert read["format_version"] == "1.0"
    assert read["valid"] is False
    assert {entry["summary"] for entry in read["diagnostics"]} == {item.summary for item in findings(name)}
    places = [entry["source"] for entry in read["diagnostics"] if entry["source"]]
    assert {"file": f"manifests/{name}.yaml", "line": 2, "column": 7} in places
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
