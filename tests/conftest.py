"""Settings that all tests share."""

from hypothesis import settings

settings.register_profile("blogdex", deadline=None)  # a busy machine is no failure
settings.load_profile("blogdex")
