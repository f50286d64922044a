"""Settings that all tests share."""

import os

from hypothesis import settings

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes would compile every module again

settings.register_profile("blogdex", deadline=None)  # a busy machine is no failure
settings.load_profile("blogdex")
