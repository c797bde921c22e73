"""The file of a backup: a tar with database.dump, media/…, manifest.json and, last, the manifest's digest.

Written in one pass, so that it needs its own room on the disk and no more: the size of a member is known when it is
written, and is then noted in its header. Every byte of it is checked when it is read: members by the digests of the
manifest, headers by tar's own sums, and what is between must be zero.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from config.backup.manifest import Manifest, Unreadable

DUMP, MANIFEST, SEAL, MEDIA = "database.dump", "manifest.json", "manifest.sha256", "media/"
BLOCK, CHUNK = 512, 1024 * 1024


class Member(NamedTuple):
    size: int  # bytes
    sha256: str


def _header(name: str, size: int) -> bytes:
    """One block, or more for a long name; its length does not depend on the size."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member.tobuf(tarfile.GNU_FORMAT)


class ArchiveWriter:
    """Writes members one after another into a file that can be sought in."""

    def __init__(self, file: IO[bytes]):
        self._file = file
        self.members: dict[str, Member] = {}

    def add(self, name: str, source: IO[bytes]) -> Iterator[int]:
        """Copy a stream to its end; yields how many bytes of it are written, after each chunk."""
        at, size, digest = self._file.tell(), 0, hashlib.sha256()
        self._file.write(_header(name, 0))
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            self._file.write(chunk)
            yield size
        self._file.write(b"\0" * (-size % BLOCK))
        end = self._file.tell()
        self._file.seek(at)
        self._file.write(_header(name, size))
        self._file.seek(end)
        self.members[name] = Member(size, digest.hexdigest())

    def add_text(self, name: str, text: bytes) -> None:
        for _ in self.add(name, io.BytesIO(text)):
            pass

    def finish(self, manifest: bytes) -> None:
        """Write the manifest and its digest, and make sure that all of it is on the disk."""
        for name, text in ((MANIFEST, manifest), (SEAL, hashlib.sha256(manifest).hexdigest().encode())):
            self.add_text(name, text)
        self._file.write(b"\0" * 2 * BLOCK)
        self._file.flush()
        os.fsync(self._file.fileno())


class Archive:
    """A backup to read from."""

    def __init__(self, path: Path):
        self.path = path

    def verify(self) -> Manifest:
        """Read all of it and compare digests. Raises Unreadable, which says what does not fit."""
        found: dict[str, Member] = {}
        texts = {}
        try:
            with self.path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
                for member in tar:
                    found[member.name] = _measure(file, member)
                    if member.name in (MANIFEST, SEAL):
                        file.seek(member.offset_data)
                        texts[member.name] = file.read(member.size)
                if any(_chunks(file, tar.offset)):
                    raise Unreadable("bytes after its end are not zero")
        except (tarfile.TarError, ValueError) as error:
            raise Unreadable(f"it is no whole tar file ({error})") from None
        return self._compared(found, texts)

    def _compared(self, found: dict[str, Member], texts: dict[str, bytes]) -> Manifest:
        if MANIFEST not in texts or SEAL not in texts:
            raise Unreadable("its manifest is missing: it was cut off, or is no backup of Borderpost")
        if hashlib.sha256(texts[MANIFEST]).hexdigest().encode() != texts[SEAL]:
            raise Unreadable("its manifest was changed")
        manifest = Manifest.from_json(texts[MANIFEST])
        members = {name: member for name, member in found.items() if name not in texts}
        wrong = sorted(name for name in members.keys() | manifest.members.keys() if not _same(name, members, manifest))
        if wrong:
            raise Unreadable(f"what is in it is not what was written: {', '.join(wrong[:5])}")
        return manifest

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a member."""
        with tarfile.open(self.path, mode="r:") as tar:
            source = tar.extractfile(name)
            while source and (chunk := source.read(CHUNK)):
                yield chunk

    def extract_media(self, target: Path) -> int:
        """Write the media files below a directory; returns how many. Raises Unreadable for a name that leads out."""
        count = 0
        with tarfile.open(self.path, mode="r:") as tar:
            for member in tar:
                if member.name.startswith(MEDIA) and (source := tar.extractfile(member)):
                    _write(_place_of(member.name, target), source)
                    count += 1
        return count


def _same(name: str, members: dict[str, Member], manifest: Manifest) -> bool:
    return name in members and manifest.members.get(name) == list(members[name])


def _measure(file: IO[bytes], member: tarfile.TarInfo) -> Member:
    if not member.isfile():
        raise Unreadable(f"{member.name} is no file")
    digest, left = hashlib.sha256(), member.size
    file.seek(member.offset_data)
    while left:
        chunk = file.read(min(left, CHUNK))
        if not chunk:
            raise Unreadable(f"{member.name} was cut off")
        digest.update(chunk)
        left -= len(chunk)
    if file.read(-member.size % BLOCK).strip(b"\0"):
        raise Unreadable(f"bytes after {member.name} are not zero")
    return Member(member.size, digest.hexdigest())


def _chunks(file: IO[bytes], offset: int) -> Iterator[bytes]:
    """What is not zero from an offset to the end of a file."""
    file.seek(offset)
    while chunk := file.read(CHUNK):
        yield chunk.strip(b"\0")


def _place_of(name: str, target: Path) -> Path:
    place = (target / name.removeprefix(MEDIA)).resolve()
    if not place.is_relative_to(target.resolve()):
        raise Unreadable(f"{name} leads out of the media directory")
    return place


def _write(place: Path, source: IO[bytes]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as file:
        while chunk := source.read(CHUNK):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
