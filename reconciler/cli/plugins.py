"""Pydantic without its plugins, which would see all that manifests hold."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from types import ModuleType

LOOKER = "pydantic.plugin._loader"
"""What looks through every installed distribution for plugins."""


def forgo_plugins() -> None:
    """Let pydantic look for no plugins, unless the environment says which ones are not wanted.

    That it is told so (PYDANTIC_DISABLE_PLUGINS) is all that matters. But it imports `importlib.metadata`, with e-mail
    and archives, for what it then does not do: a tenth of what a short command takes. So something that finds none
    stands in; whoever asks it for more gets the real thing.
    """
    if os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__") != "__all__" or LOOKER in sys.modules:
        return
    stand_in = ModuleType(LOOKER)
    vars(stand_in).update(get_plugins=tuple, __getattr__=_of_the_real_one)
    sys.modules[LOOKER] = stand_in


def _of_the_real_one(name: str) -> object:
    if name.startswith("__"):
        # `import` looks for what only packages have.
        raise AttributeError(name)
    del sys.modules[LOOKER]
    return getattr(import_module(LOOKER), name)
