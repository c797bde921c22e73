from config.models.chore_run import ChoreRun
from config.models.doctor_run import DoctorRun
from config.models.put_away import PutAwayPoint

__all__ = ["ChoreRun", "DoctorRun", "PutAwayPoint"]
