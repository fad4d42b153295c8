"""The example workspace that ships with the product: `manifests/` of the source, or its copy in an installed wheel."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from shutil import copytree, ignore_patterns


def copy_example(folder: Path) -> None:
    """Copy the example's manifests and schemas into `folder`.

    Raises:
        OSError: they cannot be copied.
    """
    with resources.as_file(resources.files("reconciler")) as package:
        installed = package / "_example"
        origin = installed if installed.is_dir() else package.parent
        for name in ("manifests", "schemas"):
            copytree(origin / name, folder / name, ignore=ignore_patterns(".*"))
