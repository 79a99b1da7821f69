"""`python -m simulator`: run the simulated switch until interrupted."""

import asyncio
import errno
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict

from simulator.assembly import assemble
from simulator.control_actions import Actions
from simulator.control_server import ControlServer
from simulator.load import Load
from simulator.options import Options, parse
from simulator.phones import set_phone
from simulator.registrations import Registration
from simulator.server import EventSocketServer
from simulator.switch import Switch


async def run(options: Options) -> None:
    """Serve until SIGINT or SIGTERM."""
    switch = assemble(
        Switch(
            tick=options.tick_seconds,
            dead_man_seconds=options.dead_man_seconds,
            domain=options.domain,
            recordings_are_written=options.write_recordings,
        )
    )
    server = EventSocketServer(switch, options.password)
    control = ControlServer(Actions(switch, server))
    await server.open(*options.listen)
    if options.control is not None:
        await control.open(*options.control)
    _announce(server, control if options.control is not None else None)
    stopped = _stop_signal()
    work = [asyncio.create_task(switch.beat()), *_start_load(switch, server, options)]
    await stopped.wait()
    for task in work:
        task.cancel()
    await control.close()
    await server.close()
    switch.die()


def _start_load(switch: Switch, server: EventSocketServer, options: Options) -> list[asyncio.Task[None]]:
    if options.load is None:
        return []
    load = Load(switch, server, options.load)
    load.phones(options.users)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, load.begin)
    for place, user in enumerate(options.users):
        set_phone(switch, Registration(user, switch.domain, port=20000 + place), registered=True)
    return [asyncio.create_task(_run_load(switch, load))] if options.load.calls_per_second else []


async def _run_load(switch: Switch, load: Load) -> None:
    await load.run()
    print(f"load over {json.dumps(asdict(switch.counters))}", flush=True)


def _stop_signal() -> asyncio.Event:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


def _announce(server: EventSocketServer, control: ControlServer | None) -> None:
    print("Simulated FreeSWITCH: no telephone is behind it.")
    print("event socket on {}:{}".format(*server.address))
    if control is not None:
        print("control channel on {}:{}".format(*control.address))
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 after a clean stop, 2 if a port is in use or the options make no sense."""
    options = parse(arguments)
    try:
        asyncio.run(run(options))
    except OSError as problem:
        if problem.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
            raise
        print(
            f"Cannot listen: {problem.strerror}. Choose other addresses with --listen and --control.",
            file=sys.stderr,
        )
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
