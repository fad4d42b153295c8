"""`python -m tests.fuzz [COUNT] [SEED]`: the whole campaign, and its figures."""

from __future__ import annotations

import sys
import time

from .campaign import LIMIT, campaign


def main(words: list[str]) -> int:
    count, seed = int(words[0]) if words else 2000, int(words[1]) if len(words) > 1 else 1
    begun = time.monotonic()
    figures = campaign(count, seed)
    write = sys.stdout.write
    write(f"{figures.inputs} inputs in {time.monotonic() - begun:.0f} s, {figures.refused} refused\n")
    write(f"tracebacks {len(figures.crashes)}, without a place {len(figures.silent)}, ")
    write(f"over {LIMIT * 1000:.0f} ms {len(figures.slow)}; slowest {figures.slowest * 1000:.0f} ms ")
    write(f"({figures.slowest_input})\n")
    write(
        f"{len(figures.codes)} codes: {', '.join(f'{code} {number}' for code, number in figures.codes.most_common())}\n"
    )
    for line in (*figures.crashes, *figures.silent, *figures.slow):
        write(f"  {line}\n")
    return 0 if figures.good else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
