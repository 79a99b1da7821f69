"""Trunks of the platform: the operator's business; companies see by which one their numbers go out."""

from collections.abc import Iterable

from orchestrator.database.models import Number, TrunkRow
from orchestrator.domain.trunks import Trunk


class TrunkInUseError(ValueError):
    """Owned numbers belong to the trunk still."""


class Trunks:
    """What the operator has set."""

    def all(self) -> list[Trunk]:
        """Read all, by name."""
        return [_trunk(row) for row in TrunkRow.select().order_by(TrunkRow.name)]

    def named(self, names: Iterable[str]) -> dict[str, Trunk]:
        """Return those of these names that there are."""
        wanted = set(names)
        return {trunk.name: trunk for trunk in self.all() if trunk.name in wanted}

    def put(self, trunk: Trunk) -> None:
        """Write one, new or not."""
        values = {TrunkRow.rewrite: [list(pair) for pair in trunk.rewrite], TrunkRow.passes_on: trunk.passes_on}
        TrunkRow.insert({TrunkRow.name: trunk.name, **values}).on_conflict(
            conflict_target=[TrunkRow.name], update=values
        ).execute()

    def users(self, name: str) -> list[tuple[str, str]]:
        """Name (company, number) of all numbers that belong to a trunk."""
        rows = Number.select().where(Number.trunk == name).order_by(Number.number)
        return [(row.tenant_id, row.number) for row in rows]

    def remove(self, name: str) -> None:
        """Forget a trunk; raises TrunkInUseError."""
        if users := self.users(name):
            raise TrunkInUseError(f"{', '.join(number for _, number in users)} belong to {name}")
        TrunkRow.delete().where(TrunkRow.name == name).execute()


def _trunk(row: TrunkRow) -> Trunk:
    rewrite = tuple((begins, instead) for begins, instead in row.rewrite)
    return Trunk(name=row.name, rewrite=rewrite, passes_on=bool(row.passes_on))
