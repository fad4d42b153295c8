"""Performing a step for show: what would be sent, and nothing is."""

from __future__ import annotations

from msgspec.structs import replace

from reconciler.core.plan import Step
from reconciler.core.ports import DatasetRef, ProviderError, Request, Writer

from .looking import look_at
from .outcomes import Applied, Failed, Outcome
from .portions import SecondLook, no_second_look, portions


class Rehearse:
    """Tells what `Write` would send. Its writer's transport refuses every write."""

    def __init__(self, writer: Writer, look: SecondLook = no_second_look) -> None:
        self._writer = writer
        self._look = look

    def create(self, step: Step) -> Outcome:
        self._writer.create(step)
        return Applied(step, created="(known after apply)", rehearsed=self._writer.rehearsed)

    def perform(self, ref: DatasetRef, step: Step) -> Outcome:
        requests: list[Request] = []
        try:
            looked = look_at(self._writer, ref, step, self._look)
            if looked.ended is not None:
                return replace(looked.ended, spared=looked.spared)
            for portion in portions(looked.step):
                self._writer.write(ref, portion, looked.found)
                requests += self._writer.rehearsed
        except ProviderError as error:
            return Failed.refused(step, error)
        return Applied(looked.step, rehearsed=tuple(requests), spared=looked.spared)
