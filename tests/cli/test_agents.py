"""`zuoxi agents import`: call agents of a file, line by line (SEAT-2, OPS-1)."""

from pathlib import Path

from openpyxl import Workbook

from orchestrator.database.models import Agent, AuditRow, User
from orchestrator.domain.config import TenantConfig
from orchestrator.store import keys
from orchestrator.store.codec import from_json
from orchestrator.store.connection import connect
from tests.cli.conftest import Zuoxi

FILE = """登录名,姓名,分组,角色,接听方式
w1,王芳,Support,,网页
w2,Li,,主管,手机
w1,twice,,,
bad name,x,,,
w3,,,,
w4,y,,boss,
1001,taken,,,
"""


def test_agents_of_a_file_are_added(zuoxi: Zuoxi, redis_url: str, tmp_path: Path) -> None:
    """SEAT-2: each line says what became of it, with the first password; they are in force when the command ends."""
    for command in (("init",), ("demo",)):
        assert zuoxi(*command).exit_code == 0
    before, file = User.select().count(), tmp_path / "agents.csv"
    file.write_text(FILE, encoding="utf-8")
    tried = zuoxi("agents", "import", str(file), "--tenant", "demo", "--dry-run")
    assert (tried.exit_code, tried.output.splitlines()[-1]) == (1, "2 would be added, 5 refused")
    assert User.select().count() == before
    done = zuoxi("agents", "import", str(file), "--tenant", "demo")
    said = done.output.splitlines()
    assert (done.exit_code, said[-1]) == (1, "2 added, 5 refused")
    assert said[0].startswith("line 2: w1 added, password ")
    assert said[2:5] == [
        "line 4: w1 refused: somebody has this log-in name already",
        "line 5: bad name refused: the log-in name is missing, too long, or has spaces",
        "line 6: w3 refused: the name is missing or too long",
    ]
    assert said[5].endswith("there is no such role")
    agent = User.get(User.login == "w1").agent
    assert (agent.name, agent.group, User.get(User.login == "w2").role) == ("王芳", "Support", "supervisor")
    config = from_json(TenantConfig, connect(redis_url).get(keys.config("demo")))
    assert config.agents[agent.key].group == "Support"
    assert AuditRow.select().where(AuditRow.who == "command line", AuditRow.area == "person").count() == 2
    assert User.get(User.login == "w1").password not in done.output


def test_excel_and_what_is_no_table(zuoxi: Zuoxi, tmp_path: Path) -> None:
    """OPS-1: XLSX too; one sentence for what can't be read, or whose company there isn't."""
    for command in (("init",), ("demo",)):
        assert zuoxi(*command).exit_code == 0
    book, file = Workbook(), tmp_path / "agents.xlsx"
    book.active.append(["Login", "Name"])
    book.active.append([2001, "Ann"])
    book.save(file)
    assert zuoxi("agents", "import", str(file), "--tenant", "demo").exit_code == 0
    assert Agent.select().where(Agent.name == "Ann").count() == 1
    assert "no company" in zuoxi("agents", "import", str(file), "--tenant", "nobody").output
    file.write_bytes(b"\xff\xfe\x00")
    assert "can't be read" in zuoxi("agents", "import", str(file), "--tenant", "demo").output
