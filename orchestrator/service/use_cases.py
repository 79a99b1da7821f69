"""All use cases over one set of ports."""

from collections.abc import Callable

from orchestrator.service.accept_call import AcceptCall
from orchestrator.service.answer_offer import AnswerOffer
from orchestrator.service.call_back import CallBack
from orchestrator.service.call_out import CallOut
from orchestrator.service.change_agent import ChangeAgent
from orchestrator.service.change_device import ChangeDevice
from orchestrator.service.check_blacklist import CheckBlacklist
from orchestrator.service.close_form import CloseForm
from orchestrator.service.control_call import ControlCall
from orchestrator.service.end_call import EndCall
from orchestrator.service.enqueue_call import EnqueueCall
from orchestrator.service.fail_offer import FailOffer
from orchestrator.service.fire_deadline import FireDeadline
from orchestrator.service.follow_steps import FollowSteps
from orchestrator.service.forward_call import ForwardCall
from orchestrator.service.offer_call import OfferCall
from orchestrator.service.ports import Clock, Configurations, LiveStore, Switches, Telephony
from orchestrator.service.promise_again import PromiseAgain
from orchestrator.service.publish_configuration import ConfigurationWriter, PublishConfiguration
from orchestrator.service.rebuild_call import RebuildCall
from orchestrator.service.reconcile import Reconcile
from orchestrator.service.record_call import NoteRecording
from orchestrator.service.refer_call import ReferCall
from orchestrator.service.supervise_call import SuperviseCall
from orchestrator.service.test_call import TestCall
from orchestrator.service.work import Work


class UseCases:
    """What a process can do with calls and agents; the same in the orchestrator and behind the web."""

    def __init__(
        self,
        store: LiveStore,
        configurations: Configurations,
        telephony: Telephony,
        clock: Clock,
        ignored: Callable[[str, str, str], object] | None = None,
        switches: Switches | None = None,
    ) -> None:
        """`ignored(machine, state, trigger)` counts triggers that meant nothing.

        Without `switches` this process counts as serving every switch.
        """
        self.work = Work(store, configurations, telephony, clock, *([ignored] if ignored else []))
        self.offers = OfferCall(self.work)
        self.blacklist = CheckBlacklist(self.work)
        self.accept = AcceptCall(self.work, configurations, telephony)
        self.enqueue = EnqueueCall(self.offers)
        self.answer = AnswerOffer(self.work, self.offers, telephony)
        self.fail = FailOffer(self.offers)
        self.control = ControlCall(self.offers)
        self.refer = ReferCall(self.offers)
        self.forward = ForwardCall(self.work, self.offers, telephony)
        self.supervise = SuperviseCall(self.work, self.offers)
        self.end = EndCall(self.offers, self.fail)
        self.callbacks = CallBack(self.work, self.offers, self.end, telephony)
        self.promises = PromiseAgain(self.offers)
        self.tests = TestCall(self.work)
        self.recordings = NoteRecording(self.work)
        self.outbound = CallOut(self.work, self.offers, self.end, self.blacklist, telephony)
        self.steps = FollowSteps(self.offers)
        self.deadlines = FireDeadline(self.work, self.offers, switches)
        self.reconcile = Reconcile(
            self.work,
            self.offers,
            configurations,
            telephony,
            RebuildCall(self.accept, self.enqueue, self.offers),
            self.enqueue,
            self.answer,
            self.end,
            self.forward,
            self.callbacks,
            self.outbound,
            self.steps,
        )
        self.agents = ChangeAgent(self.work, self.offers)
        self.forms = CloseForm(self.offers)
        self.devices = ChangeDevice(self.offers, configurations)

    def publisher(self, writer: ConfigurationWriter) -> PublishConfiguration:
        """Return the use case that puts configurations into force through `writer`."""
        return PublishConfiguration(writer, self.work.store, self.offers, self.work.clock)
