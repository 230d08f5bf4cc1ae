"""The library stands alone: nothing of the pipeline, nothing heavy at import, one file for each engine."""

import ast
import subprocess
import sys
from pathlib import Path

import captions

_ROOT = Path(captions.__file__).parent


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_nothing_of_the_pipeline_is_imported() -> None:
    assert [path for path in _ROOT.rglob("*.py") if "pipeline" in _imports(path)] == []


def test_an_untyped_library_has_one_file() -> None:
    for library, owner in (("whisper", "engines/openai_whisper.py"), ("faster_whisper", "fasterwhisper.py")):
        users = [path for path in _ROOT.rglob("*.py") if library in _imports(path)]
        assert users == [_ROOT / owner]


def test_importing_it_loads_nothing_heavy() -> None:
    code = (
        "import sys, captions.transcribe, captions.segment, captions.files, captions.quality\n"
        "sys.exit(', '.join({'torch', 'whisper', 'faster_whisper', 'pipeline'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr.strip() == ""
    assert done.returncode == 0
