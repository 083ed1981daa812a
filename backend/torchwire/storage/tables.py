"""The tables. A change here needs a migration; a test compares the two."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData()

networks = Table(
    "networks",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("owner", String(64), nullable=True),  # SHA-256 of the owner's token; null: whoever knows the id may save
    Column("revision", Integer, nullable=False),  # the newest; goes on counting through a deletion
    Column("deleted", Boolean, nullable=False),
    Column("name", String(100), nullable=False),
    Column("nodes", Integer, nullable=False),
    Column("size", Integer, nullable=False),  # bytes of the text
    Column("saved_at", BigInteger, nullable=False),  # milliseconds since 1970, UTC
)
Index("networks_by_owner", networks.c.owner, networks.c.saved_at)

# Rows are added and never changed.
revisions = Table(
    "revisions",
    metadata,
    Column("network", String(64), ForeignKey("networks.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("base", Integer, nullable=True),  # the revision that it took the place of; null: it created the network
    Column("saved_at", BigInteger, nullable=False),
    Column("text", LargeBinary, nullable=True),  # zlib of the bytes as they were sent; null: the network was deleted
)
