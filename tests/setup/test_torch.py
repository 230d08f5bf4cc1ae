"""torch: a local wheel wins, then the one index; a build for CUDA is refused and taken out again."""

import sys
from pathlib import Path

import pytest
from bootstrap import torch as under_test
from bootstrap.words import SetupError


class Pip:
    """Puts a torch in place when it is asked in the right way. `serves`: label of the build by where it is."""

    def __init__(self, root: Path, **serves: str) -> None:
        self.root, self.serves, self.calls = root, serves, []

    def __call__(self, *arguments: str, surroundings: dict[str, str] | None = None, may_fail: bool = False) -> bool:
        self.calls.append((arguments, surroundings or {}))
        site = self.root / ".venv" / "lib" / "python3.11" / "site-packages"
        if arguments[0] == "uninstall":
            for folder in site.glob("torch-*"):
                folder.rmdir()
            return True
        assert "--no-deps" in arguments, "dependencies of torch are gigabytes"
        label = self.serves.get("local" if "--no-index" in arguments else "index")
        if label is None:
            return False
        (site / f"torch-2.13.0{label}.dist-info").mkdir(parents=True)
        return True


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    text = '[tool.ekultura]\ntorch = "2.13.0"\ntorch-index = "https://torch.example/cpu"\n'
    (tmp_path / "pyproject.toml").write_text(text, "utf-8")
    for name in ("EKULTURA_TORCH_INDEX", "EKULTURA_TORCH_ANY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    return tmp_path


def test_a_local_wheel_wins(root: Path) -> None:
    pip = Pip(root, local="+cpu", index="+cpu")
    under_test.provide_torch(root, pip)
    assert len(pip.calls) == 1


def test_then_the_named_index_and_no_other(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EKULTURA_TORCH_INDEX", "https://mine.example/cpu")
    pip = Pip(root, index="+cpu")
    under_test.provide_torch(root, pip)
    arguments, surroundings = pip.calls[-1]
    assert arguments[arguments.index("--index-url") + 1] == "https://mine.example/cpu"
    assert surroundings["PIP_EXTRA_INDEX_URL"] == ""


def test_what_is_there_is_left_alone(root: Path) -> None:
    under_test.provide_torch(root, Pip(root, local="+cpu"))
    again = Pip(root)
    under_test.provide_torch(root, again)
    assert again.calls == []


def test_nothing_to_be_had_says_what_to_do(root: Path) -> None:
    with pytest.raises(SetupError, match="EKULTURA_TORCH_INDEX"):
        under_test.provide_torch(root, Pip(root))


def test_a_build_for_cuda_is_refused_and_taken_out(root: Path) -> None:
    with pytest.raises(SetupError, match="EKULTURA_TORCH_ANY"):
        under_test.provide_torch(root, Pip(root, index=""))
    assert not list(root.glob(".venv/**/torch-*"))


def test_unless_it_is_meant(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EKULTURA_TORCH_ANY", "1")
    under_test.provide_torch(root, Pip(root, index="+cu130"))
