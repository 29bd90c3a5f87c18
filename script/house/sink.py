"""A mail server and a text gateway that deliver to nobody: each message becomes a file. For the demo only.

`python -m house.sink PORT TEXT_PORT FOLDER`, loopback only.
"""

import asyncio
import re
import signal
import sys
import time
import uuid
from pathlib import Path

from aiosmtpd.smtp import SMTP

LONGEST = 100_000


class Shelf:
    """Keeps every message exactly as it came, named so that the newest sorts last."""

    def __init__(self, folder: Path):
        self.folder = folder

    async def handle_DATA(self, server, session, envelope) -> str:
        self.keep("eml", envelope.content)
        return "250 Kept, and delivered to nobody"

    async def handle_text(self, reader, writer) -> None:
        """One POST of JSON; anything else is told so."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = re.search(r"(?i)^content-length: *(\d+)", head, re.MULTILINE)
        if head.startswith("POST ") and length and int(length[1]) < LONGEST:
            self.keep("sms", await reader.readexactly(int(length[1])))
            status = "202 Accepted"
        else:
            status = "400 Bad Request"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    def keep(self, kind: str, content: bytes) -> None:
        name = f"{time.time_ns()}-{uuid.uuid4().hex[:8]}.{kind}"
        unfinished = self.folder / f".{name}"
        unfinished.write_bytes(content)
        unfinished.replace(self.folder / name)


async def serve(port: int, text_port: int, folder: Path) -> None:
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    shelf = Shelf(folder)
    server = await loop.create_server(lambda: SMTP(shelf, hostname="localhost"), "127.0.0.1", port)
    texts = await asyncio.start_server(shelf.handle_text, "127.0.0.1", text_port)
    async with server, texts:
        await told.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
