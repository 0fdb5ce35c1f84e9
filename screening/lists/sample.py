"""A sample list that ships with the package, for the demo and first steps: public facts in our `csv` form.

It is not a sanctions list: a few dozen entries, simplified, of no fixed date. Publish the real ones.
"""

from importlib.resources import as_file, files

from screening.designations import Designation
from screening.lists import parse_list

SOURCE = "sample"


def before() -> list[Designation]:
    """The sample as it stood on 15 August 2023: Mkrtychev is designated, his companies are not."""
    return _read("sample.csv")


def after() -> list[Designation]:
    """The same with the designations of 16 August 2023: Verus, Defense Engineering and Versor."""
    return _read()


def _read(*name: str) -> list[Designation]:
    with as_file(files("screening.lists").joinpath("data", *name)) as path:
        return list(parse_list("csv", path, name=SOURCE))
