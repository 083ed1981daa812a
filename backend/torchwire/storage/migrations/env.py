"""Run by Alembic, from database.upgrade(): the connection is in the configuration's attributes."""

from __future__ import annotations

from alembic import context

from torchwire.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
