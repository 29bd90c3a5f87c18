"""Logs: one line of JSON an event, without names or clinical values."""

import datetime as dt
import json
import logging


def _said(record: logging.LogRecord) -> str:
    """The message; of Django's own lines about a request without the path, which holds ids (the route is logged beside)."""
    if (
        record.name.startswith(("django.request", "django.security"))
        and isinstance(record.args, tuple)
        and record.args
    ):
        return str(record.args[0])
    return record.getMessage()


class JsonLines(logging.Formatter):
    """Keeps the event's name, its level, and the plain fields given as `extra={"event": {...}}`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _said(record),
            **getattr(record, "event", {}),
        }
        if record.exc_info and record.exc_info[0]:
            # The exception's own text may quote a row; its type and place are enough to find it.
            trace = record.exc_info[2]
            while trace and trace.tb_next:
                trace = trace.tb_next
            line["error"] = record.exc_info[0].__name__
            if trace:
                line["where"] = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        return json.dumps(line, default=str)
