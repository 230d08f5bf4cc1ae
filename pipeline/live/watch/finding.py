"""A finding: something that is wrong at this moment and that people are to see."""

from dataclasses import dataclass, field

LEVELS = ("notice", "warning", "alarm")  # how grave, ascending


@dataclass(frozen=True, slots=True)
class Finding:
    """Its code, how grave it is, what names it (`key`), and what its sentence needs (`about`).

    It counts once it has stood for `after_s`, and is over once it was gone for `clear_s`: a single bad reading is
    no alarm, a single good one no cure. `told`: whoever found it has journalled it already.
    """

    code: str
    level: str
    key: str
    about: dict[str, object] = field(default_factory=dict)
    after_s: float = 0.0
    clear_s: float = 3.0
    told: bool = False

    @property
    def gravity(self) -> int:
        return LEVELS.index(self.level) if self.level in LEVELS else len(LEVELS)
