"""YAML manifests in, desired state with file:line:col out; the only door to YAML libraries."""

from .codes import CODES
from .loader import load
from .workspace import Loaded, Place, TargetConfig, TokenSource, Workspace

__all__ = ["CODES", "Loaded", "Place", "TargetConfig", "TokenSource", "Workspace", "load"]
