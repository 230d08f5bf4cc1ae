"""What to tell people about captions: errors, findings of a hearing, and rules that a track breaks."""

from pipeline.cli.sentences.form import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "captions.no-file": Sentence(
        what=N_("There is no file {path}."),
        remedy=N_("Check the name and the folder."),
    ),
    "captions.not-media": Sentence(
        what=N_("{path} is not a recording that can be played."),
        why=N_("It is empty, damaged or of another kind. ffmpeg says: {detail}"),
        remedy=N_("Choose a video or sound file, or copy it again from where it was recorded."),
    ),
    "captions.no-sound": Sentence(
        what=N_("{path} has no sound."),
        why=N_("Captions are made from speech."),
        remedy=N_("Choose a recording with sound, or check the microphone before the next one."),
    ),
    "captions.no-such-stream": Sentence(
        what=N_("{path} has no sound track number {stream}."),
        why=N_("It has {streams}, counted from 0."),
        remedy=N_("Choose one of them."),
    ),
    "captions.ffmpeg-missing": Sentence(
        what=N_("The program {tool} was not found."),
        why=N_("Sound is read with ffmpeg."),
        remedy=N_(
            "Install ffmpeg (on Debian: apt install ffmpeg; on Windows: winget install ffmpeg) and try again."
        ),
    ),
    "captions.decoding": Sentence(
        what=N_("The sound of {path} could not be read to its end."),
        why=N_("ffmpeg says: {detail}"),
        remedy=N_("Play the file to see whether it is damaged, and copy it again if it is."),
    ),
    "captions.model-missing": Sentence(
        what=N_("The weights of the speech model {model} are not on this computer."),
        why=N_("They were looked for in {folder}."),
        remedy=N_(
            "Connect to the internet once so that they can be fetched, or put the .pt file into that "
            "folder, or name another model (captions: model)."
        ),
    ),
    "captions.unknown-model": Sentence(
        what=N_("There is no speech model {model}."),
        why=N_("Known are: {known}; or the path of a .pt file."),
        remedy=N_("Correct the model's name."),
    ),
    "captions.model-broken": Sentence(
        what=N_("The speech model {model} could not be loaded."),
        why=N_("Its file is damaged or is no Whisper model: {detail}"),
        remedy=N_("Delete the file and fetch it again, or name another model."),
    ),
    "captions.engine-missing": Sentence(
        what=N_("The speech engine {engine} cannot be used."),
        why=N_("A part of it is missing: {detail}"),
        remedy=N_("Run ./run again; it installs what is missing."),
    ),
    "captions.engine-failed": Sentence(
        what=N_("The speech engine {engine} failed."),
        why=N_("It says: {detail}"),
        remedy=N_("Try again; if it fails again, close other programs or take a smaller model."),
    ),
    "captions.unknown-language": Sentence(
        what=N_("The speech engine knows no language “{language}”."),
        remedy=N_("Give its code of two letters, such as pl, en, uk or de."),
    ),
    "captions.unknown-engine": Sentence(
        what=N_("There is no speech engine {engine}."),
        why=N_("Known are: {known}."),
        remedy=N_("Correct the engine's name (captions: engine)."),
    ),
    "captions.miniature-broken": Sentence(
        what=N_("The miniature speech model of the program is damaged: {path}."),
        remedy=N_("Install the program again."),
    ),
    "captions.cannot-write": Sentence(
        what=N_("{path} could not be written."),
        why=N_("The system says: {detail}"),
        remedy=N_("Check that the folder is there, that you may write to it, and that the disk is not full."),
    ),
    "captions.stopped": Sentence(
        what=N_("The making of captions was stopped."),
        remedy=N_("Start it again; nothing half-made was left."),
    ),
    "captions.unknown-format": Sentence(
        what=N_("There is no caption format “{format}”."),
        why=N_("The formats are: {known}."),
        remedy=N_("Give a file name with one of these endings, or one of these names."),
    ),
    "captions.too-large": Sentence(
        what=N_("{path} is larger than {megabytes} MB and therefore no caption file."),
        remedy=N_("Check the name: perhaps the recording itself was given."),
    ),
    "captions.fault-times": Sentence(
        what=N_("the times cannot be read; this caption is left out: {text}"),
    ),
    "captions.fault-backwards": Sentence(
        what=N_("the caption ends before it begins: {text}"),
    ),
    "captions.fault-no-text": Sentence(
        what=N_("there are times but no text."),
    ),
    "captions.fault-stray": Sentence(
        what=N_("this text has no times and is left out: {text}"),
    ),
    "captions.fault-encoding": Sentence(
        what=N_("bytes that are no letters were found: {text}"),
    ),
    "captions.fault-xml": Sentence(
        what=N_("this is not well-formed XML: {text}"),
    ),
    "captions.fault-cut": Sentence(
        what=N_("the file is cut off here ({text} left)."),
    ),
    "captions.fault-empty": Sentence(
        what=N_("there is not one caption in this file."),
    ),
    "captions.fault-no-times": Sentence(
        what=N_("plain text holds no times; these captions only follow the pace of reading."),
    ),
    "captions.signs-lost": Sentence(
        what=N_("{path}: this format has no signs for {signs}; a question mark stands there."),
        remedy=N_("Take a format in Unicode, such as SRT or EBU-TT-D, where these signs matter."),
    ),
    "captions.bad-file": Sentence(
        what=N_("This is no valid caption file ({format}): line {line}."),
        why=N_("It says there: {text}"),
        remedy=N_("Correct that line in a text editor, or take another copy of the file."),
    ),
    "captions.style-unreadable": Sentence(
        what=N_("The caption style {path} cannot be read."),
        why=N_("The system says: {detail}"),
        remedy=N_("Check the name and that the file is UTF-8 text."),
    ),
    "captions.style-syntax": Sentence(
        what=N_("{path}:{line}: this is not valid YAML for a caption style."),
        remedy=N_("Each line is `key: value`; compare it with the shipped sdh-adult.yaml."),
    ),
    "captions.style-unknown-key": Sentence(
        what=N_("{path}:{line}: a caption style has no key {key}."),
        remedy=N_("Perhaps {nearest} was meant."),
    ),
    "captions.style-value": Sentence(
        what=N_("{path}:{line}: {key} cannot be {value}."),
        remedy=N_("Allowed: {wanted}"),
    ),
    "captions.no-speech": Sentence(
        what=N_("Nobody speaks in this recording, so there are no captions."),
        remedy=N_(
            "If somebody does speak, check that the right sound track was used and that the microphone was on."
        ),
    ),
    "captions.speech-without-words": Sentence(
        what=N_("At {at} somebody speaks, but no words were made out."),
        why=N_("The speech is unclear, foreign or under music; it was listened to twice."),
        remedy=N_("Listen to it and add the caption by hand."),
    ),
    "captions.loop-cut": Sentence(
        what=N_("At {at} the speech engine repeated itself; the repetitions were taken out."),
        remedy=N_("Listen to the place and complete the caption where something is missing."),
    ),
    "captions.phantom-dropped": Sentence(
        what=N_("At {at} the speech engine invented a text where nobody speaks; it was taken out: {text}"),
        remedy=N_("Listen to the place if it may have been said after all."),
    ),
    "captions.check-empty": Sentence(
        what=N_("The caption or one of its lines is empty."),
    ),
    "captions.check-not-nfc": Sentence(
        what=N_("Letters and their accents are stored apart (the text is not in Unicode's form NFC)."),
        remedy=N_("Save it again with this program."),
    ),
    "captions.check-unclean": Sentence(
        what=N_(
            "The line has signs that do not belong in a caption: three dots for …, wrong quotes, spaces"
            " too many or unseen signs: {line}"
        ),
    ),
    "captions.check-lines": Sentence(
        what=N_("The caption has {lines} lines; {most} at most are allowed."),
    ),
    "captions.check-width": Sentence(
        what=N_("A line has {width} characters; {most} at most are allowed."),
    ),
    "captions.check-dialogue": Sentence(
        what=N_("In a dialogue both lines begin with a hyphen and a space."),
    ),
    "captions.check-balance": Sentence(
        what=N_("One line is much longer than the other."),
    ),
    "captions.check-torn": Sentence(
        what=N_("A line ends with {word}, which belongs to the next word."),
    ),
    "captions.check-name-split": Sentence(
        what=N_("A line had better not end with {word}."),
    ),
    "captions.check-order": Sentence(
        what=N_("The caption ends before it begins, or begins before the recording."),
    ),
    "captions.check-short": Sentence(
        what=N_("The caption stands for {ms} ms; at least {least} are needed."),
    ),
    "captions.check-long": Sentence(
        what=N_("The caption stands for {ms} ms; {most} at most are allowed."),
    ),
    "captions.check-past-end": Sentence(
        what=N_("The caption ends at {end} ms, after the recording's end at {length} ms."),
    ),
    "captions.check-overlap": Sentence(
        what=N_("The caption runs {ms} ms into the next one."),
    ),
    "captions.check-gap": Sentence(
        what=N_("Only {ms} ms until the next caption; at least {least} are needed."),
    ),
    "captions.check-flicker": Sentence(
        what=N_("The gap of {ms} ms to the next caption flickers; it should be closed or longer."),
    ),
    "captions.check-speed": Sentence(
        what=N_("{cps} characters a second are too fast to read ({most} at most)."),
    ),
    "captions.check-brisk": Sentence(
        what=N_("{cps} characters a second: the speech itself is faster than {most}."),
    ),
    "captions.check-loop": Sentence(
        what=N_("The same text stands in several captions one after the other: {text}"),
    ),
}
