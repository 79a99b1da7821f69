"""The product's commands in the switch's words."""

from dataclasses import replace

import pytest

from esl_handlers.errors import UnsafeArgumentError
from esl_handlers.spelling import SPELLERS, Speech, spell
from orchestrator.domain.commands import COMMAND_TYPES, DialOut, Join, PlayMusic, PlayRinging, RingNumber

LEG = "9553539a-8009-41dd-8e2a-770e9075a995"
CALL = "0242acf5-82f5-4015-a0e2-6f17df026d06"
SPEECH = Speech("cc.local", "/sounds", "/recordings")


def ring(**other: object) -> RingNumber:
    given = {
        "leg": LEG, "tenant": "demo", "call": CALL, "role": "outside", "number": "+8613800138000", "trunk": "pstn",
        "caller_id": "4001", "ring_s": 30,
    }  # fmt: skip
    return RingNumber(**{**given, **other})  # type: ignore[arg-type]


def test_a_customer_who_is_called_back_can_be_transferred_by_a_telephone() -> None:
    """WEB-1, SAFE-1: the switch parks the customer for us; a telephone outside is nobody's to transfer."""
    lines = [spell(ring(role=role), SPEECH)[0].text() for role in ("callback", "outside")]
    assert ["force_transfer_context=cc_transfer" in line for line in lines] == [True, False]


def test_a_join_is_told_again_the_other_way_round() -> None:
    """SAFE-1: a join that came to nothing may wait in the switch, where the same again would end both legs."""
    join = Join(leg=LEG, tenant="demo", agent_leg=CALL)
    assert [said.text() for said in spell(join, SPEECH)] == [
        f"api uuid_break {LEG} all",
        f"api uuid_bridge {LEG} {CALL}",
    ]
    assert spell(replace(join, again=True), SPEECH)[1].text() == f"api uuid_bridge {CALL} {LEG}"


def test_a_number_outside_is_rung_through_its_trunk() -> None:
    """CALL-1, NUM-1: one originate in the background, with the owned number shown, parked when answered."""
    (said,) = spell(ring(marks={"cc_queue": "sales"}), SPEECH)
    line, job = said.text().split("\n")
    assert line.startswith("bgapi originate {")
    assert line.endswith("}sofia/gateway/pstn/+8613800138000 &park()")
    assert job == f"Job-UUID: {LEG}"
    for part in (
        f"origination_uuid={LEG}", "originate_timeout=30", "ignore_early_media=true", "cc_role=outside",
        "origination_caller_id_number=4001", f"cc_call={CALL}", "cc_queue=sales", "park_after_bridge=true",
    ):  # fmt: skip
        assert part in line


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "13800 &hangup()"}, {"number": "1,2"}, {"number": ""}, {"number": "1@evil.example"},
        {"trunk": "pstn/1|user"}, {"trunk": ""}, {"caller_id": ""}, {"caller_id": "4001}x"}, {"caller_id": "Bank"},
        {"role": "a b"}, {"role": ""}, {"ring_s": 0}, {"marks": {"cc_x": "a,b=c}"}}, {"marks": {"c c": "x"}},
        {"call": "x\ny"},
    ],
)  # fmt: skip
def test_nothing_gets_into_the_command(wrong: dict[str, object]) -> None:
    """SAFE-2, NUM-1: what is no number, trunk, role or mark is never said, and no caller id is no call."""
    with pytest.raises(UnsafeArgumentError):
        "".join(said.text() for said in spell(ring(**wrong), SPEECH))


def test_marks_of_its_own_do_not_replace_the_product_s() -> None:
    """SAFE-3: whatever a caller of the command adds, the leg belongs to the tenant and call that it names."""
    (said,) = spell(ring(marks={"cc_tenant": "other", "origination_uuid": CALL}), SPEECH)
    assert "cc_tenant=demo" in said.text()
    assert "cc_tenant=other" not in said.text()
    assert f"origination_uuid={LEG}" in said.text()


def test_every_command_can_be_sent_to_another_process() -> None:
    """SAFE-1: whoever does not own the switch writes commands down by their names: each is known by its name."""
    assert set(SPELLERS) == set(COMMAND_TYPES.values())


def test_music_behind_what_is_said_breaks_nothing_off() -> None:
    """QUEUE-1: the music is queued; otherwise all that plays is dropped first."""
    for command in (PlayMusic(leg=LEG, music="music/default.wav", ms=128_000), PlayRinging(leg=LEG)):
        words = [type(said).__name__ for said in spell(command, SPEECH)]
        assert words == ["Break", "Play"]
        assert [type(said).__name__ for said in spell(replace(command, behind=True), SPEECH)] == ["Play"]


def test_the_number_that_costs_is_a_mark_of_its_own() -> None:
    """BILL-1, SAFE-1: whatever the trunk wants, a rebuild finds the number in its one spelling."""
    assert "cc_called=+8613800138000" in spell(ring(number="013800138000", called="+8613800138000"), SPEECH)[0].text()
    assert "cc_called" not in spell(ring(), SPEECH)[0].text()
    with pytest.raises(UnsafeArgumentError):
        spell(ring(called="1,cc_tenant=other"), SPEECH)


def test_a_customer_is_offered_the_trunks_codecs() -> None:
    """OUT-1: rung from a browser's channel it would be offered the browser's codec alone, which no carrier speaks."""
    dial = DialOut(
        leg=LEG, tenant="demo", call=CALL, agent="a1", customer=CALL, number="013900139000", trunk="pstn",
        caller_id="4001", ring_s=45,
    )  # fmt: skip
    assert "absolute_codec_string='${trunk_codecs}'" in spell(dial, SPEECH)[1].text()
