"""A small SMTP server on this machine: it keeps what it is sent."""

import socket
from contextlib import contextmanager

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"


class _Mailbox:
    def __init__(self):
        self.messages = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 its name
        self.messages.append(envelope.content)
        return "250 fine"


@contextmanager
def serve(port=None):
    """A server that runs meanwhile.

    :returns: (its port, the messages it was sent, as bytes)
    """
    mailbox = _Mailbox()
    controller = Controller(mailbox, hostname=HOST, port=port or _find_port())
    controller.start()
    try:
        yield controller.port, mailbox.messages
    finally:
        controller.stop()


def _find_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]
