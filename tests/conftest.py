"""Property tests draw and print the same on every machine; `--hypothesis-profile explore` draws new ones each time."""

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True, database=None, print_blob=False)
settings.register_profile("explore", deadline=None)
settings.load_profile("steady")
