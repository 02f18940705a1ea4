"""Reading the tables that lie beside the code. They are part of the program and are read once."""

from importlib import resources

import yaml

Row = dict[str, object]


def load_text(name: str) -> str:
    """Return a table file of this package as text."""
    return resources.files("shared.finnish").joinpath(name).read_text(encoding="utf-8")


def load_rows(name: str) -> list[Row]:
    """Return the rows of a YAML table, each a mapping.

    Raises:
        ValueError: The file is not a list of mappings.
    """
    rows: object = yaml.safe_load(load_text(name))
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError(f"{name} is not a list of rows")
    return rows
