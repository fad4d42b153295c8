"""Clients that others wrote, against the sandbox: `python -m tests.independent [GROUP]`.

Each group has a virtual environment of its own below `.venv/`, for such clients are large and pin what we do not. The
normal suite neither needs nor runs them: their files are not called test_*.
"""
