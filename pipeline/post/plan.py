"""What the after-work of one recording does: its steps and choices, frozen when it starts."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from pipeline.model.config import Settings
from pipeline.model.presets import ClassPreset

STEPS = (
    "verify",
    "transcribe",
    "captions",
    "web-video",
    "open-video",
    "poster",
    "package",
    "publish",
    "report",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """`steps` in their order; `style` names a caption style, `glossary` the names to expect in the speech."""

    steps: tuple[str, ...]
    engine: str
    model: str
    language: str
    style: str
    glossary: tuple[str, ...]
    publish: Literal["at-once", "after-approval"]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "Plan":
        return cls(**{**raw, "steps": tuple(raw["steps"]), "glossary": tuple(raw["glossary"])})


def plan_for(settings: Settings, klass: ClassPreset | None, *, title: str) -> Plan:
    """The plan for a recording of this class (None: of no class that is known here)."""
    captions = settings.captions
    known = (title, *(klass.glossary if klass else ()))
    return Plan(
        steps=STEPS,
        engine=captions.engine,
        model=captions.model,
        language=captions.language,
        style=(klass.caption_style if klass else None) or captions.style,
        glossary=tuple(text for text in known if text),
        publish=klass.publish if klass else "after-approval",
    )
