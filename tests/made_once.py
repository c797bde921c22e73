from contextlib import contextmanager

from django.db import transaction


@contextmanager
def made_once(django_db_blocker):
    """What fixtures of a whole module make within this stands for all its tests, and is gone after the last.

    Each test begins from it, because whatever a test changes is taken back.
    """
    with django_db_blocker.unblock():
        everything = transaction.atomic()
        everything._from_testcase = True  # as in Django's own tests: what must commit by itself may stand within
        with everything:
            yield
            transaction.set_rollback(True)
