"""Running Alembic from code: no ini file, one connection, inside the caller's transaction."""

import logging
from pathlib import Path

from sqlalchemy.engine import Connection


def upgrade(connection: Connection, *, schema: str | None) -> None:
    """Bring the tables to the newest revision; nothing when they are there."""
    logging.getLogger("alembic").setLevel(logging.WARNING)  # it tells of its plug-ins when it is imported
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=connection, schema=schema)
    command.upgrade(config, "head")
