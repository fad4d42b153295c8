"""Several texts in one file: a comment, then sections that begin with `-- NAME --`. There are no syntax errors."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

HEADER = re.compile(r"^-- (.+) --$")


@dataclass
class Archive:
    comment: str
    sections: dict[str, str] = field(default_factory=dict)

    @property
    def commands(self) -> list[str]:
        """The lines of the comment that are not remarks."""
        lines = self.comment.splitlines()
        return [line for line in lines if line.strip() and not line.startswith(("#", "world: "))]

    @property
    def world(self) -> str:
        """What the line `world: …` says."""
        said = [line.removeprefix("world: ") for line in self.comment.splitlines() if line.startswith("world: ")]
        return said[0] if said else "documented"

    def text(self) -> str:
        parts = [self.comment, *(f"-- {name} --\n{text}" for name, text in self.sections.items())]
        return "".join(parts)


def parse(text: str) -> Archive:
    comment: list[str] = []
    sections: dict[str, list[str]] = {}
    current = comment
    for line in text.splitlines(keepends=True):
        if match := HEADER.match(line.rstrip("\n")):
            current = sections.setdefault(match[1], [])
        else:
            current.append(line)
    return Archive("".join(comment), {name: "".join(lines) for name, lines in sections.items()})
