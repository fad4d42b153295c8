"""Quartz expressions: checked by their own grammar, told in words, with their next runs.

Quartz is not cron: six fields, seconds first, and 1 is Sunday. Cron libraries read such expressions without complaint
and wrongly.
"""

from .grammar import QuartzError, check, tidy
from .runs import RUNS, next_runs
from .words import in_words

__all__ = ["RUNS", "QuartzError", "check", "in_words", "next_runs", "tidy"]
