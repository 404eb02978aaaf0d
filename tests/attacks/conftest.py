"""Intruders attack the databases that the product's own tests use."""

from tests.attacks.test_scoping import alliance as every_visitor
from tests.survey.conftest import databases, either, postgres_databases

__all__ = ["databases", "either", "every_visitor", "postgres_databases"]
