"""Tests of the room `manifests`."""
