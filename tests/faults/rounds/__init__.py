"""The scripts of all rounds; each module registers its own."""

from tests.faults.rounds import controls, database, disk, migration, starter, traffic, web_server, worker
from tests.faults.scene import FAULTS

__all__ = ["FAULTS", "controls", "database", "disk", "migration", "starter", "traffic", "web_server", "worker"]
