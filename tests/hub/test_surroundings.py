"""What the hub must not need: a database layer, a settings library, a speech model."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module", ["pipeline.hub.daemon", "pipeline.hub.guard", "pipeline.hub.leg_rtmp", "pipeline.hub.control"]
)
def test_the_hub_loads_nothing_heavy(module: str) -> None:
    code = (
        f"import sys, {module}; print(sorted(sys.modules.keys() & {{'sqlalchemy', 'pydantic', 'torch', 'numpy'}}))"
    )
    out = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert out.stdout.strip() == "[]"
