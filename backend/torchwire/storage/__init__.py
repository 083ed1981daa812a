"""Networks that the server keeps.

database.py    the engine: SQLite by default, PostgreSQL by its URL; brings the tables up to date
tables.py      what is kept
migrations/    how the tables came to be (Alembic)
documents.py   what a saved text must be
networks.py    create, save, read, delete, list: one transaction each
shelf.py       the same for the event loop: a few threads that read, one that writes
"""
