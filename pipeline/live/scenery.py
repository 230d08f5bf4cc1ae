"""From a broadcast's plan to what the studio is to show: scenes, sources, cards, outputs."""

from pathlib import Path

from pipeline.live.plan import BroadcastPlan
from pipeline.live.start import APP
from pipeline.model.config import Source
from pipeline.model.studio import StudioPlan

NAME = "e-kultura"


def studio_plan(plan: BroadcastPlan, cards: dict[str, Path]) -> StudioPlan:
    """The studio's plan; a source that is null in the settings falls back to the main camera."""
    sources = plan.settings.sources
    main = sources.get("camera-main")
    used: dict[str, Source] = {}
    for scene in plan.klass.scenes.values():
        for name in scene.sources:
            source = sources.get(name) or main
            if source is not None:
                used[name] = source
    microphones = tuple(name for name in plan.klass.microphones if sources.get(name))
    for name in microphones:
        source = sources[name]
        if source is not None:
            used[name] = source
    return StudioPlan(
        collection=f"{NAME} {plan.klass_name}",
        profile=NAME,
        scenes=dict(plan.klass.scenes),
        opening=plan.klass.opening,
        sources=used,
        microphones=microphones,
        cards=cards,
        encoder=plan.encoder,
        record_folder=plan.folder / "masters",
        stream_url=f"rtmp://{plan.settings.hub.listen}/{APP}",
        stream_key=plan.hub_key,
        lower_third=plan.title,
        virtual_camera=plan.participants,
    )
