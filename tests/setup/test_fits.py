"""The check after the installation: what is missing and not left out on purpose is named."""

from importlib.metadata import Distribution
from pathlib import Path

from bootstrap.fits import left_out, unmet


class Installed(Distribution):
    """A distribution that is only told of."""

    def __init__(self, version: str, *needs: str) -> None:
        self.told, self.needs = version, needs

    @property
    def version(self) -> str:
        return self.told

    @property
    def requires(self) -> list[str]:
        return list(self.needs)

    def read_text(self, filename: str) -> str | None:
        return None

    def locate_file(self, path: object) -> Path:
        raise NotImplementedError


def test_names_what_is_missing_and_what_does_not_fit() -> None:
    installed = {"whisper": Installed("1", "Torch>=2", "tiktoken", "triton>=2"), "torch": Installed("1.9")}
    assert unmet(dict(installed), {"triton"}) == [
        "whisper: Torch>=2: 1.9 is there",
        "whisper: tiktoken: missing",
    ]


def test_extras_and_other_systems_are_not_asked_for() -> None:
    installed = {"a": Installed("1", 'b; extra == "c"', 'd; python_version < "3"')}
    assert unmet(dict(installed), set()) == []


def test_a_build_label_fits() -> None:
    installed = {"a": Installed("1", "torch>=2.13,<3"), "torch": Installed("2.13.0+cpu")}
    assert unmet(dict(installed), set()) == []


def test_reads_the_names_of_the_overrides() -> None:
    assert left_out('# why\ntriton; python_version < "3"\nNvidia_nccl-cu13 ; x\n') == {"triton", "nvidia-nccl-cu13"}
