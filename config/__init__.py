"""Settings, URLs, processes and the operator's commands."""

VERSION = "0.1.0"  # as in pyproject.toml
