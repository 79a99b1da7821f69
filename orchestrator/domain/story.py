"""The words with which a call's story tells why something was done. Each has a text in every language of the pages."""

from enum import StrEnum


class RouteReason(StrEnum):
    """Why a call is sent somewhere."""

    NUMBER = "number"
    OPEN = "open"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    TEST = "test"
    KEY = "key"
    NO_VALID_KEY = "no_valid_key"
    NO_CALLBACK = "no_callback"
    SURVEYED = "surveyed"
    FULL = "full"
    NOBODY_LOGGED_IN = "nobody_logged_in"
    TIMED_OUT = "timed_out"
    TRANSFERRED = "transferred"
    TRANSFER_FAILED = "transfer_failed"

    # An agent who is to be rung, whom no queue chooses.
    UNKNOWN_AGENT = "unknown_agent"
    AGENT_NOT_READY = "agent_not_ready"
    NO_MOBILE = "no_mobile"
    AGENT_NO_ANSWER = "agent_no_answer"
    AGENT_REFUSED = "agent_refused"
    AGENT_UNREACHABLE = "agent_unreachable"
    AGENT_NOT_CONFIRMED = "agent_not_confirmed"
    AGENT_CANCELLED = "agent_cancelled"

    # A telephone outside.
    NO_TRUNK = "no_trunk"
    OUTSIDE_BLOCKED = "outside_blocked"
    BALANCE_USED_UP = "balance_used_up"
    NO_RATE = "no_rate"
    OUTSIDE_BUSY = "outside_busy"
    OUTSIDE_NO_ANSWER = "outside_no_answer"
    OUTSIDE_REFUSED = "outside_refused"
    OUTSIDE_INVALID = "outside_invalid"
    OUTSIDE_FAILED = "outside_failed"


class Occasion(StrEnum):
    """What made the product tell the switch something."""

    # A call comes, or is placed.
    ARRIVED = "arrived"
    BLOCKED = "blocked"
    TURNED_DOWN = "turned_down"
    UNPAID = "unpaid"
    ANSWERED = "answered"
    PLACED = "placed"
    AGENT_ON_THE_LINE = "agent_on_the_line"
    CUSTOMER_ANSWERED = "customer_answered"
    NOT_REACHED = "not_reached"
    GIVEN_UP = "given_up"
    NOT_PLACED = "not_placed"
    LOST = "lost"
    TEST = "test"
    TEST_FAILED = "test_failed"

    # What is heard, and the line.
    STEP_OVER = "step_over"
    KEY_PRESSED = "key_pressed"
    DUE = "due"
    MATCHED = "matched"
    MONEY = "money"

    # Agents and telephones that are rung.
    AGENT_ANSWERED = "agent_answered"
    MOBILE_ANSWERED = "mobile_answered"
    AGENT_NOT_REACHED = "agent_not_reached"
    NOT_CONFIRMED = "not_confirmed"
    NOT_JOINED = "not_joined"
    OUTSIDE_ANSWERED = "outside_answered"
    OUTSIDE_NOT_REACHED = "outside_not_reached"
    OUTSIDE_RUNG_AGAIN = "outside_rung_again"
    CALLBACK_MISSED = "callback_missed"
    CALLBACK_OVER = "callback_over"
    PROMISED_AGAIN = "promised_again"

    # What agents and supervisors do.
    HOLD = "hold"
    RESUME = "resume"
    TRANSFER = "transfer"
    CONSULT = "consult"
    COMPLETE = "complete"
    RETURN = "return"
    CONFERENCE = "conference"
    HANG_UP = "hang_up"
    PAUSE_RECORDING = "pause_recording"
    RESUME_RECORDING = "resume_recording"
    PHONE_TRANSFERS = "phone_transfers"
    CONSULTED_MOBILE_ANSWERED = "consulted_mobile_answered"
    CONSULTED_ANSWERED = "consulted_answered"
    CONSULTATION_OVER = "consultation_over"
    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"
    TAKE_OVER = "take_over"
    STOP_SUPERVISING = "stop_supervising"
    SUPERVISOR_NOT_REACHED = "supervisor_not_reached"
    PAUSE_OVER = "pause_over"

    # Somebody leaves, or is lost and found.
    AGENT_PARKED = "agent_parked"
    CALLER_PARKED = "caller_parked"
    CALLER_LEFT = "caller_left"
    AGENT_LEFT = "agent_left"
    OUTSIDE_LEFT = "outside_left"
    DEVICE_LOST = "device_lost"
    DEVICE_BACK = "device_back"
    SILENT = "silent"
    REBUILT = "rebuilt"
    RECONCILED = "reconciled"
