"""The list of calls over the API: what is looked for, and what takes too long (CDR-1)."""

import pytest

from orchestrator.database.connection import TooSlowError
from tests.web.conftest import LiveCalls, LogIn
from webui.api import calls


@pytest.mark.parametrize("written", ["13900139000", "+86 139 0013 9000", "013900139000", "9001390"])
def test_a_number_is_found_however_it_is_written(log_in: LogIn, live: LiveCalls, written: str) -> None:
    """CDR-1: a whole number with or without its prefixes, or a part of it."""
    for call, caller in (("c1", "13900139000"), ("c2", "13800138000")):
        live.wait("acme", call, caller=caller)
        live.hang_up("acme", call)
    live.write_records("acme")
    found = log_in("supervisor@acme").get("/calls", query_string={"number": written}).json["items"]
    assert [row["call"] for row in found] == ["c1"]


@pytest.mark.parametrize(("language", "words"), [("en", "Choose a shorter time"), ("zh", "缩小时间范围")])
def test_a_list_that_takes_too_long_says_what_to_do(
    log_in: LogIn, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    """CDR-1: nobody waits for it without end."""

    def slow(*_: object) -> None:
        raise TooSlowError

    monkeypatch.setattr(calls, "list_calls", slow)
    answer = log_in("supervisor@acme").get("/calls?number=99999999", headers={"Accept-Language": language})
    assert (answer.status_code, answer.json["error"]["id"]) == (422, "too_slow")
    assert words in answer.json["error"]["message"]
