"""YAML manifests in, desired state with file:line:col out; the only door to YAML libraries."""

from .codes import CODES
from .files import File
from .loader import load, load_files
from .reading import read_file
from .workspace import Loaded, Place, TargetConfig, TokenSource, Workspace

__all__ = [
    "CODES",
    "File",
    "Loaded",
    "Place",
    "TargetConfig",
    "TokenSource",
    "Workspace",
    "load",
    "load_files",
    "read_file",
]
