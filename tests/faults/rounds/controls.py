"""Controls: a mistake on purpose, and a kill where it matters. Each must show it, or the other rounds prove nothing."""

from tests.faults.processes import wait_until
from tests.faults.scene import Scene, fault


@fault("control-lost", quick=True, must_show="lost")
def commits_are_not_waited_for(scene: Scene) -> None:
    """Control: synchronous_commit=off, and the whole server is killed at once. What was acknowledged is lost."""
    hurried = ["ALTER ROLE borderpost SET synchronous_commit = off", "ALTER SYSTEM SET wal_writer_delay = '10s'"]
    hurried += ["ALTER SYSTEM SET wal_writer_flush_after = '1GB'", "SELECT pg_reload_conf()"]
    careful = ["ALTER ROLE borderpost RESET synchronous_commit", "ALTER SYSTEM RESET ALL", "SELECT pg_reload_conf()"]
    try:
        for statement in hurried:
            scene.site.ask(statement, role="superuser")
        scene.site.end_sessions()
        with scene.writing() as crowd:
            crowd.wait_for_posts(scene.some(20, 40))
            scene.site.kill_server()
            scene.site.database.start()
            crowd.wait_for_posts(5)
    finally:
        for statement in careful:
            scene.site.ask(statement, role="superuser")
        scene.site.end_sessions()


@fault("control-drift", quick=True, must_show="drift")
def a_counter_moves_after_the_commit(scene: Scene) -> None:
    """Control: a counter outside of the transaction, and a kill between the two. It drifts."""
    after = scene.some(5, 15)
    with scene.serving(processes=1, careless="counts", after=after) as web, scene.writing(web=web) as crowd:
        wait_until(lambda: crowd.tally.seen["cut"] >= 1, "the web server dies")
        crowd.wait_for_posts(3)


@fault("control-doubled", must_show="doubled")
def forms_have_no_key(scene: Scene) -> None:
    """Control: forms without a key, and kills between the commit and the answer. Posts are doubled."""
    after = scene.some(5, 15)
    with (
        scene.serving(processes=1, careless="dies", after=after) as web,
        scene.writing(web=web, has_keys=False) as crowd,
    ):
        wait_until(lambda: crowd.tally.seen["cut"] >= 1, "the web server dies")
        crowd.wait_for_posts(3)
