"""Databases for these tests."""

from tests.database_fixtures import database, empty_database, postgres_url

__all__ = ["database", "empty_database", "postgres_url"]
