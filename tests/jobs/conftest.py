"""A desk on a real database, as for the services."""

from tests.services.conftest import *  # noqa: F403
