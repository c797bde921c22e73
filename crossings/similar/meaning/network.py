"""The network that makes a vector of a text: BERT with mean pooling, in numpy, for texts of a few sentences."""

import json
from collections.abc import Mapping, Sequence

import numpy as np

Array = np.ndarray
_TYPES = {"F32": np.float32, "F16": np.float16, "I64": np.int64}
HEADER_BYTES = 8


class NotWeights(Exception):
    """These bytes are not weights in the safetensors format."""


def read_weights(data: bytes) -> dict[str, Array]:
    """Arrays by their names, of a file in the safetensors format: a header in JSON, then the numbers."""
    try:
        length = int.from_bytes(data[:HEADER_BYTES], "little")
        header = json.loads(data[HEADER_BYTES : HEADER_BYTES + length])
        numbers = memoryview(data)[HEADER_BYTES + length :]
        return {name: _read(numbers, said) for name, said in header.items() if name != "__metadata__"}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotWeights from error


def _read(numbers: memoryview, said: Mapping) -> Array:
    begin, end = said["data_offsets"]
    return np.frombuffer(numbers[begin:end], _TYPES[said["dtype"]]).reshape(said["shape"])


class Network:
    """Weights by their usual names, and how many heads attend in each layer."""

    def __init__(self, weights: Mapping[str, Array], heads: int, epsilon: float = 1e-12) -> None:
        self._weights, self._heads, self._epsilon = weights, heads, epsilon
        self._layers = len({name.split(".")[2] for name in weights if name.startswith("encoder.layer.")})
        self.longest, self.size = weights["embeddings.position_embeddings.weight"].shape

    def vector(self, numbers: Sequence[int]) -> Array:
        """The vector of a text, of length 1, from the numbers of its word pieces (at most `longest`)."""
        found = self._weights["embeddings.word_embeddings.weight"][list(numbers)]
        found = found + self._weights["embeddings.position_embeddings.weight"][: len(numbers)]
        found = self._normal(
            found + self._weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm"
        )
        for layer in range(self._layers):
            found = self._layer(found, f"encoder.layer.{layer}")
        mean = found.mean(axis=0)
        return mean / max(float(np.linalg.norm(mean)), 1e-12)

    def _layer(self, given: Array, name: str) -> Array:
        attended = self._linear(self._attend(given, f"{name}.attention.self"), f"{name}.attention.output.dense")
        given = self._normal(given + attended, f"{name}.attention.output.LayerNorm")
        wide = _gelu(self._linear(given, f"{name}.intermediate.dense"))
        return self._normal(given + self._linear(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _attend(self, given: Array, name: str) -> Array:
        query, key, value = (self._by_head(self._linear(given, f"{name}.{part}")) for part in ("query", "key", "value"))
        scores = query @ key.transpose(0, 2, 1) / np.float32(query.shape[-1] ** 0.5)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        found = (scores / scores.sum(axis=-1, keepdims=True)) @ value
        return found.transpose(1, 0, 2).reshape(given.shape)

    def _by_head(self, found: Array) -> Array:
        return found.reshape(len(found), self._heads, -1).transpose(1, 0, 2)

    def _linear(self, given: Array, name: str) -> Array:
        return given @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _normal(self, given: Array, name: str) -> Array:
        spread = given - given.mean(axis=-1, keepdims=True)
        found = spread / np.sqrt((spread * spread).mean(axis=-1, keepdims=True) + np.float32(self._epsilon))
        return found * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]


def _gelu(given: Array) -> Array:
    """x times the normal distribution of x; the error function by Abramowitz and Stegun 7.1.26, to 1.5e-7."""
    size = np.abs(given) * np.float32(0.5**0.5)
    part = 1 / (1 + np.float32(0.3275911) * size)
    sum_ = np.zeros_like(part)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        sum_ = (sum_ + np.float32(factor)) * part
    of_size = 1 - sum_ * np.exp(-size * size)
    return given * (1 + np.sign(given) * of_size) * np.float32(0.5)
