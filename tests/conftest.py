"""What all tests share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How fast this machine is just now is no property of the product.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="write what is printed into the scenario files")


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether expectations are rewritten instead of compared."""
    return bool(request.config.getoption("--update"))


@pytest.fixture(scope="session")
def _caches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("caches")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, _caches: Path) -> None:
    """A developer's own settings, and what was found in earlier runs, must not change what tests see."""
    monkeypatch.setenv("RECONCILER_CACHE", str(_caches))
    names = ("DOMO_TOKEN", "CLARIFAI_PAT", "NO_COLOR", "FORCE_COLOR", "CI", "RECONCILER_WORKSPACE", "PYTHONUNBUFFERED")
    for name in names:
        monkeypatch.delenv(name, raising=False)
