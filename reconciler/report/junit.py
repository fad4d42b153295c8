"""Findings as JUnit XML, which nearly every CI server shows: a test case for each finding, or one that passed."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from reconciler.core.diagnostics import Diagnostic, ordered

from .safe import SENTENCE, safe_text


def diagnostics_junit(diagnostics: Sequence[Diagnostic], suite: str) -> str:
    """A report with one test suite. Errors and what is blocked are failures; the rest passes and says so.

    Args:
        diagnostics: the findings.
        suite: what was checked, such as `reconciler validate`.
    """
    items = ordered(list(diagnostics))
    failed = sum(_fails(item) for item in items)
    counts = {"name": suite, "tests": str(max(len(items), 1)), "failures": str(failed), "errors": "0", "skipped": "0"}
    root = ET.Element("testsuites", counts)
    cases = ET.SubElement(root, "testsuite", counts)
    for item in items:
        _case(cases, item, suite)
    if not items:
        ET.SubElement(cases, "testcase", {"name": "nothing to complain about", "classname": suite, "time": "0"})
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _case(parent: ET.Element, item: Diagnostic, suite: str) -> None:
    place = item.source
    where = " ".join(str(each) for each in (place, item.address) if each)
    name = safe_text(" ".join([item.code, *([where] if where else [])]), None)
    file = safe_text(place.file, None) if place else suite
    case = ET.SubElement(parent, "testcase", {"name": name, "classname": file, "time": "0"})
    if place:
        case.set("file", file)
        case.set("line", str(place.line))
    told = f"{where}: {item.summary}" if where else item.summary
    text = "\n".join(safe_text(line, SENTENCE) for line in (told, item.hint) if line)
    if _fails(item):
        words = {"message": safe_text(item.summary, SENTENCE), "type": item.code}
        ET.SubElement(case, "failure", words).text = text
    else:
        ET.SubElement(case, "system-out").text = f"{item.severity}: {text}"


def _fails(item: Diagnostic) -> bool:
    return item.severity in {"error", "blocked"}
