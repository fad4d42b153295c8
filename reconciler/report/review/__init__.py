"""A review as text, Markdown and JSON: who gains and loses access first, then every governed change."""

from .json import review_json
from .markdown import review_markdown
from .text import review_text, reviewers_text

__all__ = ["review_json", "review_markdown", "review_text", "reviewers_text"]
