"""The vendors: a folder each, behind the ports of `core`. `http` is the only door to httpx."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.core.ports import Provider

from . import clarifai, domo
from .codes import CODES

PROVIDERS: tuple[Provider, ...] = (domo.PROVIDER, clarifai.PROVIDER)
"""Every provider."""


def by_name() -> Mapping[str, Provider]:
    """The providers by the word that a workspace's `provider:` uses."""
    return {provider.name: provider for provider in PROVIDERS}


__all__ = ["CODES", "PROVIDERS", "by_name"]
