"""Each file in `scenarios/` is a rule of the product: manifests and live state in, the whole plan out.

Every plan that may be applied is applied to a vendor in memory, and must be followed by an empty one.
`pytest --update` rewrites the expectations; the reviewer reads the diff.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.scenario import Scenario
from tests.support.txtar import parse

FOLDER = Path(__file__).parent / "scenarios"
EXPECTED = ("plan", "diagnostics", "steps", "access")


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txtar")), ids=lambda path: path.stem)
def test_scenario(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, update: bool) -> None:
    monkeypatch.chdir(tmp_path)
    archive = parse(path.read_text("utf-8"))
    scenario = Scenario(archive, tmp_path)
    planned = scenario.plan()
    found = scenario.sections(planned)
    if update:
        for name in EXPECTED:
            archive.sections.pop(name, None)
        archive.sections |= found
        path.write_text(archive.text(), "utf-8")
    assert found == {name: text for name, text in archive.sections.items() if name in EXPECTED}
    if planned.applyable:
        scenario.assert_converges(planned)
