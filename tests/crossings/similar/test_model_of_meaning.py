"""The model behind SIMILAR_BY_MEANING: pieces of words, the network, and the files of its package."""

import hashlib
import json
import zipfile
from importlib import metadata

import numpy as np
import pytest

from crossings.similar.meaning import package
from crossings.similar.meaning.network import Network, NotWeights, read_weights
from crossings.similar.meaning.word_pieces import WordPieces

IS_INSTALLED = bool(list(metadata.distributions(name=package.PACKAGE)))

# --- Word pieces ---

PIECES = ["[UNK]", "[CLS]", "[SEP]", "bor", "##der", "##s", "cafe", ".", "路", "visa"]
VOCABULARY = {piece: number for number, piece in enumerate(PIECES)}


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Borders", ["bor", "##der", "##s"]),
        ("CAFÉ.visa", ["cafe", ".", "visa"]),
        ("visa路visa", ["visa", "路", "visa"]),
        ("bordeaux visa", ["[UNK]", "visa"]),
        ("vi\u200bsa\t\x07", ["visa"]),
        ("b" * 500, ["[UNK]"]),
        ("", []),
        ("\ud800", []),
    ],
)
def test_texts_are_split_into_pieces(text, pieces):
    numbers = WordPieces(VOCABULARY).numbers(text, 20)

    assert [PIECES[number] for number in numbers] == ["[CLS]", *pieces, "[SEP]"]


def test_a_long_text_is_cut_and_still_ends():
    numbers = WordPieces(VOCABULARY).numbers("visa " * 50, 6)

    assert [PIECES[number] for number in numbers] == ["[CLS]", *["visa"] * 4, "[SEP]"]


# --- The network ---

SIZE, WIDE = 8, 16


def weights():
    dice = np.random.default_rng(1)
    layer = "encoder.layer.0"
    shapes = {
        "embeddings.word_embeddings": (len(PIECES), SIZE),
        "embeddings.position_embeddings": (12, SIZE),
        "embeddings.token_type_embeddings": (2, SIZE),
        f"{layer}.intermediate.dense": (WIDE, SIZE),
        f"{layer}.output.dense": (SIZE, WIDE),
        f"{layer}.attention.output.dense": (SIZE, SIZE),
        **{f"{layer}.attention.self.{part}": (SIZE, SIZE) for part in ("query", "key", "value")},
        **dict.fromkeys(("embeddings.LayerNorm", f"{layer}.output.LayerNorm"), (SIZE,)),
        f"{layer}.attention.output.LayerNorm": (SIZE,),
    }
    found = {f"{name}.weight": dice.standard_normal(shape, dtype=np.float32) for name, shape in shapes.items()}
    return found | {f"{name}.bias": np.zeros(shape[0], np.float32) for name, shape in shapes.items()}


def as_file(arrays):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, array in arrays.items():
        offsets = [len(data), len(data) + array.nbytes]
        header[name] = {"dtype": "F32", "shape": array.shape, "data_offsets": offsets}
        data += array.tobytes()
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def test_weights_are_read_as_they_were_written():
    written = weights()

    read = read_weights(as_file(written))

    assert read.keys() == written.keys()
    assert all(np.array_equal(read[name], written[name]) for name in written)


@pytest.mark.parametrize("data", [b"", b"\xff" * 30, as_file(weights())[:-4]])
def test_other_bytes_are_no_weights(data):
    with pytest.raises(NotWeights):
        read_weights(data)


def test_the_network_sees_the_order_of_pieces_and_gives_vectors_of_length_one():
    network = Network(weights(), heads=2)

    vector, other = network.vector([1, 3, 4, 9, 2]), network.vector([1, 9, 4, 3, 2])

    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert not np.allclose(vector, other, atol=1e-3)
    assert np.array_equal(vector, network.vector([1, 3, 4, 9, 2]))


# --- The package ---


def make_archive(path):
    files = {
        package.WEIGHTS: as_file(weights()),
        package.VOCABULARY: json.dumps({"model": {"vocab": VOCABULARY}}).encode(),
        package.CONFIGURATION: json.dumps({"num_attention_heads": 2, "layer_norm_eps": 1e-12}).encode(),
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}


def test_an_archive_with_the_right_files_is_loaded(tmp_path):
    hashes = make_archive(tmp_path / "model.zip")

    model = package.load(tmp_path / "model.zip", hashes)

    assert model.vector("Visa. " * 100).shape == (SIZE,)


def test_an_archive_with_other_files_is_refused(tmp_path):
    make_archive(tmp_path / "model.zip")

    with pytest.raises(package.Unusable, match="hash differs"):
        package.load(tmp_path / "model.zip")


@pytest.mark.parametrize("data", [None, b"", b"no archive"])
def test_what_is_no_archive_is_refused(tmp_path, data):
    path = tmp_path / "model.zip"
    if data is not None:
        path.write_bytes(data)

    with pytest.raises(package.Unusable, match="cannot be read"):
        package.load(path)


def test_a_package_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setattr(package, "PACKAGE", "borderpost-has-no-such-package")

    with pytest.raises(package.Unusable, match="is not installed"):
        package.archive()


@pytest.mark.skipif(not IS_INSTALLED, reason="needs the extra `meaning`")
def test_the_model_gives_the_vectors_that_its_authors_publish(monkeypatch):
    monkeypatch.setattr(package, "_loaded", None)

    vector = package.current().vector("This is an example sentence")

    assert vector[:3] == pytest.approx([0.0676569, 0.0634960, 0.0487131], abs=1e-5)
