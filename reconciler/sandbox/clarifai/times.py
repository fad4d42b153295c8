"""Time as Clarifai writes it, and how far something that takes time has come."""

from __future__ import annotations

from datetime import UTC, datetime

from reconciler.sandbox.exchange import Call


def stamp(now: float) -> str:
    """`2026-11-21T21:50:50.223962Z`: six digits and a zone (recorded, notes 1)."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def stage(call: Call, began: float) -> int:
    """0 waiting, 1 being made, 2 done: half of the world's `work_seconds` each."""
    elapsed, whole = call.now - float(began), call.world.work_seconds
    return 2 if elapsed >= whole else int(elapsed >= whole / 2)
