"""A server with several workers, and many clients that log time on it at once."""

import os
import statistics
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import requests

from odoo_server import ODOO, find_port

CLIENTS = 50
ENTRIES = 4
WORKERS = 4


class Server:
    """Odoo with several worker processes."""

    def __init__(self, options, log):
        port = find_port()
        self.address = f"http://127.0.0.1:{port}"
        with open(log, "w") as output:
            self.process = psutil.Popen(
                [
                    *(*ODOO, f"--workers={WORKERS}", f"--http-port={port}"),
                    *(f"--gevent-port={find_port()}", "--max-cron-threads=0"),
                    *("--db_maxconn=8", "--log-level=info", *options),
                ],
                # more clients than may queue before the workers: without a proxy, what
                # they send can come later than Odoo waits by itself
                env={**os.environ, "ODOO_HTTP_SOCKET_TIMEOUT": "60"},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.log = log

    def __enter__(self):
        while True:
            assert self.process.is_running(), self.log.read_text()
            try:
                requests.get(f"{self.address}/web/health", timeout=10)
                return self
            except requests.ConnectionError:
                time.sleep(0.2)

    def __exit__(self, *_exception):
        children = self.process.children()
        self.process.terminate()
        psutil.wait_procs([self.process, *children], timeout=20)

    def get_worker(self):
        """One of the processes that answer requests."""
        return next(
            child
            for child in self.process.children()
            if "gevent" not in child.cmdline()
        )

    def get_retries(self):
        """How often Odoo had to repeat a request that PostgreSQL cancelled."""
        return self.log.read_text().count("tries left")


class Session:
    """A user of a database."""

    def __init__(self, server, database, login):
        self.server = server
        answer = self._post(
            "/web/session/authenticate",
            {"db": database.name, "login": login, "password": login},
        )
        self.cookies = answer.cookies

    cookies = None

    def _post(self, path, params):
        answer = requests.post(
            f"{self.server.address}{path}",
            json={"jsonrpc": "2.0", "params": params},
            cookies=self.cookies,
            timeout=120,
        )
        content = answer.json()
        if "error" in content:
            raise RuntimeError(content["error"]["data"]["message"])
        return answer

    def call(self, model, method, *arguments):
        """Call a method as the web client does."""
        params = {"model": model, "method": method, "args": arguments, "kwargs": {}}
        path = f"/web/dataset/call_kw/{model}/{method}"
        return self._post(path, params).json()["result"]


class Load:
    """What came of many clients that each log a few entries, one after the other."""

    def __init__(self, session, prepare_vals):
        """
        :param prepare_vals: values of an entry, from the client's number
        """
        self.session = session
        self.prepare_vals = prepare_vals
        self.saved = []
        self.errors = []
        self.waits = []
        self.progress = threading.Condition()

    def _work(self, client):
        for number in range(ENTRIES):
            name = f"client {client}, entry {number}"
            vals = {"unit_amount": 0.25, **self.prepare_vals(client), "name": name}
            start = time.monotonic()
            try:
                self.session.call("account.analytic.line", "create", [vals])
            except (RuntimeError, requests.RequestException) as error:
                self.errors.append(str(error))
            else:
                self.saved.append(name)
            self.waits.append(time.monotonic() - start)
            with self.progress:
                self.progress.notify_all()

    def _wait_for(self, saved):
        with self.progress:
            assert self.progress.wait_for(lambda: len(self.saved) >= saved, timeout=300)

    def run(self, *events):
        """Let all clients work.

        :param events: pairs of how many entries to wait for, and what to call then
        """
        start = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as executor:
            clients = [executor.submit(self._work, n) for n in range(CLIENTS)]
            for saved, happen in events:
                self._wait_for(saved)
                happen()
            for client in clients:
                client.result()
        self.duration = time.monotonic() - start
        return self

    def __str__(self):
        return (
            f"{len(self.saved):4} of {CLIENTS * ENTRIES} saved"
            f"{len(self.saved) / self.duration:7.1f} per second"
            f"   wait: median {statistics.median(self.waits):5.2f} s,"
            f" longest {max(self.waits):5.2f} s"
        )
