"""YAML manifests in, desired state with file:line:col out; the only door to YAML libraries."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .accounts import Identity
    from .codes import CODES
    from .files import File
    from .loader import load, load_files
    from .reading import read_file
    from .workspace import Loaded, Place, TargetConfig, TokenSource, Workspace

__all__ = [
    "CODES",
    "File",
    "Identity",
    "Loaded",
    "Place",
    "TargetConfig",
    "TokenSource",
    "Workspace",
    "load",
    "load_files",
    "read_file",
]

_HOMES = {
    "CODES": "codes",
    "File": "files",
    "Identity": "accounts",
    "load": "loader",
    "load_files": "loader",
    "read_file": "reading",
}


def __getattr__(name: str) -> object:
    """Import what is asked for: a workspace that did not change is found valid without any model."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'workspace')}"), name)
