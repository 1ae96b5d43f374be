"""The register and the conversations in SQL (SQLite, PostgreSQL) by SQLAlchemy."""
