"""Tests of retention as a command: simulated, compared, drawn."""
