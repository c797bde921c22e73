"""Logs: the console, the security log, the request log."""

from typing import Any

from config import environment

LOG_FORMAT = environment.choice("LOG_FORMAT", "line", ["line", "json"])
SECURITY_LOG = environment.path("SECURITY_LOG", "", is_folder=False)
REQUEST_LOG = environment.path("REQUEST_LOG", "", is_folder=False)


def _lines_to(file: str) -> dict[str, Any]:
    """A handler for lines that are JSON already: to a file, which logrotate may move, or to the console."""
    if not file:
        return {"class": "logging.StreamHandler"}
    return {"class": "config.telemetry.log_formats.LogFile", "filename": file, "delay": True, "encoding": "utf-8"}


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "config.telemetry.log_formats.LineFormatter"},
        "json": {"()": "config.telemetry.log_formats.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT},
        "security": _lines_to(SECURITY_LOG),
        "requests": _lines_to("" if REQUEST_LOG == "console" else REQUEST_LOG),
    },
    "root": {
        "handlers": ["console"],
        "level": environment.choice("LOG_LEVEL", "WARNING", ["DEBUG", "INFO", "WARNING", "ERROR"]),
    },
    "loggers": {
        "borderpost.security": {"handlers": ["security"], "level": "INFO", "propagate": False},
        "borderpost.requests": {"handlers": ["requests"], "level": "INFO", "propagate": False},
    },
}
