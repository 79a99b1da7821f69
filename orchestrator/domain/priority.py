"""A caller's place among others: how high it can be, and what raised it."""

from enum import StrEnum

#: The highest priority in a line: 99 of the queue's and 99 of the caller's own.
MOST_PRIORITY = 198


class RaisedBy(StrEnum):
    """What gave a caller a priority: the list of callers, the dialled number, the way taken, or the channel's mark."""

    LIST = "list"
    NUMBER = "number"
    ROUTE = "route"
    MARK = "mark"
