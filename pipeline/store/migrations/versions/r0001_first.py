"""The first tables: recordings, journal, files, markers, caption tracks, publications."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "recording",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("folder", sa.Text, nullable=False, unique=True),
        sa.Column("klass", sa.String(40), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("started", sa.String(32), nullable=False),
        sa.Column("ended", sa.String(32)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("error", sa.JSON),
        sa.Column("findings", sa.JSON),
        sa.CheckConstraint("state in ('on-air', 'waiting', 'working', 'done', 'failed')", name="recording_state"),
    )
    op.create_index("recording_by_state", "recording", ["state", "started"])
    op.create_table(
        "journal_line",
        _of_recording(),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("utc", sa.String(32), nullable=False),
        sa.Column("hub_us", sa.BigInteger),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
    )
    op.create_table(
        "file",
        sa.Column("root", sa.String(16), primary_key=True),
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("recording", sa.String(16), sa.ForeignKey("recording.id"), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("sha512", sa.String(128)),
        sa.Column("offset_us", sa.BigInteger),
        sa.Column("note", sa.Text),
        sa.Column("made_from", sa.String(64)),
    )
    op.create_index("file_by_recording", "file", ["recording"])
    op.create_table(
        "marker",
        _of_recording(),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("utc", sa.String(32), nullable=False),
        sa.Column("hub_us", sa.BigInteger),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "track",
        _of_recording(),
        sa.Column("language", sa.String(16), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("cues", sa.Integer, nullable=False),
        sa.Column("engine", sa.String(40), nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("updated", sa.String(32), nullable=False),
    )
    op.create_table(
        "publication",
        _of_recording(),
        sa.Column("destination", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("live_id", sa.Text),
        sa.Column("video_id", sa.Text),
        sa.Column("permalink", sa.Text),
        sa.Column("viewers", sa.Integer),
        sa.Column("caption_state", sa.String(16), nullable=False),
    )


def _of_recording() -> sa.Column[str]:
    return sa.Column("recording", sa.String(16), sa.ForeignKey("recording.id"), primary_key=True)
