"""Free TCP ports: the one asked for or a clear refusal, otherwise one that nobody uses."""
from __future__ import annotations

import socket

from ckanext.satudata.stack.errors import StackError

__all__ = ["choose", "free", "is_free"]


def is_free(host: str, port: int) -> bool:
    """Say whether a server could listen on this address now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free(host: str = "127.0.0.1") -> int:
    """Return a port the system says nobody uses."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def choose(host: str, wanted: int | None, usual: int | None = None, step: str = "Port") -> int:
    """Return the port to listen on.

    :param wanted: the port the person named; taken means refused, never another one in silence
    :param usual: the port of the last start or the customary one; taken means the next
        free one
    :raises StackError: the wanted port is taken or not a port
    """
    if wanted is not None:
        if not 1 <= wanted <= 65535:
            raise StackError(step, f"{wanted} is not a port.", "Give a number from 1 to 65535.")
        if not is_free(host, wanted):
            raise StackError(
                step, f"Port {wanted} on {host} is taken or not allowed for this user.",
                f"Give another one: ./deploy/portal --port {_neighbour(host, wanted)}",
            )
        return wanted
    if usual is None:
        return free(host)
    return usual if is_free(host, usual) else _neighbour(host, usual)


def _neighbour(host: str, port: int) -> int:
    near = range(max(port, 1023) + 1, min(max(port, 1023) + 50, 65536))
    return next((number for number in near if is_free(host, number)), free(host))
