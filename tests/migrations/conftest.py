"""Migrations run on the databases that the product's own tests use."""

from tests.survey.conftest import databases, either, postgres_databases

__all__ = ["databases", "either", "postgres_databases"]
