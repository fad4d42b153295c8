"""A plan seen from the live side: what live state has, lacks or says otherwise than the manifests, and why."""

from .html import drift_html
from .json import drift_json
from .markdown import drift_markdown
from .metrics import drift_metrics
from .text import drift_text

__all__ = [
    "drift_html",
    "drift_json",
    "drift_markdown",
    "drift_metrics",
    "drift_text",
]
