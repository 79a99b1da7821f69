"""Call forms over the API: drafts, wrap-up, late changes, what is stored with the call."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from orchestrator.database.models import AuditRow
from orchestrator.domain.config import Destination, Menu, NumberConfig, PromptConfig, TenantConfig, Way, to_queue
from orchestrator.domain.events import FormSaved
from orchestrator.service.use_cases import UseCases
from orchestrator.store import keys
from orchestrator.store.codec import event_from_json
from tests.web.companies import config_of
from tests.web.conftest import LogIn, Person
from tests.web.live_calls import LiveCalls
from webui.app import Web

FORM = {"notes": "asks for the invoice\nof March", "disposition": "", "tags": ["invoice", "vip"]}


@pytest.fixture
def agent(log_in: LogIn) -> Person:
    return log_in("agent@acme")


@pytest.fixture
def admin(log_in: LogIn) -> Person:
    return log_in("admin@acme")


def talk(live: LiveCalls, call: str = "c1") -> None:
    live.online("acme", "acme-a1")
    live.wait("acme", call)
    live.talk("acme", call)


def settings(admin: Person, **form: object) -> None:
    now = admin.get("/config/general").json
    answer = admin.put("/config/general", json={**now, "form": {**now["form"], **form}})
    assert answer.status_code == 200, answer.text


def saved_events(web: Web) -> list[FormSaved]:
    entries = web.services.redis.xrange(keys.events("acme"))
    events = [event_from_json(fields["e"]) for _, fields in entries]
    return [event for event in events if isinstance(event, FormSaved)]


def seat(person: Person) -> tuple[str, str | None]:
    row = person.get("/agents/me").json["row"]
    return row["state"], row["call"]


def test_a_form_is_open_from_ringing_to_the_end_of_wrap_up(agent: Person, live: LiveCalls, web: Web) -> None:
    """WEB-2, STATE-4: written while it rings, kept as a draft, closed in wrap-up: back to the state before."""
    live.online("acme", "acme-a1")
    live.wait("acme", "c1")
    draft = agent.put("/calls/c1/forms/me", json={"notes": "rings"})
    assert (draft.status_code, draft.json["closed"]) == (200, None)
    live.talk("acme", "c1")
    live.hang_up("acme", "c1")
    live.write_records("acme")
    assert seat(agent) == ("wrap_up", "c1")
    pop = agent.get("/calls/c1/screen-pop").json
    assert pop["form"]["notes"] == "rings"
    closed = agent.post("/calls/c1/forms/me/close", json=FORM)
    assert closed.json["closed"] is not None
    assert seat(agent) == ("online", None)
    assert [(event.call, event.agent, event.notes, event.tags) for event in saved_events(web)] == [
        ("c1", "acme-a1", FORM["notes"], ("invoice", "vip"))
    ]


def test_closed_before_the_end_there_is_no_wrap_up(agent: Person, live: LiveCalls) -> None:
    """STATE-4: wrap-up begins only when the form is still open; opened again during the call, it begins."""
    talk(live)
    agent.post("/calls/c1/forms/me/close", json=FORM)
    assert seat(agent) == ("in_call", "c1")
    live.hang_up("acme", "c1")
    assert seat(agent) == ("online", None)
    talk(live, "c2")
    agent.post("/calls/c2/forms/me/close", json=FORM)
    reopened = agent.put("/calls/c2/forms/me", json=FORM)
    assert reopened.json["closed"] is None
    live.hang_up("acme", "c2")
    assert seat(agent) == ("wrap_up", "c2")


def test_the_next_state_is_chosen_with_the_form(agent: Person, live: LiveCalls) -> None:
    """STATE-4: a break straight from wrap-up, although a caller waits for whoever is online."""
    talk(live)
    live.hang_up("acme", "c1")
    live.wait("acme", "c2")
    for bad in ({"state": "ringing"}, {"state": "break", "reason": "golf"}, {"state": "online", "reason": "lunch"}):
        assert agent.post("/calls/c1/forms/me/close", json={**FORM, "then": bad}).status_code == 422
    assert seat(agent)[0] == "wrap_up"
    agent.post("/calls/c1/forms/me/close", json={**FORM, "then": {"state": "break", "reason": "lunch"}})
    row = agent.get("/agents/me").json["row"]
    assert (row["state"], row["reason"], row["call"]) == ("break", "lunch", None)


def test_late_changes_are_the_agents_own_and_audited(
    agent: Person, admin: Person, log_in: LogIn, live: LiveCalls, web: Web
) -> None:
    """WEB-2, ROLE-1: after wrap-up the agent who took the call may change the form, others may not; it is noted."""
    talk(live)
    live.hang_up("acme", "c1")
    live.write_records("acme")
    agent.post("/calls/c1/forms/me/close", json=FORM)
    assert AuditRow.select().where(AuditRow.area == "call_form").count() == 0
    late = agent.put("/calls/c1/forms/me", json={**FORM, "notes": "April, not March"})
    assert (late.status_code, late.json["closed"] is None) == (200, False)
    (row,) = AuditRow.select().where(AuditRow.area == "call_form")
    assert (row.before["notes"], row.after["notes"]) == (FORM["notes"], "April, not March")
    assert len(saved_events(web)) == 2
    colleague = log_in("agent2@acme")
    assert colleague.put("/calls/c1/forms/me", json=FORM).status_code == 404
    assert colleague.put("/calls/c1/forms/acme-a1", json=FORM).status_code == 403
    assert log_in("agent@other").put("/calls/c1/forms/me", json=FORM).status_code == 404
    assert admin.put("/calls/c1/forms/acme-a1", json={**FORM, "notes": "seen"}).status_code == 200
    assert seat(agent) == ("online", None)


def test_the_limit_ends_it_though_nobody_closes_the_form(
    agent: Person, admin: Person, live: LiveCalls, web: Web
) -> None:
    """STATE-4: the draft stays with the call; 0 is no limit; 60 s unless set otherwise."""
    talk(live)
    agent.put("/calls/c1/forms/me", json=FORM)
    live.hang_up("acme", "c1")
    found = agent.get("/agents/me").json
    assert found["due"] - found["row"]["since"] == 60_000_000
    now = admin.get("/config/general").json
    admin.put("/config/general", json={**now, "wrap_up_s": 0})
    agent.post("/calls/c1/forms/me/close", json=FORM)
    talk(live, "c2")
    live.hang_up("acme", "c2")
    assert agent.get("/agents/me").json["due"] is None
    admin.put("/config/general", json={**now, "call_form": False})
    agent.post("/calls/c2/forms/me/close", json=FORM)
    talk(live, "c3")
    live.hang_up("acme", "c3")
    assert seat(agent) == ("online", None)
    assert web.services.use_cases().work.unit("acme").config.call_form is False


def test_dispositions_and_tags_are_the_companys(agent: Person, admin: Person, live: LiveCalls) -> None:
    """WEB-2: what is offered depends on the queue; what isn't offered is refused with its field."""
    chosen = [{"key": "sold", "name": "Sold"}, {"key": "tech", "name": "Technical", "queues": ["q2"]}]
    settings(admin, dispositions=chosen, tags=["invoice"], free_tags=False)
    talk(live)
    choices = agent.get("/calls/c1/screen-pop").json["choices"]
    assert choices["dispositions"] == [{"key": "sold", "name": "Sold"}]
    for field, value in (("disposition", "tech"), ("disposition", "golf"), ("tags", ["golf"])):
        answer = agent.put("/calls/c1/forms/me", json={field: value})
        assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, [field])
    kept = agent.put("/calls/c1/forms/me", json={"disposition": "sold", "tags": ["invoice", "invoice "]})
    assert (kept.json["disposition_name"], kept.json["tags"]) == ("Sold", ["invoice"])
    live.hang_up("acme", "c1")
    live.write_records("acme")
    settings(admin, dispositions=[{"key": "sold", "name": "Sold", "active": False}])
    agent.post("/calls/c1/forms/me/close", json={"disposition": "sold"})
    gone = admin.get("/config/general").json
    answer = admin.put("/config/general", json={**gone, "form": {**gone["form"], "dispositions": []}})
    assert (answer.status_code, list(answer.json["error"]["fields"])) == (422, ["form.dispositions"])


def test_records_show_forms_and_are_found_by_them(agent: Person, admin: Person, live: LiveCalls) -> None:
    """CDR-1, WEB-2: the call's record has the form; the list is searched by disposition and tag."""
    settings(admin, dispositions=[{"key": "sold", "name": "Sold"}])
    for call, form in (("c1", {**FORM, "disposition": "sold"}), ("c2", {"tags": ["other"]})):
        talk(live, call)
        live.hang_up("acme", call)
        agent.post(f"/calls/{call}/forms/me/close", json=form)
    live.write_records("acme")
    (form,) = admin.get("/calls/c1").json["forms"]
    assert (form["notes"], form["disposition_name"], form["agent"]) == (FORM["notes"], "Sold", "acme-a1")
    assert "form_saved" in [event["type"] for event in admin.get("/calls/c1/story").json["items"]]

    def found(**query: str) -> list[str]:
        return [one["call"] for one in admin.get("/calls", query_string=query).json["items"]]

    assert (found(disposition="sold"), found(tag="other"), found(tag="vip")) == (["c1"], ["c2"], ["c1"])
    assert (found(tag="nothing"), found(disposition="sold", tag="other")) == ([], [])
    (first, second) = admin.get("/calls").json["items"]
    assert (first["forms"][0]["tags"], second["forms"][0]["disposition"]) == (["other"], "sold")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("notes", "x" * 4001),
        ("notes", "a\x00b"),
        ("notes", 5),
        ("tags", ["x" * 31]),
        ("tags", ["  "]),
        ("tags", [f"t{n}" for n in range(21)]),
        ("disposition", "a\nb"),
        ("nodes", "typo"),
    ],
)
def test_what_makes_no_sense_is_refused(agent: Person, live: LiveCalls, field: str, value: object) -> None:
    """SAFE-2: the bad field is named and nothing is written."""
    talk(live)
    answer = agent.put("/calls/c1/forms/me", json={field: value})
    assert answer.status_code == 422
    assert next(iter(answer.json["error"]["fields"])).split(".")[0] == field
    assert agent.get("/calls/c1/screen-pop").json["form"] is None


def test_a_screen_pop_tells_who_calls(agent: Person, admin: Person, live: LiveCalls) -> None:
    """WEB-2: number, place, queue, earlier calls with what was written about them, the customer, in one answer."""
    live.online("acme", "acme-a1")
    live.wait("acme", "c1", caller="+86 138-0013-8000".replace(" ", "").replace("-", ""), name="Li")
    live.talk("acme", "c1")
    live.hang_up("acme", "c1")
    agent.post("/calls/c1/forms/me/close", json=FORM)
    live.write_records("acme")
    made = admin.post("/customers", json={"name": "李雷", "numbers": ["138 0013 8000"]})
    assert made.status_code == 201, made.text
    live.wait("acme", "c2", caller="013800138000")
    pop = agent.get("/calls/c2/screen-pop", headers={"Accept-Language": "en"}).json
    assert (pop["number"], pop["e164"], pop["place"], pop["carrier"]) == (
        "138 0013 8000", "+8613800138000", "Beijing", "China Mobile",
    )  # fmt: skip
    assert (pop["queue"], pop["dialled"], pop["withheld"]) == ("q1", "400acme", False)
    assert pop["customer"]["name"] == "李雷"
    (before,) = pop["earlier"]["items"]
    assert (before["call"], before["agent"], before["outcome"]) == ("c1", "acme-a1", "connected")
    assert before["forms"][0]["notes"] == FORM["notes"]
    assert agent.get("/calls/c2/screen-pop", headers={"Accept-Language": "zh"}).json["place"] == "北京市"
    assert agent.get("/calls/c1/screen-pop").status_code == 404
    assert admin.get("/calls/c2/screen-pop").json["error"]["id"] == "not_an_agent"


def test_who_hides_the_number_has_no_history(agent: Person, live: LiveCalls) -> None:
    """WEB-2: all who hide their numbers are not one caller."""
    live.online("acme", "acme-a1")
    for call in ("c1", "c2"):
        live.wait("acme", call, caller="anonymous")
        live.talk("acme", call)
        pop = agent.get(f"/calls/{call}/screen-pop").json
        assert (pop["withheld"], pop["number"], pop["earlier"]["items"], pop["customer"]) == (True, "", [], None)
        live.hang_up("acme", call)
        live.write_records("acme")
        agent.post(f"/calls/{call}/forms/me/close", json={})


def test_saved_times_are_redis_clock(agent: Person, live: LiveCalls) -> None:
    """WEB-2: a form says when it was saved."""
    talk(live)
    saved = agent.put("/calls/c1/forms/me", json=FORM).json["saved"]
    assert abs(saved / 1e6 - datetime.now(UTC).timestamp()) < 5


def test_keys_are_told_with_their_menus(
    agent: Person, live: LiveCalls, publish: Callable[[TenantConfig], None], make_use_cases: Callable[[], UseCases]
) -> None:
    """WEB-2, IVR-1: what the caller pressed, in which menu and where it led, ringing and in wrap-up alike."""
    menu = Menu(id="ivr.main", name="Main", prompt="welcome", keys={"2": to_queue("q1")})
    number = NumberConfig(number="400acme", route=Destination(way=Way.MENU, target="ivr.main"))
    prompt = PromptConfig(id="welcome", name="Welcome", path="acme/welcome.wav", ms=1000)
    changed = replace(
        config_of("acme"), menus={menu.id: menu}, numbers={"400acme": number}, prompts={"welcome": prompt}
    )
    publish(changed)
    live.online("acme", "acme-a1")
    live.wait("acme", "c1")
    held = make_use_cases().work.store.call("acme", "c1")
    assert held is not None
    make_use_cases().steps.step_over("acme", "c1", held.document.step or "", "2")
    told = [{"key": "2", "menu": "Main", "way": "queue", "target": "acme q1"}]
    assert agent.get("/calls/c1/screen-pop").json["keys"] == told
    live.talk("acme", "c1")
    live.hang_up("acme", "c1")
    live.write_records("acme")
    assert agent.get("/calls/c1/screen-pop").json["keys"] == told
