"""A plan or the outcomes of an apply as text, JSON, Markdown and HTML.

Pure: no clock, no network, no files but its own templates.
"""

from .findings import diagnostics_text
from .outcomes import Line, outcomes_text, request_text
from .safe import safe_text
from .text import plan_text

__all__ = ["Line", "diagnostics_text", "outcomes_text", "plan_text", "request_text", "safe_text"]
