"""A plan as one self-contained HTML page: no scripts, nothing loaded, readable on a phone and in the dark."""

from .page import plan_html

__all__ = ["plan_html"]
