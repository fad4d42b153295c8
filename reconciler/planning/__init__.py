"""Desired and live state in, an ordered plan out. Pure: no I/O, no clock, no randomness."""

from .desired import Allow, Desired, DesiredDataset, TargetView
from .limits import CODES as LIMIT_CODES
from .limits import Limit, Limits
from .planner import CODES, plan

__all__ = ["CODES", "LIMIT_CODES", "Allow", "Desired", "DesiredDataset", "Limit", "Limits", "TargetView", "plan"]
