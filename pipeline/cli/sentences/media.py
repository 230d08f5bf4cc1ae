"""Sentences of the media tools and of files that are no media."""

from pipeline.cli.sentences.form import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "media.tool-missing": Sentence(
        what=N_("The program {tool} could not be started."),
        why=N_("It is not installed, or not where programs are looked for."),
        remedy=N_("Install it (on Debian: apt install ffmpeg) and try again."),
    ),
    "media.tool-hung": Sentence(
        what=N_("The program {tool} did not finish within {seconds} seconds and was ended."),
        why=N_("The file may be damaged, or the disk does not answer."),
        remedy=N_("Try again; if it happens with this file only, copy the file anew from the camera."),
    ),
    "media.tool-failed": Sentence(
        what=N_("The program {tool} failed."),
        why=N_("It said: {detail}"),
        remedy=N_("Check that the file plays; if it does, try again and report what the program said."),
    ),
    "media.ffmpeg-missing": Sentence(
        what=N_("ffmpeg was not found ({tool})."),
        why=N_("Recordings, captions and videos are made with it."),
        remedy=N_("Install it: apt install ffmpeg (Debian), winget install Gyan.FFmpeg (Windows)."),
    ),
    "media.ffmpeg-too-old": Sentence(
        what=N_("ffmpeg {found} is too old."),
        why=N_("Version {needed} or newer is needed."),
        remedy=N_("Install a newer ffmpeg: Debian 12 has one, Windows gets one by winget install Gyan.FFmpeg."),
    ),
    "media.missing": Sentence(
        what=N_("There is no file {file}."),
        remedy=N_("Check the name and the folder."),
    ),
    "media.no-plain-file": Sentence(
        what=N_("{file} is no file that could be read: it is a folder, a device or a pipe."),
        remedy=N_("Give a video or sound file."),
    ),
    "media.empty": Sentence(
        what=N_("The file {file} is empty: zero bytes."),
        why=N_("The copy from the camera or the card was probably broken off."),
        remedy=N_("Copy the file again from where it was recorded. Nothing has been changed here."),
    ),
    "media.not-media": Sentence(
        what=N_("The file {file} is no film and no sound recording."),
        why=N_("No picture and no sound could be read in it. {detail}"),
        remedy=N_("Choose a video or sound file. If this should be one, copy it again: it is damaged."),
    ),
    "media.no-loudness": Sentence(
        what=N_("The loudness of the sound could not be measured."),
        why=N_("ffmpeg gave no result."),
        remedy=N_("Check that the file plays with sound, then try again."),
    ),
}
