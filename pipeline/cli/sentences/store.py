"""Sentences of the database."""

from pipeline.cli.sentences.form import N_, Sentence

SENTENCES: dict[str, Sentence] = {
    "store.network-folder": Sentence(
        what=N_("The work folder {folder} lies on a network share."),
        why=N_("The database would be damaged there: SQLite needs a local disk."),
        remedy=N_(
            "Set folders.work in config.yaml to a folder of this computer; recordings may stay on the share."
        ),
    ),
    "store.folder-not-writable": Sentence(
        what=N_("The folder {folder} cannot be written."),
        why=N_("The system says: {detail}"),
        remedy=N_("Give your account the right to write there, or choose another folder in config.yaml."),
    ),
    "store.bad-address": Sentence(
        what=N_("The address under database in config.yaml cannot be used."),
        remedy=N_("Write postgresql+psycopg://USER:PASSWORD@HOST/DATABASE, or leave it empty for SQLite."),
    ),
    "store.unreachable": Sentence(
        what=N_("The database does not answer."),
        why=N_("The server is off, the network is down, or the disk is gone ({detail})."),
        remedy=N_("Broadcasts go on without it. Start the database server and try again."),
    ),
    "store.busy": Sentence(
        what=N_("The database has been held by another program for more than ten seconds."),
        why=N_("A backup or a virus scanner may hold the file station.sqlite."),
        remedy=N_("Wait a moment and try again; exclude the work folder from such programs."),
    ),
    "store.newer-database": Sentence(
        what=N_("The database was made by a newer version of this program (revision {found})."),
        why=N_("This version knows revisions up to {known}; writing could damage it."),
        remedy=N_("Install the newer version on this computer too."),
    ),
    "store.older-database": Sentence(
        what=N_("The database is of an older version (revision {found}, needed {needed})."),
        remedy=N_("Start ekultura worker once: it brings the database up to date."),
    ),
    "store.damaged": Sentence(
        what=N_("The database {file} in the work folder is damaged: {detail}."),
        why=N_("A power cut or a failing disk may have done it. Recordings and packages are not touched by it."),
        remedy=N_(
            "End the broadcast and the after-work, rename work/{file} (and -wal, -shm), and run `ekultura jobs`: "
            "it is made anew from the journals of the recordings."
        ),
    ),
    "store.no-recording": Sentence(
        what=N_("There is no recording {id}."),
        remedy=N_("See what there is: ekultura archive list."),
    ),
}
