"""Settings that all tests share."""

import os

import pytest
from hypothesis import settings

from scraper import demo

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes would compile every module again

settings.register_profile("blogdex", deadline=None)  # a busy machine is no failure
settings.load_profile("blogdex")


@pytest.fixture(scope="module")
def served():
    """Serve the example blog, and give its address."""
    with demo.serve() as url:
        yield url
