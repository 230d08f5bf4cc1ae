"""What the set-up says, in Polish or English, by the language of the surroundings."""

import os
import sys
import time

BEGUN = time.monotonic()

WORDS = {
    "system": ("installing system packages: {names}", "instaluję pakiety systemowe: {names}"),
    "service-off": (
        "the service {name} came with them and is not needed: switched off",
        "razem z nimi przyszła usługa {name}, która jest niepotrzebna: wyłączam ją",
    ),
    "by-hand": (
        "these programs are missing, please install them by hand: {names}",
        "brakuje programów, proszę zainstalować je ręcznie: {names}",
    ),
    "by-hand-apt": (
        "system packages are missing and there is no sudo here; as root: apt-get install -y {names}",
        "brakuje pakietów systemowych, a nie ma tu sudo; jako root: apt-get install -y {names}",
    ),
    "apt-failed": (
        "apt-get could not install {names} (code {code}); its own message stands above",
        "apt-get nie zainstalował pakietów {names} (kod {code}); jego komunikat jest powyżej",
    ),
    "waiting": (
        "another set-up is running in this folder; waiting for it",
        "w tym folderze trwa już inna instalacja; czekam na nią",
    ),
    "venv": ("making .venv with Python {version}", "tworzę .venv z Pythonem {version}"),
    "torch-local": ("torch {version}: from a local folder", "torch {version}: z lokalnego folderu"),
    "torch-index": ("torch {version}: from {index} (about 200 MB)", "torch {version}: z {index} (około 200 MB)"),
    "torch-missing": (
        "torch {version} could not be had, neither from a folder that pip knows nor from {index}. "
        "Check the network, or put the wheel of the processor build into a folder and name it: "
        "PIP_FIND_LINKS=FOLDER; EKULTURA_TORCH_INDEX=ADDRESS names another index.",
        "nie udało się pobrać torch {version}: ani z folderu znanego pipowi, ani z {index}. "
        "Proszę sprawdzić sieć albo włożyć plik whl wersji na procesor do folderu i wskazać go: "
        "PIP_FIND_LINKS=FOLDER; EKULTURA_TORCH_INDEX=ADRES wskazuje inny indeks.",
    ),
    "torch-other": (
        "torch {version} is not a build for processors (it would want several GB of CUDA). "
        "If that is meant, set EKULTURA_TORCH_ANY=1 and run this again.",
        "torch {version} nie jest wersją na procesor (zażąda kilku GB bibliotek CUDA). "
        "Jeśli tak ma być, proszę ustawić EKULTURA_TORCH_ANY=1 i uruchomić ponownie.",
    ),
    "packages": ("installing the locked packages ({count})", "instaluję pakiety z listy ({count})"),
    "project": ("the project itself", "sam program"),
    "pip-failed": (
        "pip failed (code {code}): {last}\nThe whole log: {log}",
        "pip zakończył się błędem (kod {code}): {last}\nCały dziennik: {log}",
    ),
    "incomplete": ("packages do not fit together:\n{lines}", "pakiety do siebie nie pasują:\n{lines}"),
    "ready": ("ready after {seconds} s", "gotowe po {seconds} s"),
    "unknown": ("unknown command: {verb}\n{usage}", "nieznane polecenie: {verb}\n{usage}"),
}


class SetupError(Exception):
    """The set-up cannot go on; the text is for the person."""


def language() -> str:
    for name in ("EKULTURA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "pl" if value.lower().startswith("pl") else "en"
    return "en"


def words(key: str, **fields: object) -> str:
    english, polish = WORDS[key]
    return (polish if language() == "pl" else english).format(**fields)


def say(key: str, **fields: object) -> None:
    """A plain progress line on standard error, with the seconds since the start."""
    print(f"[{time.monotonic() - BEGUN:5.0f} s] {words(key, **fields)}", file=sys.stderr, flush=True)
