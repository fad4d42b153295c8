"""How fast it is, as ratios taken inside one run: `python -m tests.bench`. No test: nothing here passes or fails."""
