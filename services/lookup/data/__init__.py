"""The tables of lists and notices, as data with their sources; read once."""

from functools import lru_cache
from importlib import resources
from typing import Final

import yaml

from services.lookup.domain.lists import ListTable
from services.lookup.domain.notices import NoticeTable

FOLDER: Final = "services.lookup.data"


@lru_cache(maxsize=1)
def list_table() -> ListTable:
    """The lists and since when each is given.

    Raises:
        ValidationError: the file is not what it should be; the service does not start on it.
    """
    return ListTable.model_validate(_content("lists.yaml"))


@lru_cache(maxsize=1)
def notice_table() -> NoticeTable:
    """The types of notices, when each is seen, the deadline and the staggering.

    Raises:
        ValidationError: the file is not what it should be; the service does not start on it.
    """
    return NoticeTable.model_validate(_content("notices.yaml"))


def _content(name: str) -> object:
    content: object = yaml.safe_load(resources.files(FOLDER).joinpath(name).read_text(encoding="utf-8"))
    return content
