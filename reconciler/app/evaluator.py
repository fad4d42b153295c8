"""The child process that evaluates policies: a script of its own, which knows nothing of the product.

CEL has no cost limit, so each piece of work gets one from the kernel: a timer whose signal ends this process even
inside the library. The parent sees from the answers which rule was at work. Nothing here can write a file.

stdin: {"rules": [expression], "inputs": [{name: value}], "work": [[rule, input or null]], "seconds": limit}
stdout, one JSON value a line, one for each piece of work: true, false, {"invalid": why} for a rule that is not CEL, or
{"error": why}. Work without an input only asks whether the rule is CEL.
"""

from __future__ import annotations

import json
import signal
import sys
from typing import Any

MEMORY = 2 * 2**30
"""Bytes."""
LONGEST = 300
"""Characters of a reason."""


def main() -> None:
    """Answer what stdin asks."""
    # Imported here: the parent imports this module for its place only.
    import cel  # noqa: PLC0415

    asked = json.load(sys.stdin)
    _confine()
    programs: dict[int, Any] = {}
    for rule, place in asked["work"]:
        signal.setitimer(signal.ITIMER_REAL, asked["seconds"])
        try:
            if rule not in programs:
                programs[rule] = cel.compile(asked["rules"][rule])
            answer = True if place is None else _evaluated(programs[rule], asked["inputs"][place])
        except Exception as error:  # noqa: BLE001 - whatever a stranger's text makes the library raise
            answer = {"invalid": _reason(error)}
        # Flushed line by line: what was answered before a timer ends the process is known.
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _evaluated(program: Any, given: dict[str, Any]) -> Any:
    try:
        value = program.execute(given)
    except KeyError as error:
        return {"error": f"there is no {error.args[0]} here; ask has(...) first"}
    except Exception as error:  # noqa: BLE001 - likewise
        return {"error": _reason(error)}
    return value if isinstance(value, bool) else {"error": "it gives neither true nor false"}


def _reason(error: Exception) -> str:
    # The library repeats the whole expression before it says where it is broken.
    text = str(error).partition("ERROR: <input>:")[2] or str(error)
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[0][:LONGEST] if lines else type(error).__name__


def _confine() -> None:
    """Give up memory without end, core dumps and files; the timer's signal ends the process."""
    import resource  # noqa: PLC0415 - not on every platform

    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for kind, wanted in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        _, hard = resource.getrlimit(kind)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main()
