"""The languages in which sentences are composed of prepared pieces."""

from enum import StrEnum


class SpokenLanguage(StrEnum):
    """What announcements are said in."""

    ZH = "zh"
    EN = "en"
