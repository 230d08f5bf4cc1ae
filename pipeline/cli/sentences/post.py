"""Sentences of the after-work: its errors, and what it found worth telling."""

from pipeline.cli.sentences.form import N_, Sentence

_KEPT = N_("The masters are safe and untouched.")

SENTENCES: dict[str, Sentence] = {
    "post.worker-runs": Sentence(
        what=N_("A worker already runs on this station (process {pid})."),
        why=N_("Two would do everything twice."),
        remedy=N_("Nothing needs to be done: it takes up new recordings by itself."),
    ),
    "post.disk-full": Sentence(
        what=N_("There is too little space for {folder}: {missing_gb} GB are missing."),
        why=_KEPT,
        remedy=N_("Free some space, then: ekultura jobs ID --retry. What is finished is kept."),
    ),
    "post.no-room": Sentence(
        what=N_("There is too little space for a copy in {folder}: {missing_gb} GB are missing."),
        why=N_("Nothing has been copied."),
        remedy=N_("Free some space, or set folders.recordings in config.yaml to a larger disk."),
    ),
    "post.copy-differs": Sentence(
        what=N_("The copy of {file} differs from the original, and was removed."),
        why=N_("The disk or the card gives other bytes when they are read again."),
        remedy=N_("Try another card reader or another disk; keep the original."),
    ),
    "post.no-master": Sentence(
        what=N_("There is no readable recording in {folder}."),
        why=N_("Every file in it is missing, empty or damaged."),
        remedy=N_("If another copy exists (camera, OBS), bring it in with: ekultura process FILE."),
    ),
    "post.master-changed": Sentence(
        what=N_("The master {file} has changed since it was recorded."),
        why=N_("Its digest differs from the one kept in the database."),
        remedy=N_("Look for who or what changed it; restore it from the archive package."),
    ),
    "post.words-unreadable": Sentence(
        what=N_("The file {file} with the recognised words cannot be read."),
        remedy=N_("Remove it and start again: ekultura jobs ID --retry."),
    ),
    "post.transcription-failed": Sentence(
        what=N_("The speech recognition ended before it was done."),
        why=N_("It said: {detail}"),
        remedy=N_("Often memory was short. Close other programs, then: ekultura jobs ID --retry."),
    ),
    "post.output-wrong": Sentence(
        what=N_("A finished file ({kind}) is not as it should be and was removed: {fault}."),
        why=_KEPT,
        remedy=N_("Try again: ekultura jobs ID --retry. If it stays so, report it."),
    ),
    "post.captions-not-burnt": Sentence(
        what=N_("The captions do not show in the picture of the finished video, and it was removed."),
        why=N_("ffmpeg may lack libass, or the font of the caption style is not installed."),
        remedy=N_("Install the font (on Debian: apt install fonts-dejavu-core), then: ekultura jobs ID --retry."),
    ),
    "post.engine-gave-up": Sentence(
        what=N_("The after-work was broken off too often."),
        why=_KEPT,
        remedy=N_("Start it again: ekultura jobs ID --retry. What is finished is kept."),
    ),
    "post.defect": Sentence(
        what=N_("The step {step} failed by a defect of this program."),
        why=N_("It said: {detail}"),
        remedy=N_("Report it with the log. The masters are safe; ekultura jobs ID --retry tries again."),
    ),
    "post.cancelled": Sentence(
        what=N_("The after-work was cancelled."),
        remedy=N_("Start it again: ekultura jobs ID --retry. What is finished is kept."),
    ),
    "post.not-wanted": Sentence(
        what=N_("This after-work is no longer wanted: the recording was cancelled or has changed."),
    ),
    "post.nothing-to-cancel": Sentence(
        what=N_("The recording {id} has no after-work to cancel (state: {state})."),
    ),
    "post.not-to-retry": Sentence(
        what=N_("The after-work of {id} is not over (state: {state})."),
        remedy=N_("Wait for its end, or cancel it first: ekultura jobs ID --cancel."),
    ),
    "post.no-sound": Sentence(
        what=N_("The recording has no sound: there are no captions."),
        why=N_("No microphone was connected, or the camera recorded without sound."),
        remedy=N_("Check the microphone before the next event with: ekultura check."),
    ),
    "post.silence": Sentence(
        what=N_("The recording has a sound track, but it is silent throughout."),
        why=N_("A microphone was muted, or the wrong one was chosen."),
        remedy=N_("Check the microphone before the next event with: ekultura check."),
    ),
    "post.no-picture": Sentence(
        what=N_("The recording has no picture: a sound file and captions were made."),
    ),
    "post.joined": Sentence(
        what=N_("The recording consists of {pieces} pieces, which were joined; what lies between is missing."),
        why=N_("The recording was interrupted during the event."),
    ),
    "post.master-torn": Sentence(
        what=N_("The master {file} was cut off by a failure; all that was recorded until then is used."),
    ),
    "post.master-unreadable": Sentence(
        what=N_("The file {file} among the masters cannot be read and was left out."),
        remedy=N_("If another copy exists, bring it in with: ekultura process FILE."),
    ),
    "post.master-damaged": Sentence(
        what=N_("The master {file} has damaged places."),
        why=N_("The decoder said: {detail}"),
        remedy=N_("Look through the finished video; a copy from the camera may be better."),
    ),
    "post.captions-wait": Sentence(
        what=N_("The captions for {destination} wait until somebody has approved them."),
    ),
    "post.captions-not-published": Sentence(
        what=N_("The captions could not be put onto the video at {destination} ({reason})."),
        why=N_("All files are ready all the same."),
        remedy=N_("Try again: ekultura jobs ID --retry, or upload the .srt file by hand."),
    ),
}
