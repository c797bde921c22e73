"""Stand-in until the ground branch is merged."""
from pathlib import Path
from typing import NamedTuple
class DatabaseUrls(NamedTuple):
    app: str
    owner: str
def database_urls(home: Path) -> DatabaseUrls:
    u = "postgresql://borderpost_owner@/borderpost?host=/var/run/postgresql"
    return DatabaseUrls(u, u)
