"""What Clarifai can be asked for, known without asking it (Clarifai notes 2)."""

from __future__ import annotations

from reconciler.core.ports import Capabilities, Setting

MOST_PER_SECOND = 15.0
"""The vendor's limit for a user, whatever the plan he pays for (notes 1, Rate limits)."""

CAPABILITIES = Capabilities(
    facets=frozenset({"owner", "versions", "retention"}),
    refusals={
        "schema": "a Clarifai dataset holds images, texts and other inputs, and has no columns",
        "properties": "what is said of a Clarifai dataset is in its metadata, which this version does not govern",
        "definition": "a Clarifai dataset is filled with inputs, not computed by a query",
        "schedule": "Clarifai has no streams, so there is nothing that runs on a schedule",
        "permissions": "Clarifai grants access to a whole app and all datasets in it, never to one dataset",
        "tags": "Clarifai datasets have no tags; tagsKey of the target names a key of their metadata to keep some in",
    },
    settings={
        "userId": Setting("With appId: the long path /v2/users/…/apps/…", frozenset({"appId"}), frozenset({"me"})),
        "appId": Setting("With userId: the app that datasets are in.", frozenset({"userId"})),
        "tagsKey": Setting("The key of a dataset's metadata in which its tags are kept, for there are no others."),
    },
    opened={"tagsKey": "tags"},
    asserted={"owner": "a Clarifai dataset belongs to the user in its path for good"},
)
