"""Property tests draw the same examples on every machine; `--hypothesis-profile explore` draws new ones each time."""

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True, database=None)
settings.register_profile("explore", deadline=None)
settings.load_profile("steady")
