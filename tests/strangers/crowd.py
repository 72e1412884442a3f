"""Voters who post ballots from several threads until they are told to stop, whatever becomes of the server meanwhile."""

from __future__ import annotations

import base64
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

from qatysu.ledger.leaf import canonical_choices
from tests.places_of_their_own import CITY, ROUND, Browser, Portal

BASE = f"/en/{CITY}/{ROUND}/"
PATIENCE_S = 90.0


class Crowd:
    """What voters were told: promises of acknowledged ballots, choices in force; and how many left without an answer."""

    def __init__(self, portal: Portal, codes: list[str]) -> None:
        self.promises: list[bytes] = []
        self.choices: Counter[str] = Counter()
        self.gave_up = 0
        self.faults: list[str] = []
        self._portal = portal
        self._codes = iter(enumerate(codes))
        self._lock = threading.Lock()
        self._stop = threading.Event()

    @contextmanager
    def voting(self, threads: int = 6) -> Iterator[None]:
        """While this lasts people vote; at its end everybody who began has finished. Raises what went wrong."""
        with ThreadPoolExecutor(threads) as pool:
            runs: list[Future[None]] = [pool.submit(self._go) for _ in range(threads)]
            try:
                yield
            finally:
                self._stop.set()
        for run in runs:
            run.result()
        assert self.faults == []

    @property
    def acknowledged(self) -> int:
        """Ballots that were answered with a promise."""
        return len(self.promises)

    def _go(self) -> None:
        while not self._stop.is_set():
            with self._lock:
                number, code = next(self._codes)
            self._vote(number, code)

    def _vote(self, number: int, code: str) -> None:
        """Most vote once; every seventh again with another choice; every thirteenth walks away at the first trouble."""
        chance = Random(number)
        browser = Browser(self._portal, number)
        browser.cookies["csrftoken"] = browser.token = f"{number:032d}"
        times = 2 if number % 7 == 0 else 1
        is_patient = number % 13 != 0
        choices: list[str] = []
        for attempt in range(1, times + 1):
            # Without an answer to the last form only the one before it is known to be in force.
            wanted = chance.sample(["1", "2", "3"], chance.randint(1, 2))
            if not self._cast(browser, code, f"{number}-{attempt}", wanted, is_patient=is_patient):
                break
            choices = wanted
        browser.leave()
        if choices and is_patient:
            with self._lock:
                self.choices[canonical_choices(choices)] += 1

    def _cast(self, browser: Browser, code: str, token: str, choices: list[str], *, is_patient: bool) -> bool:
        fields = [("form_token", token), *(("choice", one) for one in choices)]
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                if "sessionid" not in browser.cookies:
                    self._answered(browser.ask("POST", BASE + "sign-in/code/", [("code", code)])[0], token)
                    continue
                status, headers, _ = browser.ask("POST", BASE + "ballot/confirm/", fields)
            except OSError:
                status, headers = 503, {}
            if self._answered(status, token):
                if not headers.get("location", "").endswith("/receipt/"):
                    # Sent to sign in again, or the answer broke off in its head: nothing is acknowledged, the same form goes again.
                    browser.cookies.pop("sessionid", None)
                    continue
                with self._lock:
                    self.promises.append(base64.b64decode(headers["qatysu-promise"]))
                return True
            if not is_patient and "sessionid" in browser.cookies:
                with self._lock:
                    self.gave_up += 1
                return False
            time.sleep(0.05)
        self.faults.append(f"{token}: no answer in time")
        return False

    def _answered(self, status: int, token: str) -> bool:
        """A redirect is a yes, 5xx means to try again, anything else nobody should ever see."""
        if status not in (303, 500, 502, 503):
            self.faults.append(f"{token}: {status}")
        return status == 303


class Observer:
    """Keeps every checkpoint that is ever seen in the folder of a log."""

    def __init__(self, folder: Path) -> None:
        self.seen: dict[bytes, None] = {}
        self._path = folder / "checkpoint"
        self._stop = threading.Event()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look all the while."""
        thread = threading.Thread(target=self._look, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _look(self) -> None:
        while not self._stop.wait(0.02):
            with suppress(FileNotFoundError):
                self.seen[self._path.read_bytes()] = None
