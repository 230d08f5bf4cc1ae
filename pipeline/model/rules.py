"""Who may see a class: the one rule on minors and audiences that every part asks."""

from pipeline.model.presets import ClassPreset


def public_allowed(klass: ClassPreset, consents_checked: str | None) -> bool:
    """Whether public destinations may be sent to.

    A class for participants or for nobody never goes out. One with minors goes out only when somebody, named in
    `consents_checked`, says that the guardians' consents were checked; otherwise it is for participants only.
    """
    if klass.audience != "public":
        return False
    return not klass.minors or bool(consents_checked and consents_checked.strip())


def participants_allowed(klass: ClassPreset) -> bool:
    """Whether the participants' meeting may see it (through OBS's virtual camera)."""
    return klass.audience != "nobody"


def allowed_destinations(klass: ClassPreset, consents_checked: str | None) -> tuple[str, ...]:
    """The class's destinations that may be sent to; every destination of the settings is a public one."""
    return klass.destinations if public_allowed(klass, consents_checked) else ()
