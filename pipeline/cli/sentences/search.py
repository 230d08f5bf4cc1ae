"""Sentences on searching the archive."""

from pipeline.cli.sentences.form import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "archive.no-words": Sentence(
        what=N_("There is no word to search for."),
        remedy=N_("Give words, or a filter such as --class, --person or --from."),
    ),
    "archive.query-long": Sentence(
        what=N_("That is too much to search for at once."),
        remedy=N_("Give at most {most} words."),
    ),
    "archive.not-there": Sentence(
        what=N_("The archive's folder {folder} is not there."),
        why=N_("It held packages before: its disk may not be connected."),
        remedy=N_("Connect the disk or correct folders.archive, then search again."),
    ),
    "archive.index": Sentence(
        what=N_("The search index {path} cannot be used: {detail}."),
        why=N_("It only repeats what is in the packages; nothing of them is lost."),
        remedy=N_("See that the folder can be written to and the disk has room, then search again."),
    ),
    "archive.index-busy": Sentence(
        what=N_("The search index {path} is being written by another process."),
        remedy=N_("Wait a moment, then search again."),
    ),
}
