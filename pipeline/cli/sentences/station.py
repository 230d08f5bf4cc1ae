"""Sentences on the station: its settings, their faults, its making."""

from pipeline.cli.sentences.form import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "config.faults": Sentence(
        what=N_("The configuration has {count} fault(s)."),
        remedy=N_("Correct the places below, then run `ekultura check`."),
    ),
    "config.no-station": Sentence(
        what=N_("There is no station in {start} or in any folder above it."),
        why=N_("A station is a folder with config.yaml."),
        remedy=N_("Go to the station's folder, give it with --station DIR, or make one: `ekultura init DIR`."),
    ),
    "config.secrets-wide": Sentence(
        what=N_("Others may read {path} (mode {mode})."),
        why=N_("It holds passwords and keys; they may be known to others already."),
        remedy=N_("Run `chmod 600 {path}`. If others use this computer, make new passwords and keys."),
    ),
    "config.no-class": Sentence(
        what=N_("There is no class of event “{name}”."),
        remedy=N_("Nearest or possible: {nearest}."),
    ),
    "config.no-encoder": Sentence(
        what=N_("There is no encoder preset “{name}”."),
        remedy=N_("Nearest or possible: {nearest}."),
    ),
    "config.no-cable-preset": Sentence(
        what=N_("There is no cable preset “{name}”."),
        remedy=N_("Nearest or possible: {nearest}."),
    ),
    "config.no-card-theme": Sentence(
        what=N_("There is no card theme “{name}”."),
        remedy=N_("Nearest or possible: {nearest}."),
    ),
    "config.no-caption-style": Sentence(
        what=N_("There is no caption style “{name}”."),
        remedy=N_("Nearest or possible: {nearest}."),
    ),
    "config.fault.unknown-key": Sentence(
        what=N_("unknown key “{given}”."),
        remedy=N_("Right would be: {nearest}."),
    ),
    "config.fault.missing-key": Sentence(
        what=N_("this key is missing."),
        remedy=N_("Add it."),
    ),
    "config.fault.missing-choice": Sentence(
        what=N_("this key is missing."),
        remedy=N_("Add it, with one of: {nearest}."),
    ),
    "config.fault.wrong-value": Sentence(
        what=N_("the value “{given}” is not allowed."),
        remedy=N_("Right would be: {nearest}."),
    ),
    "config.fault.wrong-type": Sentence(
        what=N_("“{given}” is of the wrong kind."),
        remedy=N_("Wanted: {nearest}."),
    ),
    "config.fault.wrong-form": Sentence(
        what=N_("“{given}” does not have the right form."),
        remedy=N_("The form is like this: {nearest}."),
    ),
    "config.fault.wrong-together": Sentence(
        what=N_("the keys here do not fit together."),
        remedy=N_("Wanted: {nearest}."),
    ),
    "config.fault.undefined-name": Sentence(
        what=N_("${{{given}}} stands here, but nothing has this name."),
        remedy=N_("Write {given}=… into secrets.env beside config.yaml, or set it in the environment."),
    ),
    "config.fault.broken-yaml": Sentence(
        what=N_("this is no right YAML: {given}."),
        remedy=N_("Look at this line and the one above: indentation (spaces only), colons, quotes, brackets."),
    ),
    "config.fault.unreadable": Sentence(
        what=N_("the file cannot be read: {given}."),
        remedy=N_("Check its rights and its name."),
    ),
    "config.fault.too-large": Sentence(
        what=N_("the file holds far more than settings need (perhaps names of the form *name that repeat it)."),
        remedy=N_("Write it anew from the commented example."),
    ),
    "config.fault.not-utf8": Sentence(
        what=N_("the file is not written in UTF-8."),
        remedy=N_("Save it in your editor as UTF-8."),
    ),
    "config.fault.not-a-mapping": Sentence(
        what=N_("the file does not hold “key: value” lines."),
        remedy=N_("Compare it with the commented example."),
    ),
    "config.fault.broken-secret": Sentence(
        what=N_("this line has no NAME=VALUE (it is not shown, it may be a secret)."),
        remedy=N_("Give it a name of letters, digits and underscores, and an equals sign."),
    ),
    "config.fault.wrong-ending": Sentence(
        what=N_("“{given}” is not read: presets end in .yaml."),
        remedy=N_("Rename it to {nearest}."),
    ),
    "config.fault.unknown-folder": Sentence(
        what=N_("the folder “{given}” is not read."),
        remedy=N_("Right would be: {nearest}."),
    ),
    "config.fault.unknown-preset": Sentence(
        what=N_("there is no preset “{given}”."),
        remedy=N_("Nearest or possible: {nearest}."),
    ),
    "config.fault.unknown-name": Sentence(
        what=N_("nothing here is called “{given}”."),
        remedy=N_("Nearest or possible: {nearest}."),
    ),
    "config.fault.out-of-order": Sentence(
        what=N_("“{given}” comes too early in the run sheet: {nearest} stands before it."),
        remedy=N_("Write the lines in the order in which they come, those with before_end last."),
    ),
    "config.fault.after-stop": Sentence(
        what=N_("“{given}” stands after stop, where nothing comes any more."),
        remedy=N_("Put stop last."),
    ),
    "config.fault.named-by-class": Sentence(
        what=N_("this name is missing, but classes use it ({given})."),
        remedy=N_("If the station does not have it, write {nearest}"),
    ),
    "station.exists": Sentence(
        what=N_("{path} is a station already."),
        why=N_("It holds a config.yaml, which is never overwritten."),
        remedy=N_("Change config.yaml there, or give another folder."),
    ),
    "station.not-writable": Sentence(
        what=N_("The station cannot be made in {path}: {detail}."),
        remedy=N_("Choose a folder that you may write to, on a disk with room."),
    ),
    "media.no-font": Sentence(
        what=N_("No font with Polish letters was found (wanted: {font})."),
        why=N_("Cards are drawn with it."),
        remedy=N_("Install DejaVu (Debian: apt install fonts-dejavu-core), or name another font in presets/cards."),
    ),
}
