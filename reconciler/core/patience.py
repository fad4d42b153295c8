"""How long is insisted on what failed: alike for a request that is repeated and for a write that is made anew."""

from __future__ import annotations

ATTEMPTS = 10
"""How often a request is sent at most, or a write made."""
PATIENCE = 120.0
"""Seconds behind the first attempt, from which on there is no further one."""
MOST_MANGLED = 3
"""How many answers that nobody can read are borne: one may be of its kind, a sign-in page stays one."""
