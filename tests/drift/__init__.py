"""Drift: why live state differs, in numbers and pictures, too."""
