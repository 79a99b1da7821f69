"""`zuoxi companies`: making and listing them."""

from argon2 import PasswordHasher

from orchestrator.database.models import Tenant, User
from orchestrator.domain.config import TenantConfig
from orchestrator.store import keys
from orchestrator.store.codec import from_json
from orchestrator.store.connection import connect
from tests.cli.conftest import Zuoxi


def test_a_company_is_made_and_listed(zuoxi: Zuoxi, redis_url: str) -> None:
    """SEAT-1, OPS-1: in force at once, with an administrator; what is taken or makes no sense changes nothing."""
    assert zuoxi("init").exit_code == 0
    told = zuoxi("companies", "add", "novo", "--name", "Novo 呼叫", "--login", "boss", "--timezone", "Europe/Berlin")
    login, password = told.output.split()
    boss = User.get(User.login == login)
    assert (boss.role, boss.tenant_id, boss.name) == ("admin", "novo", "boss")
    assert PasswordHasher().verify(boss.password, password)
    assert from_json(TenantConfig, connect(redis_url).get(keys.config("novo"))).name == "Novo 呼叫"
    for company, more, why in (
        ("novo", ("--login", "x"), "taken"), ("other", ("--login", "boss"), "taken"),
        ("No", ("--login", "x"), "is no id"), ("other", ("--login", "x", "--country", "ZZ"), "no such time zone"),
    ):  # fmt: skip
        refused = zuoxi("companies", "add", company, "--name", "x", *more)
        assert (refused.exit_code, why in refused.output) == (1, True), refused.output
    assert [row.id for row in Tenant.select()] == ["novo"]
    assert zuoxi("companies", "list").output.split() == ["novo", "valid", "no", "limit", "of", "seats", "Novo", "呼叫"]
