"""Desired and live state in, an ordered plan out. Pure: no I/O, no clock, no randomness."""

from .dataset import NAME_TAKEN, left_alone, refusals
from .desired import Allow, Desired, DesiredDataset, TargetView
from .limits import CODES as LIMIT_CODES
from .limits import Limit, Limits, Yardstick
from .planner import CODES, DATASET_GUARDS, GUARD_CODES, judged, plan, plan_part
from .policies import Judge, Policy, Rule, Subject, nobody
from .subject import subject

__all__ = [
    "CODES",
    "DATASET_GUARDS",
    "GUARD_CODES",
    "LIMIT_CODES",
    "NAME_TAKEN",
    "Allow",
    "Desired",
    "DesiredDataset",
    "Judge",
    "Limit",
    "Limits",
    "Policy",
    "Rule",
    "Subject",
    "TargetView",
    "Yardstick",
    "judged",
    "left_alone",
    "nobody",
    "plan",
    "plan_part",
    "refusals",
    "subject",
]
