"""httpx without its command line. Imported before anything else here imports httpx."""

from __future__ import annotations

import sys

MAIN = "httpx._main"

if "httpx" not in sys.modules:
    # httpx imports its command line if it can, for which rich and pygments are loaded: that is a third of its time.
    # What is None here is not found (the import system's own rule); httpx then goes on without.
    sys.modules[MAIN] = None  # type: ignore[assignment]
    try:
        import httpx  # noqa: F401
    finally:
        del sys.modules[MAIN]
