"""A mail server that delivers to nobody: each message becomes a file in the data folder. For the demo only.

`python -m house.sink PORT FOLDER`, loopback only.
"""

import asyncio
import signal
import sys
import time
import uuid
from pathlib import Path

from aiosmtpd.smtp import SMTP


class Shelf:
    """Keeps every message exactly as it came, named so that the newest sorts last."""

    def __init__(self, folder: Path):
        self.folder = folder

    async def handle_DATA(self, server, session, envelope) -> str:
        name = f"{time.time_ns()}-{uuid.uuid4().hex[:8]}.eml"
        unfinished = self.folder / f".{name}"
        unfinished.write_bytes(envelope.content)
        unfinished.replace(self.folder / name)
        return "250 Kept, and delivered to nobody"


async def serve(port: int, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    shelf = Shelf(folder)
    server = await loop.create_server(lambda: SMTP(shelf, hostname="localhost"), "127.0.0.1", port)
    async with server:
        await told.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
