"""Sentences about the stand-ins, which the demo and the tests start."""

from pipeline.cli.sentences.form import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "standin.nginx-missing": Sentence(
        what=N_("nginx with its RTMP module is missing, so nobody can stand in for Facebook's ingest."),
        remedy=N_("Install it (Debian: apt-get install nginx-light libnginx-mod-rtmp), then start again."),
    ),
    "standin.nginx-failed": Sentence(
        what=N_("nginx, which stands in for Facebook's ingest, does not start."),
        why="{detail}",
        remedy=N_("Start again; if it stays so, report it with these lines."),
    ),
    "standin.not-placed": Sentence(
        what=N_("The sound of {file} is not that of the class: it fits nowhere ({sureness})."),
        remedy=N_("Listen to it; OBS may have lost the sound on a machine that is too busy."),
    ),
    "standin.command-failed": Sentence(
        what=N_("`{command}` ended with {status}, so the demo cannot go on."),
        why="{detail}",
        remedy=N_("Put right what it says, then start the demo again."),
    ),
}
