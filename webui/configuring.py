"""Changes of a tenant's configuration: checked as a whole, noted, and in force for the next call."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from peewee import Database

from orchestrator.database.audit import note_change
from orchestrator.database.configuration import configuration
from orchestrator.database.documents import Area
from orchestrator.domain.checks import Place, Problem, problems
from orchestrator.domain.config import TenantConfig
from orchestrator.publishing import Publishing
from webui.errors import InUseError, InvalidSettingError, NotFoundError
from webui.texts import Texts

#: What else to look for in the configuration that a change leads to.
Checks = Callable[[TenantConfig], Iterable[Problem]]


class Editor:
    """Makes changes, each of which leaves a configuration that makes sense, or nothing is changed."""

    def __init__(self, publishing: Publishing, database: Database, now: Callable[[], int], texts: Texts) -> None:
        """`now` gives microseconds UTC."""
        self._publishing, self._database, self._now, self._texts = publishing, database, now, texts

    @contextmanager
    def change(
        self, area: Area[Any], tenant: str, key: str, who: str, *, new: bool = False, also: Checks = lambda _: ()
    ) -> Iterator[int]:
        """Write to the tables what a person (`who`, a user's id) changes in one thing of an area; gives the time.

        The block may use nothing but the database: it holds SQLite's one write lock. Raises NotFoundError when there
        is nothing of this key, InvalidSettingError when something `new` has the key of another and for problems of the
        thing itself, InUseError when others can't do without what it was.
        """
        now = self._now()
        with self._publishing.turn(tenant), self._database.atomic():
            before, old = configuration(tenant), area.find(tenant, key)
            self._expect(area, key, old, new)
            yield now
            self._check(area, key, before, configuration(tenant), also)
            note_change(tenant, area.name, key, who, now, old, area.find(tenant, key))

    def refuse(self, found: Iterable[Problem]) -> None:
        """Raise InvalidSettingError if there are any problems."""
        fields = {problem.field: self.text(problem) for problem in found}
        if fields:
            raise InvalidSettingError(fields=fields)

    def text(self, problem: Problem) -> str:
        """Return what is wrong, in the user's language."""
        return self._texts.message(f"problems.{problem.id}", name=problem.name)

    def _expect(self, area: Area[Any], key: str, old: object, new: bool) -> None:
        if new and old is not None:
            self.refuse([Place(area.name, key, "key").problem("key_taken", key)])
        if not new and old is None:
            raise NotFoundError

    def _check(self, area: Area[Any], key: str, before: TenantConfig, after: TenantConfig, also: Checks) -> None:
        """What was wrong before elsewhere doesn't count: it could be put right one by one only."""
        found = [*(problems(after) if after != before else ()), *also(after)]
        self.refuse(problem for problem in found if (problem.area, problem.key) == (area.name, key))
        self._refuse_broken(set(found) - set(problems(before)), after)

    def _refuse_broken(self, broken: set[Problem], config: TenantConfig) -> None:
        if not broken:
            return
        places = sorted({(problem.area, problem.key) for problem in broken})
        where = ", ".join(self._texts.message(f"areas.{area}", name=_name(config, area, key)) for area, key in places)
        fields = {f"{problem.area}.{problem.key}.{problem.field}": self.text(problem) for problem in broken}
        raise InUseError(where=where, fields=fields)


def _name(config: TenantConfig, area: str, key: str) -> str:
    return config.queues[key].name if area == "queues" else key
