"""Clarifai: datasets and dataset versions of document 004, as the vendor's protocol has them (Clarifai notes 1)."""

from reconciler.sandbox.clarifai.errors import refuse
from reconciler.sandbox.clarifai.rights import VENDOR, enter
from reconciler.sandbox.clarifai.routes import ROUTES
from reconciler.sandbox.clarifai.seed import plant
from reconciler.sandbox.routing import Vendor

CLARIFAI = Vendor(VENDOR, "/v2/", ROUTES, enter, refuse, plant)

__all__ = ["CLARIFAI"]
