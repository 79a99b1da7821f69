"""People in a table: what its columns may be called, and what is wrong with its lines (SEAT-2, OPS-1)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from orchestrator.domain.agent import AnswerMode
from webui.tables import Table
from webui.team.people import AgentSetting, PersonSetting

#: What each column may be called; the order is that of files without a heading.
COLUMNS: dict[str, tuple[str, ...]] = {
    "login": ("login", "登录名", "账号", "user"),
    "name": ("name", "姓名"),
    "group": ("group", "分组", "组"),
    "role": ("role", "角色"),
    "mode": ("mode", "answer mode", "接听方式"),
    "email": ("e-mail", "email", "mail", "邮箱"),
}

ROLES = {"客服": "agent", "主管": "supervisor", "管理员": "admin"}
MODES = {"web": AnswerMode.WEB, "网页": AnswerMode.WEB, "mobile": AnswerMode.MOBILE, "手机": AnswerMode.MOBILE}

_LOGIN, _NAME = re.compile(r"[^\s\x00-\x1f\x7f]{1,100}"), re.compile(r"[^\x00-\x1f\x7f]{1,60}")
_GROUP, _EMAIL = re.compile(r"[^\x00-\x1f\x7f/]{0,60}"), re.compile(r"([^@\s]+@[^@\s]+\.[^@\s.]+)?")


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A line: who it describes, or `reason`, why that can't be told."""

    number: int
    login: str
    setting: PersonSetting | None
    reason: str = ""


def to_people(table: Table, taken: Iterable[str], roles: Iterable[str]) -> list[PersonLine]:
    """Return the call agents that the lines of a table describe; `taken` are log-in names, `roles` those there are."""
    heading = _heading(table[0][1]) if table else {}
    places = heading or {name: place for place, name in enumerate(COLUMNS)}
    seen, known, lines = set(taken), set(roles), []
    for number, cells in table[1:] if heading else table:
        line = {name: cells[place] for name, place in places.items() if place < len(cells)}
        found = _line(number, line, seen, known)
        seen.add(found.login)
        lines.append(found)
    return lines


def _heading(cells: Sequence[str]) -> dict[str, int]:
    names = {name: column for column, names in COLUMNS.items() for name in names}
    found = {names[cell.lower()]: place for place, cell in enumerate(cells) if cell.lower() in names}
    return found if {"login", "name"} <= found.keys() else {}


def _line(number: int, cells: dict[str, str], taken: set[str], roles: set[str]) -> PersonLine:
    login, role = cells.get("login", ""), cells.get("role", "") or "agent"
    role, mode = ROLES.get(role, role), cells.get("mode", "").lower() or "web"
    reason = _flaw(cells, taken, role in roles, mode in MODES)
    if reason:
        return PersonLine(number, login, None, reason)
    agent = AgentSetting(group=cells.get("group", ""), mode=MODES[mode])
    setting = PersonSetting(login=login, name=cells["name"], role=role, email=cells.get("email", ""), agent=agent)
    return PersonLine(number, login, setting)


def _flaw(cells: dict[str, str], taken: set[str], known_role: bool, known_mode: bool) -> str:
    """Return why a line can't be taken, empty when it can."""
    checks = (
        (_LOGIN.fullmatch(cells.get("login", "")), "the log-in name is missing, too long, or has spaces"),
        (cells.get("login") not in taken, "somebody has this log-in name already"),
        (_NAME.fullmatch(cells.get("name", "")), "the name is missing or too long"),
        (_GROUP.fullmatch(cells.get("group", "")), "the group is too long or has a /"),
        (_EMAIL.fullmatch(cells.get("email", "")), "the e-mail address is none"),
        (known_role, "there is no such role"),
        (known_mode, "the answer mode is neither web nor mobile"),
    )
    return next((reason for well, reason in checks if not well), "")
