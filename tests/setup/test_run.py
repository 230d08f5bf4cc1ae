"""./run itself: its help needs no set-up, its words come in both languages, and two set-ups never meet."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from bootstrap.lock import alone
from bootstrap.verbs import VERBS
from bootstrap.words import WORDS


def run(root: Path, *words: str, language: str = "en") -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "EKULTURA_LANG": language}
    return subprocess.run(
        [root / "run", *words], env=environ, capture_output=True, text=True, check=False, timeout=20
    )


def test_help_names_every_verb_in_both_languages(root: Path) -> None:
    for language, word in (("en", "Usage"), ("pl", "Użycie")):
        done = run(root, "--help", language=language)
        assert done.returncode == 0
        assert done.stdout.startswith(word)
        assert all(f"./run {verb} " in done.stdout for verb in VERBS)


def test_an_unknown_verb_is_wrong_usage(root: Path) -> None:
    done = run(root, "tset")
    assert done.returncode == 2
    assert "tset" in done.stderr
    assert "./run test" in done.stderr


def test_each_text_has_the_same_fields_in_both_languages() -> None:
    import string

    for key, texts in WORDS.items():
        english, polish = ({name for _, name, _, _ in string.Formatter().parse(text) if name} for text in texts)
        assert english == polish, key


def test_a_second_set_up_waits_for_the_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    order, inside, leave = [], threading.Event(), threading.Event()

    def first() -> None:
        with alone(tmp_path / "lock"):
            inside.set()
            leave.wait(10)
            order.append("first")

    def second() -> None:
        with alone(tmp_path / "lock"):
            order.append("second")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert inside.wait(10)
    threads[1].start()
    threading.Timer(0.3, leave.set).start()
    for thread in threads:
        thread.join(10)
    assert order == ["first", "second"]
    assert "waiting" in capsys.readouterr().err


def test_the_lock_is_free_after_its_holder_died(tmp_path: Path, root: Path) -> None:
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path\n"
        "from bootstrap.lock import alone\nwith alone(Path(sys.argv[2])): os._exit(9)"
    )
    died = subprocess.run(
        [sys.executable, "-c", code, str(root / "tools"), str(tmp_path / "lock")], check=False, timeout=20
    )
    assert died.returncode == 9
    with alone(tmp_path / "lock"):
        pass
