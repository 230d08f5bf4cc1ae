"""From a plan to OBS's inputs: what each is, how it is set, and on which sound tracks it is heard."""

from dataclasses import dataclass, field
from typing import Any

from pipeline import platform
from pipeline.adapters.obs import layout
from pipeline.model.config import Source
from pipeline.model.studio import StudioPlan

MIX, MICROPHONES = "1", "2"  # OBS's sound tracks: the mix, and the microphones alone
TRACKS = ("1", "2", "3", "4", "5", "6")

_NAVY, _BAR_COLOR, _STRIPE_COLOR = 0xFF2B1B12, 0xF0442A1E, 0xFF2DA5F2  # OBS counts alpha, blue, green, red
_SIGN_COLOR = 0x80604830


@dataclass(frozen=True, slots=True)
class InputSpec:
    """One input. `device` is the name that people know it by; the setting's value is looked up in OBS."""

    name: str
    purpose: str
    settings: dict[str, Any] = field(default_factory=dict, repr=False)
    device: str | None = None
    tracks: frozenset[str] | None = None
    offset_ms: int = 0


def aliases(sources: dict[str, Source]) -> dict[str, str]:
    """Name → the name under which the same device or file is opened: a camera can be opened only once."""
    seen: dict[tuple[object, ...], str] = {}
    out = {}
    for name in sorted(sources, key=lambda name: (name != "camera-main", name)):
        source = sources[name]
        url = source.url.get_secret_value() if source.url else None
        what = (source.camera, source.media, source.screen, source.image, url, source.audio)
        out[name] = seen.setdefault(what, name)
    return out


def specs(plan: StudioPlan) -> dict[str, InputSpec]:
    """Every input of the plan by name, the drawn ones (cards, bars, text) included."""
    canonical = aliases(plan.sources)
    spoken = {canonical[name] for name in plan.microphones if name in canonical}
    out = {
        name: _source(name, plan.sources[name], name in spoken) for name in plan.sources if canonical[name] == name
    }
    for kind, picture in plan.cards.items():
        out[layout.CARD + kind] = InputSpec(layout.CARD + kind, "image", {"file": str(picture.absolute())})
    colors = {
        layout.BACKGROUND: _NAVY,
        layout.BAR: _BAR_COLOR,
        layout.STRIPE: _STRIPE_COLOR,
        layout.SIGN_PLACE: _SIGN_COLOR,
    }
    for name, color in colors.items():
        out[name] = InputSpec(name, "color", {"color": color, "width": 16, "height": 16})
    out[layout.TEXT] = InputSpec(layout.TEXT, "text", _text(plan))
    return out


def _source(name: str, source: Source, spoken: bool) -> InputSpec:
    tracks = frozenset({MIX, MICROPHONES} if spoken else {MIX})
    if source.camera is not None:
        # A camera's own sound is not taken: sound is chosen by name.
        return InputSpec(name, "camera", device=source.camera)
    if source.media is not None:
        settings = {
            "is_local_file": True,
            "local_file": str(source.media.absolute()),
            "looping": True,
            "restart_on_activate": False,
            "close_when_inactive": False,
            "hw_decode": False,
        }
        return InputSpec(name, "media", settings, tracks=tracks, offset_ms=source.offset_ms)
    if source.url is not None:
        settings = {
            "is_local_file": False,
            "input": source.url.get_secret_value(),
            "reconnect_delay_sec": 2,
            "buffering_mb": 1,
            "restart_on_activate": False,
            "close_when_inactive": False,
        }
        return InputSpec(name, "url", settings, tracks=tracks, offset_ms=source.offset_ms)
    if source.image is not None:
        return InputSpec(name, "image", {"file": str(source.image.absolute())})
    if source.screen is not None:
        return InputSpec(name, "screen", {"screen": source.screen - 1}, device=f"#{source.screen}")
    return InputSpec(name, "audio", device=source.audio, tracks=tracks, offset_ms=source.offset_ms)


def _text(plan: StudioPlan) -> dict[str, Any]:
    face = "Segoe UI" if platform.WINDOWS else "DejaVu Sans"
    size = round(plan.encoder.height * 0.05)
    font = {"face": face, "style": "Bold", "size": size, "flags": 1}
    white = {"color": 0xFFFFFF} if platform.WINDOWS else {"color1": 0xFFFFFFFF, "color2": 0xFFFFFFFF}
    return {"text": plan.lower_third, "font": font, **white}
