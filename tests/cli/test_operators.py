"""`zuoxi operators`: who runs the platform in the browser."""

from orchestrator.database.models import User
from tests.cli.conftest import Zuoxi
from webui.accounts import Accounts


def _password(output: str) -> str:
    return output.split()[1]


def test_an_operator_is_added_and_shut_out(zuoxi: Zuoxi) -> None:
    """ROLE-1: belongs to no company; the password is printed once, renewed, and of no use once disabled."""
    zuoxi("init")
    first = _password(zuoxi("operators", "add", "ops", "--name", "Operations").output)
    accounts = Accounts(lambda: 0)
    found = accounts.by_password("ops", first)
    assert found is not None
    assert (found.role, found.tenant, found.name) == ("operator", None, "Operations")
    second = _password(zuoxi("operators", "password", "ops").output)
    assert accounts.by_password("ops", first) is None
    assert accounts.by_password("ops", second) is not None
    assert zuoxi("operators", "disable", "ops").exit_code == 0
    assert accounts.by_password("ops", second) is None
    assert "ops" in zuoxi("operators", "list").output
    assert "disabled" in zuoxi("operators", "list").output


def test_only_operators_are_touched(zuoxi: Zuoxi) -> None:
    """ROLE-1, SAFE-3: a company's people are not reached by these commands; a taken name is told."""
    zuoxi("init")
    zuoxi("demo")
    before = User.get(User.login == "admin").password
    for command in ("password", "disable"):
        assert "no operator 'admin'" in zuoxi("operators", command, "admin").output
    assert "taken" in zuoxi("operators", "add", "admin").output
    assert (User.get(User.login == "admin").password, User.get(User.login == "admin").active) == (before, True)
    assert User.get(User.login == "operator").tenant is None
