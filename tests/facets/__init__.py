"""Tests of the room `facets`."""
