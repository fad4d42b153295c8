"""Equal inputs give byte-equal plans."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.report.document import plan_json

from .fingerprint import META, examples, shuffled
from .situations import planned

ROOT = Path(__file__).parents[2]


def test_no_hash_seed_and_no_order_of_the_vendor_s_lists_shows() -> None:
    """Twenty plans, four processes with seeds of their own: one digest."""
    running = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "tests.planning.fingerprint", str(seed)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": str(seed * 7919)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(4)
    ]
    digests = {process.communicate(timeout=60)[0].strip() for process in running}
    assert len(digests) == 1
    assert len(digests.pop()) == 64


@given(st.integers(min_value=0))
@settings(max_examples=20, deadline=None)
def test_no_order_of_inputs_shows(seed: int) -> None:
    """Live lists, manifest lists, facets and datasets, all shuffled."""
    given_cases = [shuffled(case, Random(seed)) for case in examples()]  # noqa: S311
    Random(seed).shuffle(given_cases)  # noqa: S311
    assert plan_json(planned(*given_cases), META) == plan_json(planned(*examples()), META)
