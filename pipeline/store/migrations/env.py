"""Alembic's way in, loaded by it alone: takes the connection that `run.upgrade` hands over."""

from alembic import context

from pipeline.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table_schema=context.config.attributes["schema"],
    render_as_batch=True,
)
context.run_migrations()
