"""Are the ports free that `zuoxi run` needs, and which are?"""

import socket

from webui.cli.errors import CommandError

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def require_free(host: str, port: int, what: str, setting: str) -> None:
    """Raise CommandError when a TCP port can't be had; the sentence names the port and the setting."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} of {host}, for {what}, cannot be had ({error.strerror}): "
                f"stop what uses it (is Zuoxi running already?) or set {setting}."
            ) from error


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK[0], 0))
        return int(probe.getsockname()[1])
