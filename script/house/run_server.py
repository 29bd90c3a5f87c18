"""`script/server [--port N] [--data DIR]`: Entwine on this machine, until Ctrl-C."""

import argparse
import contextlib
import os
import socket
import threading
import time
from collections.abc import Mapping

from house import clinic, commands, environment, pango, static
from house.places import Places, Trouble
from house.processes import Child
from house.services import HouseLock, Services, start_again

LONGEST_WAIT_FOR_PANGO = 30
LONGEST_PAUSE = 30


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    places = Places.at(options.data)
    places.make()
    commands.listen()
    house = House(places, options.port)
    lock = HouseLock(places)
    try:
        lock.take()
        house.open()
        house.watch()
    except commands.Told:
        say("Stopping ...")
    finally:
        house.close()
        lock.release()
    return 0


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/server", description=__doc__)
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    parser.add_argument("--data", help="the data folder (ENTWINE_DATA, else var/ in the repository)")
    return parser.parse_args(arguments)


class House:
    """All processes of one running Entwine, in the order in which they need each other."""

    def __init__(self, places: Places, port: int):
        self.places = places
        self.port = port
        self.mail_port, self.text_port = clinic.free_port(), clinic.free_port()
        self.services: Services | None = None
        self.children: list[Child] = []
        self.pauses: dict[str, float] = {}

    def open(self) -> None:
        """Everything runs and /readyz has answered."""
        refuse_taken_port(self.port)
        self.pango = threading.Thread(target=self._provide_pango, daemon=True)
        self.pango.start()
        self.services = Services(self.places)
        self.services.start()
        self.children += self.services.children
        self.services.announce(self._address())
        variables = self._variables()
        collecting = static.start_collecting(self.places, variables)
        commands.run_quietly(self.places, ["migrate", "--no-input"], variables)
        static.finish_collecting(self.places, collecting)
        self.pango.join(LONGEST_WAIT_FOR_PANGO)
        variables = self._variables()
        if sink := clinic.mail_sink(self.places, variables, self.mail_port, self.text_port):
            self._start(sink)
        self._start(clinic.web(self.places, variables, self.port))
        people = self._make_demo(variables)
        self._start(clinic.worker(self.places, variables))
        self._start(clinic.beat(self.places, variables))
        self._wait_until_ready()
        say(
            f"\nEntwine is at http://127.0.0.1:{self.port}/\n\n{people}Ctrl-C stops it. Data: {self.places.data}"
        )

    def watch(self) -> None:
        """A process that dies is started again, after a pause that grows while it keeps dying."""
        while True:
            time.sleep(0.5)
            for child in self.children:
                if child.is_alive:
                    continue
                pause = self._pause(child)
                say(f"{child.name} ended; starting it again in {pause:.0f} s. Its log: {child.log}")
                time.sleep(pause)
                self._start_again(child)

    def close(self) -> None:
        """Nothing of the house runs any more: the clinic's processes end together, then the services."""
        services = self.services.children if self.services else []
        leaving = [child for child in self.children if child not in services]
        for child in leaving:
            child.ask_to_stop()
        for child in leaving:
            child.stop()
        if self.services:
            self.services.stop()

    def _variables(self) -> dict[str, str]:
        return environment.for_children(self.places, self.services.addresses | self._address())

    def _address(self) -> dict[str, str]:
        """Where this start is reached, and where it hands in its mail."""
        caller = {"ENTWINE_DEMO": "1", **os.environ}
        address = os.environ.get("ENTWINE_BASE_URL") or f"http://127.0.0.1:{self.port}"
        return {"ENTWINE_BASE_URL": address, **clinic.mail_address(caller, self.mail_port, self.text_port)}

    def _provide_pango(self) -> None:
        if sentence := pango.provide():
            say(sentence)

    def _make_demo(self, variables: Mapping[str, str]) -> str:
        if variables["ENTWINE_DEMO"] != "1":
            return ""
        commands.run_quietly(self.places, ["make_demo"], variables)
        return commands.output_of(["demo_people"], variables) + "\n"

    def _start(self, child: Child) -> None:
        child.start()
        self.children.append(child)

    def _start_again(self, child: Child) -> None:
        for service in (self.services.postgres, self.services.valkey):
            if service and service.child is child:
                start_again(service)
                return
        child.start()

    def _pause(self, child: Child) -> float:
        lived = time.monotonic() - child.started
        before = self.pauses.get(child.name, 0.5)
        self.pauses[child.name] = 0.5 if lived > 60 else min(before * 2, LONGEST_PAUSE)
        return self.pauses[child.name]

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if is_ready(self.port):
                return
            for child in self.children:
                if not child.is_alive:
                    raise Trouble(
                        f"{child.name} did not start. The end of {child.log}:\n{child.last_words()}"
                    )
            time.sleep(0.1)
        raise Trouble(f"Entwine did not answer within a minute. The logs are in {self.places.log}.")


def refuse_taken_port(port: int) -> None:
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            line.bind(("127.0.0.1", port))
        except OSError as error:
            raise Trouble(
                f"Port {port} cannot be used ({error.strerror}). Choose another with --port N."
            ) from error


def is_ready(port: int) -> bool:
    """Whether /readyz says yes."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(f"GET /readyz HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        return b" 200 " in line.recv(64)
    return False


def say(text: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone
        print(text, flush=True)
