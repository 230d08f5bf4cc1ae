"""Sentences on the archive: packaging, finding, verifying."""

from pipeline.cli.sentences.form import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "archive.no-master": Sentence(
        what=N_("There is nothing to package in {folder}: no master."),
        why=N_("A package without the recording itself would prove nothing."),
        remedy=N_("Look whether the recording is elsewhere, then `ekultura jobs ID --retry`."),
    ),
    "archive.unfinished": Sentence(
        what=N_("{path} is still being written, or was left half-written."),
        remedy=N_("Wait for the recording's end; after a power cut, run `ekultura process` on what is whole."),
    ),
    "archive.link": Sentence(
        what=N_("{path} is a link."),
        why=N_("A package holds the bytes themselves."),
        remedy=N_("Put the file itself in its place, then try again."),
    ),
    "archive.no-space": Sentence(
        what=N_("{folder} has no room for the package: {need_mb} MB are needed, {free_mb} MB are free."),
        remedy=N_("Make room or give another folder (folders.archive), then `ekultura jobs ID --retry`."),
    ),
    "archive.would-lose": Sentence(
        what=N_("The package {package} holds files that the recording no longer has: {files}."),
        why=N_("A new package would lose them, so the old one stays."),
        remedy=N_("Put the files back into the recording's masters/, or leave the package as it is."),
    ),
    "archive.unproved": Sentence(
        what=N_("The package {package} was written, but what was read back is not what was recorded: {files}."),
        why=N_("The disk or its cable may be failing. The recording itself was not touched."),
        remedy=N_("Check the disk, give another folder if need be, then `ekultura jobs ID --retry`."),
    ),
    "archive.busy": Sentence(
        what=N_("The package {package} is being made by another process."),
        remedy=N_("Wait; it is tried again by itself."),
    ),
    "archive.changed": Sentence(
        what=N_("{path} changed while it was being packaged."),
        remedy=N_("Wait until nobody works on it; it is tried again by itself."),
    ),
    "archive.stopped": Sentence(
        what=N_("The archive's work was stopped before its end."),
        why=N_("Nothing half-made bears a package's name."),
        remedy=N_("It goes on when the after-work does."),
    ),
    "archive.paused": Sentence(
        what=N_("The check of {package} was paused after {done_mb} of {total_mb} MB."),
        why=N_("What was read is written down; it counts for two weeks."),
        remedy=N_("The same command goes on from there."),
    ),
    "archive.due-or-one": Sentence(
        what=N_("--due chooses the packages itself, so “{what}” cannot be given with it."),
        remedy=N_("Give either of the two."),
    ),
    "archive.no-folder": Sentence(
        what=N_("The folder {folder} of the copy “{label}” is not there."),
        why=N_("A folder made now would lie on this computer's own disk."),
        remedy=N_("Connect the disk, or correct archive.copies in config.yaml."),
    ),
    "archive.other-label": Sentence(
        what=N_("{folder} is “{there}”, not “{label}”."),
        remedy=N_("Connect the disk “{label}”, or ask for “{there}”."),
    ),
    "archive.copy-paused": Sentence(
        what=N_("Copying stopped at {package}; “{label}” holds what it held before, and all that was finished."),
        remedy=N_("The same command goes on with this package."),
    ),
    "archive.damaged-here": Sentence(
        what=N_("The package {package} is damaged and was not copied: {files}."),
        why=N_("A copy is never overwritten by what its own checksums do not confirm."),
        remedy=N_("Run `ekultura archive verify` on it: it says where a whole copy of each file is."),
    ),
    "archive.no-copy-present": Sentence(
        what=N_("No copy of the archive is connected: {labels}."),
        why=N_("A copy is known by the label written on it, not by its folder."),
        remedy=N_("Connect one of these disks; a new one first needs `ekultura archive copy --prepare LABEL`."),
    ),
    "archive.no-copies": Sentence(
        what=N_("config.yaml names no copy of the archive."),
        remedy=N_("Write the label and folder of each under archive.copies; its comments show how."),
    ),
    "archive.copy-inside": Sentence(
        what=N_("The copy “{label}” in {folder} and the folder {other} lie in one another."),
        why=N_("A copy in the same place goes when that place goes."),
        remedy=N_("Give it a folder of its own, best on another disk."),
    ),
    "archive.unknown-label": Sentence(
        what=N_("config.yaml knows no copy “{label}”, only: {labels}."),
        remedy=N_("Give one of these labels, or write the new one under archive.copies."),
    ),
    "archive.which-label": Sentence(
        what=N_("--prepare needs the label that is to be written: {labels}."),
        remedy=N_("Give it: `ekultura archive copy --prepare LABEL`."),
    ),
    "archive.mass-change": Sentence(
        what=N_("“{label}” was left as it is: {changed} of {held} packages differ at once."),
        why=N_("So much at once looks like damage, a wrong folder or a hostile program."),
        remedy=N_("Look with --dry-run; if the changes are yours, add --anyway."),
    ),
    "archive.no-bag": Sentence(
        what=N_("{path} is no BagIt package: {detail}."),
        remedy=N_("Give a package's folder: the one that holds bagit.txt."),
    ),
    "archive.no-record": Sentence(
        what=N_("The package {path} has no readable record of its own."),
        remedy=N_("Run `ekultura archive verify {path}`."),
    ),
    "archive.unknown": Sentence(
        what=N_("There is no package “{id}” in {folder}."),
        remedy=N_("See all of them: `ekultura archive list`."),
    ),
    "archive.ambiguous": Sentence(
        what=N_("“{id}” may be several packages: {ids}."),
        remedy=N_("Give more letters of the id."),
    ),
}
