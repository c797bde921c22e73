"""Formats of the log (LOG_FORMAT): no text from outside can begin a line of its own in either."""

import json
import logging
import re
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler

from accounts.logs import request_ids

# Control characters, and what else a reader of logs may take for the end of a line or for another direction of writing.
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class LineFormatter(logging.Formatter):
    """Time, level, logger, [request id], message; the lines of a traceback are indented."""

    def format(self, record: logging.LogRecord) -> str:
        request_id = request_ids.current()
        name = f"{record.name} [{request_id}]" if request_id else record.name
        first = f"{self.formatTime(record)} {record.levelname} {name} {escaped(record.getMessage())}"
        return "\n    ".join([first, *map(escaped, _trace(self, record).splitlines())])


class JsonFormatter(logging.Formatter):
    """One line of JSON in ASCII: at (UTC), level, logger, message, and where there are such, request and trace."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": request_ids.current(),
            "trace": _trace(self, record),
        }
        return json.dumps({name: value for name, value in line.items() if value or name == "message"})


def escaped(text: str) -> str:
    """The text on one line, with control characters as Python writes them in its source."""
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    error = formatter.formatException(record.exc_info) if record.exc_info else ""
    return "\n".join(filter(None, [error, record.stack_info]))


class LogFile(WatchedFileHandler):
    """A file that logrotate may move. If it cannot be written, stderr says so, and the page is answered."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            super().emit(record)
        except OSError:  # it was moved away, and no other can be made
            self.handleError(record)
