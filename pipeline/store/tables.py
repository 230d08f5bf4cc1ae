"""The tables of our database. Times are ISO 8601 texts in UTC (they sort), paths POSIX and relative to a root."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

_OF_RECORDING = "recording.id"

recording = Table(
    "recording",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("folder", Text, nullable=False, unique=True),
    Column("klass", String(40), nullable=False),
    Column("title", Text, nullable=False),
    Column("started", String(32), nullable=False),
    Column("ended", String(32)),
    Column("state", String(16), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("error", JSON(none_as_null=True)),  # {"code": …, "fields": {…}} of the last failure
    Column("findings", JSON(none_as_null=True)),  # [{"code", "level", …}] of the after-work
    CheckConstraint("state in ('on-air', 'waiting', 'working', 'done', 'failed')", name="recording_state"),
)
Index("recording_by_state", recording.c.state, recording.c.started)

journal_line = Table(
    "journal_line",
    metadata,
    Column("recording", String(16), ForeignKey(_OF_RECORDING), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("utc", String(32), nullable=False),
    Column("hub_us", BigInteger),
    Column("who", Text, nullable=False),
    Column("what", String(32), nullable=False),
    Column("fields", JSON, nullable=False),
)

file = Table(
    "file",
    metadata,
    Column("root", String(16), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("recording", String(16), ForeignKey(_OF_RECORDING), nullable=False),
    Column("role", String(16), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("sha512", String(128)),
    Column("offset_us", BigInteger),
    Column("note", Text),
    Column("made_from", String(64)),  # digest of what the output was made from; None for masters
)
Index("file_by_recording", file.c.recording)

marker = Table(
    "marker",
    metadata,
    Column("recording", String(16), ForeignKey(_OF_RECORDING), primary_key=True),
    Column("n", Integer, primary_key=True),  # the journal line that set it
    Column("utc", String(32), nullable=False),
    Column("hub_us", BigInteger),
    Column("text", Text, nullable=False),
)

track = Table(
    "track",
    metadata,
    Column("recording", String(16), ForeignKey(_OF_RECORDING), primary_key=True),
    Column("language", String(16), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("path", Text, nullable=False),  # the SubRip file, relative to the recordings' root
    Column("cues", Integer, nullable=False),
    Column("engine", String(40), nullable=False),
    Column("model", Text, nullable=False),
    Column("updated", String(32), nullable=False),
)

publication = Table(
    "publication",
    metadata,
    Column("recording", String(16), ForeignKey(_OF_RECORDING), primary_key=True),
    Column("destination", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("live_id", Text),
    Column("video_id", Text),
    Column("permalink", Text),
    Column("viewers", Integer),  # the most that were seen at once
    Column("caption_state", String(16), nullable=False),
)
