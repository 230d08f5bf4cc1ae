"""The sentences for errors and findings, an area a file: code → what happened, why, what to do next."""

import importlib
import pkgutil

from pipeline.cli.sentences.form import Sentence


def all_sentences() -> dict[str, Sentence]:
    """Every area's sentences in one table; a code that two areas claim is a defect of ours."""
    table: dict[str, Sentence] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name != "form":
            for code, sentence in importlib.import_module(f"{__name__}.{module.name}").SENTENCES.items():
                if code in table:
                    raise ValueError(f"two sentences for {code}")
                table[code] = sentence
    return table
