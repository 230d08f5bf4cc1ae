"""Where a leg sends to: its first address, and its spare one after some tries in vain; then back, in turn."""

from dataclasses import replace
from typing import Literal

from pipeline.hub.spec import LegSpec

TRIES = 3  # in a row at one address, before the other has its turn

Which = Literal["first", "spare"]


class Addresses:
    """`spec` is what the next try goes by; tell `failed` and `worked` how tries went."""

    def __init__(self, spec: LegSpec) -> None:
        self._first = spec
        self._spare = replace(spec, url=spec.spare_url, secret=spec.spare_secret) if spec.spare_url else None
        self._tries = 0
        self.which: Which = "first"

    @property
    def spec(self) -> LegSpec:
        return self._spare if self._spare is not None and self.which == "spare" else self._first

    def failed(self) -> bool:
        """Whether the next try goes to the other address."""
        self._tries += 1
        if self._spare is None or self._tries < TRIES:
            return False
        self._tries = 0
        self.which = "first" if self.which == "spare" else "spare"
        return True

    def worked(self) -> None:
        self._tries = 0
