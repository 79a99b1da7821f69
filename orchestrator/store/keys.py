"""Every key in Redis. All keys of a tenant share one hash tag, so they live in one slot of a cluster."""

TENANTS = "{cc}:tenants"
NUMBERS = "{cc}:numbers"
DEVICES = "{cc}:devices"
FENCE = "{cc}:fence"
#: There while a mail server that did not answer is left alone.
MAIL_REST = "{cc}:mail-rest"
CONFIG_CHANNEL = "zuoxi:config"


def lease(switch: str) -> str:
    """Who owns the switch's event socket."""
    return f"{{cc}}:lease:{switch}"


def requests(switch: str) -> str:
    """What other processes want from the switch."""
    return f"{{cc}}:requests:{switch}"


def _tenant(tenant: str, name: str) -> str:
    return f"{{cc:{tenant}}}:{name}"


def calls(tenant: str) -> str:
    """Live calls: id -> version|fence|json."""
    return _tenant(tenant, "calls")


def agents(tenant: str) -> str:
    """Agents: id -> version|fence|json."""
    return _tenant(tenant, "agents")


def waiting(tenant: str, queue: str) -> str:
    """Callers of a queue in the order of their places."""
    return _tenant(tenant, f"waiting:{queue}")


def ready(tenant: str, queue: str) -> str:
    """Agents who can be offered a call of the queue, best first."""
    return _tenant(tenant, f"ready:{queue}")


def members(tenant: str, queue: str) -> str:
    """All agents of the queue, by what they are doing: the position of their standing among `Standing`."""
    return _tenant(tenant, f"members:{queue}")


def seated(tenant: str) -> str:
    """Agents who hold a call seat: those in any state but offline, by the ms at which they logged in."""
    return _tenant(tenant, "seated")


def departures(tenant: str, queue: str) -> str:
    """Who has left the queue's line lately, the latest first: JSON of `Departure`."""
    return _tenant(tenant, f"departures:{queue}")


def draft(tenant: str, call: str) -> str:
    """The menus that a test call tries: JSON, id -> menu."""
    return _tenant(tenant, f"draft:{call}")


def deadlines(tenant: str) -> str:
    """What is due when, in ms: call:ID, agent:ID, match:QUEUE, day:DATE, seats:."""
    return _tenant(tenant, "deadlines")


def publishing(tenant: str) -> str:
    """Held by whoever changes the configuration."""
    return _tenant(tenant, "publishing")


def events(tenant: str) -> str:
    """The stream of what happened."""
    return _tenant(tenant, "events")


def sequence(tenant: str) -> str:
    """Number of the last event."""
    return _tenant(tenant, "sequence")


def counters(tenant: str) -> str:
    """Counters of queues by tenant's day: DAY:QUEUE:NAME."""
    return _tenant(tenant, "counters")


def blacklist(tenant: str, direction: str) -> str:
    """Blocked numbers and prefixes of a direction (in, out), each until its expiry in ms (inf = for ever)."""
    return _tenant(tenant, f"blacklist:{direction}")


def callers(tenant: str) -> str:
    """Numbers and prefixes of callers, by the priority they have (0-99)."""
    return _tenant(tenant, "callers")


def outgoing(tenant: str) -> str:
    """Calls going on that agents have placed, by the time they began (us)."""
    return _tenant(tenant, "outgoing")


def called(tenant: str, day: str) -> str:
    """What was called on the tenant's day: calls, calls:AGENT, spend, spend:AGENT (millionths)."""
    return _tenant(tenant, f"called:{day}")


def config(tenant: str) -> str:
    """The published configuration."""
    return _tenant(tenant, "config")


def balance(tenant: str) -> str:
    """What calls may use up: available, reserved (millionths), n (the ledger's last movement), terms, prepaid."""
    return _tenant(tenant, "balance")


def unclaimed(tenant: str) -> str:
    """Legs that money is set aside for and nobody knows, by when that was found, ms."""
    return _tenant(tenant, "unclaimed")


def reservations(tenant: str) -> str:
    """Leg -> what is set aside for it, millionths."""
    return _tenant(tenant, "reservations")
