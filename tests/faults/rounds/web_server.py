"""Kills of the web server's processes."""

from tests.faults.processes import is_alive, kill, wait_until
from tests.faults.scene import Scene, fault

KILLS = 2


@fault("web-worker", quick=True)
def one_web_process_is_killed(scene: Scene) -> None:
    """kill -9 of one process of the web server, again and again."""
    with scene.writing() as crowd:
        for _ in range(KILLS):
            crowd.wait_for_posts(scene.some(5, 30))
            wait_until(scene.web.workers, "the web server has a process")
            kill(scene.random.choice(scene.web.workers()))
        crowd.wait_for_posts(20)
    scene.note(f"{KILLS} kills")


@fault("web-workers")
def all_web_processes_are_killed(scene: Scene) -> None:
    """kill -9 of all processes of the web server at once; its master starts others."""
    with scene.writing() as crowd:
        for _ in range(KILLS):
            crowd.wait_for_posts(scene.some(5, 30))
            kill(*scene.web.workers())
        crowd.wait_for_posts(20)
    scene.note(f"{KILLS} kills")


@fault("web-master", quick=True)
def the_web_master_is_killed(scene: Scene) -> None:
    """kill -9 of the web server's master; its processes end, and it is started again."""
    with scene.writing() as crowd:
        crowd.wait_for_posts(scene.some(5, 30))
        orphans = scene.web.kill_master()
        wait_until(lambda: not any(map(is_alive, orphans)), "processes of a killed master end by themselves")
        scene.web.start()
        crowd.wait_for_posts(20)


@fault("unanswered", quick=True)
def the_process_dies_before_it_answers(scene: Scene) -> None:
    """kill -9 between the commit and the answer: the same form is sent again, and is posted once."""
    after = scene.some(8, 20)
    with scene.serving(processes=1, careless="dies", after=after) as web, scene.writing(web=web) as crowd:
        wait_until(lambda: crowd.tally.seen["cut"] >= 2, "the web server dies")
        crowd.wait_for_posts(after)
    scene.note(f"kills after {after} posts each")
