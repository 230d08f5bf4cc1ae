from typing import Literal

import pytest

from pipeline.model.presets import ClassPreset, Scene
from pipeline.model.rules import allowed_destinations, participants_allowed, public_allowed


def klass(audience: Literal["public", "participants", "nobody"], *, minors: bool) -> ClassPreset:
    return ClassPreset(
        title="Chór",
        section="Muzyka",
        audience=audience,
        minors=minors,
        scenes={"opening": Scene(kind="card", label="Plansza", card="title")},
    )


@pytest.mark.parametrize(
    ("audience", "minors", "checked", "public"),
    [
        ("public", False, None, True),
        ("public", True, None, False),
        ("public", True, "  ", False),
        ("public", True, "Anna Żak", True),
        ("participants", False, "Anna Żak", False),
        ("nobody", False, None, False),
    ],
)
def test_who_may_see_a_class(
    audience: Literal["public", "participants", "nobody"], minors: bool, checked: str | None, public: bool
) -> None:
    one = klass(audience, minors=minors)
    assert public_allowed(one, checked) is public
    assert allowed_destinations(one, checked) == (("facebook", "cable") if public else ())
    assert participants_allowed(one) is (audience != "nobody")
