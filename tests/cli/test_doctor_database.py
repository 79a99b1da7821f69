"""What `zuoxi doctor` says of the database's file."""

import re
from pathlib import Path

from tests.cli.conftest import Zuoxi


def test_pending_migrations_are_named(zuoxi: Zuoxi, data_dir: Path) -> None:
    """OPS-1: doctor says which migrations wait and what runs them; it makes no database where there is none."""
    data_dir.mkdir()
    assert re.search(r"FAIL database sqlite:.*: there is no database file .*: put it back", zuoxi("doctor").output)
    (data_dir / "zuoxi.db").touch(exist_ok=False)
    assert re.search(r"FAIL database tables: 001_initial.* pending: run `zuoxi init`", zuoxi("doctor").output)
