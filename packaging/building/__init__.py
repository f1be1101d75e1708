"""Makes packages of the program; `packaging/build` calls it."""


class Unbuildable(Exception):
    """Something is missing or wrong; the text says what."""
