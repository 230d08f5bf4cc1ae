"""The plan: what a class decides, and that it survives being kept as JSON."""

import json

from pipeline.model.config import Settings
from pipeline.model.presets import ClassPreset, Scene
from pipeline.post import steps
from pipeline.post.plan import STEPS, Plan, plan_for


def test_every_step_exists() -> None:
    assert set(STEPS) == set(steps.STEPS)
    assert set(steps.QUEUES) <= set(STEPS)
    assert set(steps.QUEUES.values()) | {"recordings"} == set(steps.LIMITS)


def test_a_class_decides(settings: Settings) -> None:
    klass = ClassPreset(
        title="Muzyka",
        section="muzyka",
        scenes={"opening": Scene(kind="main", label="Początek")},
        caption_style="children",
        glossary=("Jutrzenka",),
        publish="at-once",
    )
    plan = plan_for(settings, klass, title="Koncert zimowy")
    assert (plan.style, plan.glossary, plan.publish) == ("children", ("Koncert zimowy", "Jutrzenka"), "at-once")
    assert Plan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_without_a_class_nothing_is_published_unseen(settings: Settings) -> None:
    plan = plan_for(settings, None, title="")
    assert (plan.style, plan.glossary, plan.publish) == ("sdh-adult", (), "after-approval")
    assert (plan.engine, plan.model) == ("openai-whisper", "demo")


def test_findings_add_up() -> None:
    first = steps.merged({}, {"a": 1, "findings": [{"code": "x"}]})
    assert steps.merged(first, {"b": 2}) == {"a": 1, "b": 2, "findings": [{"code": "x"}]}
