"""Much at once, and slowly: 32 writers, members on bad lines, moderators and members who change the same topics."""

import random
import socket
import threading
import time
import uuid

from tests.faults.clients import Broken, Client, Crowd, Written
from tests.faults.processes import SECONDS, kill, wait_until
from tests.faults.scene import Scene, fault

SLOW, CUT = 6, 6  # members on bad lines, and those whose line breaks in the middle of a form
ACTS = 60  # of moderators and members together


@fault("writers")
def many_write_at_once(scene: Scene) -> None:
    """32 members write for 60 seconds, and nothing breaks."""
    with scene.writing(32):
        time.sleep(60)  # how long they write is what this round is about


# --- Bad lines ---


@fault("slow-clients")
def lines_are_slow_and_break(scene: Scene) -> None:
    """Forms come in drop by drop, others end in the middle of a word: those post nothing, and no thread is lost."""
    with scene.writing() as crowd:
        crowd.wait_for_posts(5)
        slow = [_form(scene, crowd) for _ in range(SLOW)]
        cut = [_form(scene, crowd) for _ in range(CUT)]
        jobs = [threading.Thread(target=_send_slowly, args=[crowd, *form, scene.some(5, 20)]) for form in slow]
        jobs += [threading.Thread(target=_send_a_part, args=[crowd, *form, scene.random.random()]) for form in cut]
        for job in jobs:
            job.start()
        for job in jobs:
            job.join(2 * SECONDS)
        crowd.wait_for_posts(20)
    crowd.tally.written += [post for _, post in slow]
    stored = scene.site.ask("SELECT id FROM forum_post WHERE source LIKE ANY(%s)", [[f"%{p.key}%" for _, p in cut]])
    if stored:
        scene.result.wrong.append(f"{len(stored)} halves of forms were posted")
    scene.note(f"{sum(post.acknowledged is not None for _, post in slow)} slow forms posted, {CUT} cut off")


def _form(scene: Scene, crowd: Crowd) -> tuple[Client, Written]:
    key = str(uuid.UUID(int=scene.random.getrandbits(128), version=4))
    session = scene.random.choice(scene.site.planted["members"])
    return Client(crowd.port, session), Written(key, f"On a bad line: {key} {'x' * 200}", crowd.topics[0])


def _bytes_of(client: Client, post: Written) -> tuple[bytes, bytes]:
    """Head and body."""
    body, headers = client.request_of({"idempotency_key": post.key, "source": post.text})
    headers |= {"Host": "127.0.0.1", "Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"POST /topics/{post.topic}/reply/ HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode(), body.encode()


def _send_slowly(crowd: Crowd, client: Client, post: Written, parts: int) -> None:
    """In so many parts; if that comes to nothing, again and at once, as by the button of the error page."""
    head, body = _bytes_of(client, post)
    size = -(-len(body) // parts)
    try:
        with socket.create_connection(("127.0.0.1", client.port), SECONDS) as line:
            line.sendall(head)
            for at in range(0, len(body), size):
                line.sendall(body[at : at + size])
                time.sleep(0.2)  # a slow line
            line.makefile("rb").read()
    except OSError:
        crowd.tally.seen["cut"] += 1
    crowd.send_until_answered(client, post)


def _send_a_part(crowd: Crowd, client: Client, post: Written, share: float) -> None:
    head, body = _bytes_of(client, post)
    at = min(len(body) - 1, body.index(post.key.encode()) + int(share * len(body)))
    with socket.create_connection(("127.0.0.1", client.port), SECONDS) as line:
        line.sendall(head + body[:at])
        line.shutdown(socket.SHUT_WR)
        line.makefile("rb").read()


# --- Moderating ---


@fault("moderating")
def moderators_change_what_members_write_in(scene: Scene) -> None:
    """Moderators lock, hide, move, merge, split and take back, members react and withdraw; a web process is killed."""
    with scene.writing() as crowd:
        crowd.wait_for_posts(15)
        actors = [_Actor(scene, crowd, session) for session in scene.site.planted["moderators"]]
        actors += [_Actor(scene, crowd, session, is_member=True) for session in scene.site.planted["members"][:2]]
        for actor in actors:
            actor.thread.start()
        wait_until(lambda: sum(actor.done for actor in actors) >= ACTS // 3, "moderators act")
        kill(scene.random.choice(scene.web.workers()))
        for actor in actors:
            actor.thread.join(2 * SECONDS)
    taken = sum(actor.taken for actor in actors)
    scene.note(f"{taken} of {sum(actor.done for actor in actors)} acts taken")
    if wrong := [status for actor in actors for status in actor.wrong]:
        scene.result.wrong.append(f"acts were answered {set(wrong)}")
    if not taken:
        scene.result.wrong.append("no act was taken")
    _open_all_again(scene)


class _Actor:
    """A moderator, or a member, who does one thing after another."""

    def __init__(self, scene: Scene, crowd: Crowd, session: str, *, is_member: bool = False) -> None:
        self.site, self.topics = scene.site, crowd.topics
        self.random, self.client = random.Random(scene.random.getrandbits(64)), Client(crowd.port, session)
        self.does = self._as_member if is_member else self._as_moderator
        self.done, self.taken, self.wrong = 0, 0, []
        self.thread = threading.Thread(target=self._act, daemon=True)

    def _act(self) -> None:
        for _ in range(ACTS // 4):
            path, form = self.does()
            try:
                status = self.client.post(path, form).status
            except Broken:
                status = 0
            self.done += 1
            self.taken += status == 302
            if status == 500:
                self.wrong.append(status)

    def _as_moderator(self) -> tuple[str, dict[str, object]]:
        topic, other = self.random.choice(self.topics), self.random.choice(self.topics)
        if self.random.random() < 0.2 and (entries := self.site.ask("SELECT max(id) FROM moderation_moderationentry")):
            return f"/moderation/entries/{entries[0][0] or 0}/undo/", {}
        form = {
            "act": self.random.choice(MODERATORS), "reason": "Off topic", "posts": self._posts(topic),
            "other": other, "subforum": self.random.choice(self.site.planted["subforums"]),
            "split_title": f"Split off {self.random.randint(1, 999)}",
            "new_title": f"About {self.random.randint(1, 99)}",
            "split_subforum": self.random.choice(self.site.planted["subforums"]),
        }  # fmt: skip
        return f"/moderation/topics/{topic}/", form

    def _as_member(self) -> tuple[str, dict[str, object]]:
        post = (self._posts(self.random.choice(self.topics)) or [0])[0]
        return f"/posts/{post}/{self.random.choice(MEMBERS)}/", {}

    def _posts(self, topic: int) -> list[int]:
        rows = self.site.ask("SELECT id FROM forum_post WHERE topic_id = %s ORDER BY id", [topic])
        return self.random.sample([pk for (pk,) in rows], min(2, len(rows)))


MODERATORS = [
    "lock", "unlock", "pin", "unpin", "hide", "restore", "move", "merge", "retitle", "duplicate", "unduplicate",
    "hide-posts", "restore-posts", "split", "move-posts",
]  # fmt: skip
MEMBERS = ["react/helpful", "unreact/helpful", "react/still_true", "react/outdated", "withdraw"]


def _open_all_again(scene: Scene) -> None:
    """The next round finds topics in which members can write: as many as before, in new ones if these were merged."""
    planted = scene.site.planted
    planted["topics"] = scene.site.inside("open_topics", topics=len(planted["topics"]))
    planted["page"] = scene.site.inside("page_of", topic=planted["topics"][0])
