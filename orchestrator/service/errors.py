"""Refusals that people see: each has a stable id which API and pages translate."""


class RefusedError(Exception):
    """Base: the request is understood and refused; nothing was changed."""

    id = "refused"

    def __init__(self, **details: str) -> None:
        """`details` fill the translated message."""
        super().__init__(f"{self.id} {details}" if details else self.id)
        self.details = details


class AgentEngagedError(RefusedError):
    """While ringing or in a call nothing about the agent may be changed (STATE-2)."""

    id = "agent_engaged"


class NotWrappingUpError(RefusedError):
    """There is no wrap-up to finish."""

    id = "not_wrapping_up"


class UnknownAgentError(RefusedError):
    """No such agent in this tenant."""

    id = "unknown_agent"


class SeatsTakenError(RefusedError):
    """As many agents are logged in as seats are bought: `limit`; `holders` have them (SEAT-3)."""

    id = "seats_taken"


class NoSeatError(RefusedError):
    """The company has assigned no seat to the agent (SEAT-2)."""

    id = "no_seat"


class NotServedError(RefusedError):
    """Base: the tenant isn't served now (SEAT-4)."""


class TenantNotBegunError(NotServedError):
    """The seats are bought from a later day on."""

    id = "tenant_not_begun"


class TenantExpiredError(NotServedError):
    """All seats have run out."""

    id = "tenant_expired"


class TenantSuspendedError(NotServedError):
    """The operator has suspended the tenant: `reason`."""

    id = "tenant_suspended"


class UnknownBreakReasonError(RefusedError):
    """The tenant has no such break reason."""

    id = "unknown_break_reason"


class UnknownCallError(RefusedError):
    """No such call is running, or it is somebody else's."""

    id = "unknown_call"


class CallNotReadyError(RefusedError):
    """The call is not in a state for this: `what`."""

    id = "call_not_ready"


class TooManyTestsError(RefusedError):
    """So many test calls (`most`) are running already."""

    id = "too_many_tests"


class NoSwitchError(RefusedError):
    """No switch is there to take a call now."""

    id = "no_switch"


class UnknownTargetError(RefusedError):
    """There is no such agent, queue or number to send a caller to."""

    id = "unknown_target"


class AgentNotReadyError(RefusedError):
    """The agent can't be rung now."""

    id = "agent_not_ready"


class NoMobileError(RefusedError):
    """No mobile number is known of the agent, so calls can't ring there (MOB-1)."""

    id = "no_mobile"


class NoPhoneError(RefusedError):
    """Whoever supervises needs a phone that is there, and to be in no call."""

    id = "no_phone"


class NoDeviceError(RefusedError):
    """Who answers in the browser has no device that would ring (STATE-6)."""

    id = "no_device"


class NoTrunkError(RefusedError):
    """None of the tenant's numbers may be shown outside: no trunk carries calls from them (NUM-1)."""

    id = "no_trunk"


class NumberBlockedError(RefusedError):
    """The number stands on the blacklist: it may not be called (BLACK-1)."""

    id = "number_blocked"


class AgentOfflineError(RefusedError):
    """Who is offline calls nobody (OUT-1)."""

    id = "agent_offline"


class OwnPhoneMissingError(RefusedError):
    """No device of the agent's is registered: there is nothing to ring first (OUT-1)."""

    id = "own_phone_missing"


class InvalidNumberError(RefusedError):
    """This can't be called: `number`."""

    id = "invalid_number"


class NotCallableError(RefusedError):
    """The tenant's rules don't let `number` be called: `rule` is prefix, international or premium (SAFE-4)."""

    id = "not_callable"


class OutsideHoursError(RefusedError):
    """Nobody is called outside of the opening hours `hours`."""

    id = "outside_hours"


class CallerIdNotYoursError(RefusedError):
    """The agent may not show `number` (NUM-1)."""

    id = "caller_id_not_yours"


class NoCallerIdError(RefusedError):
    """The tenant has no number that can be shown (NUM-1)."""

    id = "no_caller_id"


class LimitReachedError(RefusedError):
    """One more call would be beyond `limit` (SAFE-4): `most` is what is allowed."""

    id = "limit_reached"


class StateNotChosenError(RefusedError):
    """Ringing, in call and wrap-up are entered by what happens to calls, not by people (STATE-1)."""

    id = "state_not_chosen"


class BalanceUsedUpError(RefusedError):
    """The prepaid balance doesn't pay for the call (BILL-1)."""

    id = "balance_used_up"


class NoRateError(RefusedError):
    """The tariff has no price for the number: it can't be called (BILL-1)."""

    id = "no_rate"


class UnknownCallbackError(RefusedError):
    """There is no such open callback (any more)."""

    id = "unknown_callback"


class CallbackBusyError(RefusedError):
    """The callback is under way: an agent or the customer rings, or they talk."""

    id = "callback_busy"
