"""Domo: the dataset and stream APIs of documents 000 to 003, and their counterparts on live instances."""

from reconciler.sandbox.domo.errors import refuse
from reconciler.sandbox.domo.rights import VENDOR, enter
from reconciler.sandbox.domo.routes import ROUTES
from reconciler.sandbox.domo.seed import plant
from reconciler.sandbox.routing import Vendor

DOMO = Vendor(VENDOR, "/api/", ROUTES, enter, refuse, plant)

__all__ = ["DOMO"]
