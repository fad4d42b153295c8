"""What a target says to its provider alone: which keys there are, each provider's capabilities tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import ConfigDict, TypeAdapter, ValidationError

from reconciler.core.ports import Capabilities
from reconciler.facets import Complaint, did_you_mean
from reconciler.facets.section import Text

from .findings import refusal
from .models import TargetModel

TEXT = TypeAdapter[str](Text, config=ConfigDict(defer_build=True))


def check_settings(target: TargetModel, providers: Mapping[str, Capabilities]) -> Iterable[tuple[str, Complaint]]:
    """What is wrong with the settings of a target, by setting."""
    everywhere = {setting for capabilities in providers.values() for setting in capabilities.settings}
    mine = providers.get(target.provider)
    for setting, value in target.settings.items():
        if setting not in everywhere:
            known = [field.alias or name for name, field in TargetModel.model_fields.items()]
            known += sorted(mine.settings if mine else everywhere)
            yield setting, Complaint((), "unknown-key", f'unknown key "{setting}"', did_you_mean(setting, known))
            continue
        try:
            TEXT.validate_python(value, strict=True)
        except ValidationError as error:
            code, words, hint = refusal(error.errors()[0])
            yield setting, Complaint((), code, f"{setting} {words}", hint)
        if mine is not None:
            yield from _of_provider(target, setting, mine)


def _of_provider(target: TargetModel, setting: str, mine: Capabilities) -> Iterable[tuple[str, Complaint]]:
    if setting not in mine.settings:
        summary = f"{setting} means nothing to {target.provider}"
        yield setting, Complaint((), "unknown-key", summary, "Remove it, or correct the provider.")
        return
    for missing in sorted(mine.settings[setting].needs - set(target.settings)):
        summary = f"{setting} means nothing without {missing}"
        yield setting, Complaint((), "missing-key", summary, f"Say both of them, or take {setting} out.")
