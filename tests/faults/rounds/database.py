"""Kills of the database's processes, and a database that is frozen, locked or read-only."""

import signal
import time

from tests.faults.processes import kill, send
from tests.faults.scene import Scene, fault
from tests.faults.site import wait_for_server

KILLS = 2
FROZEN = (4, 9)  # seconds


@fault("postmaster", quick=True)
def the_postmaster_is_killed(scene: Scene) -> None:
    """kill -9 of PostgreSQL's first process; it is started again."""
    with scene.writing() as crowd:
        for _ in range(2):
            crowd.wait_for_posts(scene.some(5, 30))
            kill(scene.site.postmaster())
            crowd.wait_for(503, scene.some(1, 5))
            scene.site.database.start()
        crowd.wait_for_posts(20)
    scene.note("2 kills")


@fault("backend", quick=True)
def one_backend_is_killed(scene: Scene) -> None:
    """kill -9 of the database process of one connection; PostgreSQL ends all others and recovers by itself."""
    with scene.writing() as crowd:
        for _ in range(KILLS):
            crowd.wait_for_posts(scene.some(5, 30))
            if backends := scene.site.backends():
                kill(scene.random.choice(backends))
            wait_for_server(scene.site)
        crowd.wait_for_posts(20)
    scene.note(f"{KILLS} kills")


@fault("frozen")
def the_database_is_frozen(scene: Scene) -> None:
    """SIGSTOP of all processes of the database for some seconds."""
    with scene.writing() as crowd:
        crowd.wait_for_posts(10)
        frozen = scene.site.server_processes()
        seconds = scene.random.uniform(*FROZEN)
        send(signal.SIGSTOP, frozen)
        try:
            time.sleep(seconds)  # how long it is frozen is what this round is about
            if not scene.web.answers():
                scene.result.wrong.append("the web server did not say that it lives")
        finally:
            send(signal.SIGCONT, frozen)
        crowd.wait_for_posts(20)
    scene.note(f"frozen for {seconds:.1f} s")


@fault("locked", quick=True)
def a_topic_is_locked(scene: Scene) -> None:
    """A forgotten transaction holds the row of a topic; those who write in others must go on."""
    first, others = scene.site.planted["topics"][0], scene.site.planted["topics"][1:]
    elsewhere = scene.some(10, 30)
    with scene.writing(3, topics=[first]), scene.writing(3, topics=others) as crowd:
        crowd.wait_for_posts(10)
        with scene.site.session("superuser") as session, session.transaction():
            session.execute("SELECT FROM forum_topic WHERE id = %s FOR UPDATE", [first])
            crowd.wait_for(503, scene.some(2, 6))
            crowd.wait_for_posts(elsewhere, outside_of=first)
        crowd.wait_for_posts(20)
    scene.note(f"{elsewhere} posts in other topics until it was free")


@fault("locked-table")
def a_table_is_locked(scene: Scene) -> None:
    """A session has the table of posts for itself; nobody can write or read, and all goes on afterwards."""
    with scene.writing() as crowd:
        crowd.wait_for_posts(10)
        with scene.site.session("superuser") as session, session.transaction():
            session.execute("LOCK TABLE forum_post IN ACCESS EXCLUSIVE MODE")
            crowd.wait_for(503, scene.some(4, 12))
            if not scene.web.answers():
                scene.result.wrong.append("the web server did not say that it lives")
        crowd.wait_for_posts(20)


@fault("read-only", quick=True)
def the_database_takes_no_writes(scene: Scene) -> None:
    """The database is read-only for a while, as a standby is."""
    with scene.writing() as crowd:
        crowd.wait_for_posts(scene.some(5, 20))
        try:
            scene.site.ask("ALTER ROLE borderpost SET default_transaction_read_only = on", role="superuser")
            scene.site.end_sessions()
            crowd.wait_for(503, scene.some(10, 30))
        finally:
            scene.site.ask("ALTER ROLE borderpost RESET default_transaction_read_only", role="superuser")
            scene.site.end_sessions()
        crowd.wait_for_posts(20)
