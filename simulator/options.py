"""The command line of `python -m simulator`."""

import argparse
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How callers and agents behave in load mode; spans are seconds, drawn evenly."""

    calls_per_second: float
    calls: int
    numbers: tuple[str, ...]
    talk: Span
    patience: Span
    answer_after: Span
    answer_rate: float
    decline_rate: float
    callers_prefix: str
    wait_for_orchestrator: bool
    wait_for_signal: bool
    seed: int | None


@dataclass(frozen=True, slots=True)
class Options:
    """Everything the command line says."""

    listen: tuple[str, int]
    password: str
    control: tuple[str, int] | None
    users: tuple[str, ...]
    domain: str
    tick_seconds: float
    dead_man_seconds: int
    write_recordings: bool
    load: LoadOptions | None


def parse(arguments: Sequence[str] | None = None) -> Options:
    """Read the command line; exits with status 2 and one sentence if it makes no sense."""
    parser = _parser()
    given = parser.parse_args(arguments)
    try:
        password = _password(given)
        users = tuple(given.user_format.format(n=given.first_agent + n) for n in range(given.agents))
    except (OSError, ValueError, KeyError, IndexError) as problem:
        parser.error(str(problem))
    if given.calls_per_second and not given.numbers:
        parser.error("--calls-per-second needs --numbers, the numbers to call")
    return Options(
        listen=given.listen,
        password=password,
        control=given.control,
        users=users + tuple(given.users.split(",") if given.users else ()),
        domain=given.domain,
        tick_seconds=given.tick_ms / 1000,
        dead_man_seconds=given.dead_man_seconds,
        write_recordings=given.write_recordings,
        load=_load(given),
    )


def _password(given: argparse.Namespace) -> str:
    if given.password_file:
        password = Path(given.password_file).read_text(encoding="utf-8").strip()
    else:
        password = os.environ.get(given.password_env, "")
    if not password:
        raise ValueError(f"no event socket password: set {given.password_env} or name a --password-file")
    return password


def _load(given: argparse.Namespace) -> LoadOptions | None:
    if not given.calls_per_second and not given.agents and not given.users:
        return None
    return LoadOptions(
        calls_per_second=given.calls_per_second,
        calls=given.calls,
        numbers=tuple(given.numbers.split(",")) if given.numbers else (),
        talk=given.talk,
        patience=given.patience,
        answer_after=given.answer_after,
        answer_rate=given.answer_rate,
        decline_rate=given.decline_rate,
        callers_prefix=given.callers_prefix,
        wait_for_orchestrator=not given.do_not_wait,
        wait_for_signal=given.wait_for_signal,
        seed=given.seed,
    )


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not an address like 127.0.0.1:8021")
    return host, int(port)


def _span(text: str) -> Span:
    first, _, last = text.partition("..")
    try:
        low, high = float(first), float(last or first)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(f"{text!r} is not seconds like 20..90") from problem
    if not 0 <= low <= high:
        raise argparse.ArgumentTypeError(f"{text!r}: the smaller number comes first, and none is negative")
    return low, high


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not between 0 and 1")
    return value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description="A simulated FreeSWITCH: event socket, phones, callers. No telephone is behind it.",
    )
    add = parser.add_argument
    add(
        "--listen",
        type=_address,
        default=("127.0.0.1", 8021),
        help="event socket address (port 0: any free one)",
    )
    add(
        "--password-env",
        default="ZUOXI_ESL_PASSWORD",
        help="environment variable with the event socket password",
    )
    add("--password-file", help="file with the event socket password, instead of the environment")
    add("--control", type=_address, help="address of the control channel; without it there is none")
    add("--tick-ms", type=float, default=20, help="media interval: how soon commands take effect")
    add(
        "--dead-man-seconds",
        type=int,
        default=20,
        help="unattended callers are sent to cc_fallback after this",
    )
    add(
        "--write-recordings",
        action="store_true",
        help="really write (silent) WAV files when calls are recorded",
    )
    add("--domain", default="cc.local", help="SIP domain of the registrations")
    add("--agents", type=int, default=0, help="how many registered phones")
    add("--first-agent", type=int, default=1001, help="n of the first phone")
    add("--user-format", default="{n}", help="user id of a phone, e.g. 't1-{n}'")
    add("--users", default="", help="more registered phones, by user id, comma separated")
    add("--numbers", default="", help="numbers that callers dial, comma separated")
    add("--calls-per-second", type=float, default=0, help="new callers a second on average; 0: none")
    add("--calls", type=int, default=0, help="stop after that many callers; 0: never")
    add(
        "--talk",
        type=_span,
        default=(20, 90),
        metavar="S..S",
        help="seconds of talk, ended by caller or agent",
    )
    add(
        "--patience",
        type=_span,
        default=(30, 120),
        metavar="S..S",
        help="seconds until an unserved caller gives up",
    )
    add(
        "--answer-after",
        type=_span,
        default=(1, 6),
        metavar="S..S",
        help="seconds a phone rings before it is answered",
    )
    add("--answer-rate", type=_share, default=0.9, help="share of rings that are answered")
    add(
        "--decline-rate",
        type=_share,
        default=0.03,
        help="share of rings that are declined (the rest rings out)",
    )
    add(
        "--callers-prefix",
        default="",
        help="callers' numbers begin with this; default: Chinese mobile prefixes",
    )
    add("--do-not-wait", action="store_true", help="call at once, even if no orchestrator is connected")
    add("--wait-for-signal", action="store_true", help="call only after SIGUSR1")
    add("--seed", type=int, help="make the load repeatable")
    return parser
