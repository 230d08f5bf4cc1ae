"""Sentences on the run sheet."""

from pipeline.cli.sentences.form import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "live.no-sheet": Sentence(
        N_("The class of this broadcast has no run sheet."),
        remedy=N_("Show a scene with `ekultura scene NAME`; a run sheet is written into the class's preset."),
    ),
    "live.sheet-over": Sentence(
        N_("The run sheet is over: no cue is left."), remedy=N_("Show a scene with `ekultura scene NAME`.")
    ),
    "live.next-is-stop": Sentence(
        N_("The next line of the run sheet is the end of the broadcast."),
        remedy=N_("`ekultura stop` ends it now; `ekultura hold` or `ekultura extend 5` keep it on air."),
    ),
}
