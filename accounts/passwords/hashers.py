"""How passwords are hashed, and the same work for every failed try (docs/security.md, A2 and A12)."""

from django.contrib.auth import hashers
from django.db.models import Q

from accounts.models import User

OLDER = "pbkdf2_sha256"


class Argon2idHasher(hashers.Argon2PasswordHasher):
    """Argon2id for a small server: 19 MiB for each try, so that eight threads at once take 150 MB; about 40 ms of CPU.

    Django's own default takes 100 MiB and eight threads for each.
    """

    time_cost = 3
    memory_cost = 19 * 1024
    parallelism = 1


def work_as_for_others(user: User | None, password: str) -> None:
    """After a failed try: the work of the other hasher, while any member's password is still hashed by the older one.

    Otherwise the time would tell whose account is from before Argon2, and so, who has one.
    """
    if not _has_older_hashes():
        return
    if user is not None and user.password.startswith(f"{OLDER}$"):
        hashers.get_hasher(OLDER).harden_runtime(password, user.password)
        hashers.get_hasher("default").encode(password, hashers.get_hasher("default").salt())
    else:
        hashers.get_hasher(OLDER).encode(password, hashers.get_hasher(OLDER).salt())


def _has_older_hashes() -> bool:
    is_newer = hashers.get_hasher("default").algorithm
    return is_newer != OLDER and User.objects.filter(Q(password__startswith=f"{OLDER}$")).exists()
