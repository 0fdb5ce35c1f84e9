"""Named tuples made in inner loops."""

from typing import Final

make: Final = tuple.__new__
"""`make(Field, (value, path))` is a Field in half the time, with every value in order."""
