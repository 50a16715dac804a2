"""Logistic regression in plain Python that trains on coresets chosen by `colm select`, over one pipe.

    python3 coreset_loop.py [COMMAND ...]

COMMAND starts colm, `colm` alone by default. Only the standard library is used; with NumPy, `rows.astype("<f4").tobytes()`
takes the place of `array`.
"""

import array
import json
import math
import random
import struct
import subprocess
import sys

POOL, BUDGET, STEPS, RATE = 64, 16, 30, 0.5


class Selector:
    """A running `colm select --frames`; it keeps the history from pool to pool."""

    def __init__(self, command, *options):
        self.process = subprocess.Popen(
            [*command, "select", "--frames", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def select(self, rows, sources=None):
        """The answer to one pool: a dict with indices and weights."""
        numbers = array.array("f", (value for row in rows for value in row))
        if sys.byteorder == "big":
            numbers.byteswap()
        header = {"n": len(rows), "d": len(rows[0]), "dtype": "float32"}
        if sources is not None:
            header["sources"] = sources
        text = json.dumps(header).encode()
        self.process.stdin.write(b"COLM" + struct.pack("<I", len(text)) + text + numbers.tobytes())
        self.process.stdin.flush()
        (length,) = struct.unpack("<4xI", self._read(8))
        return json.loads(self._read(length))

    def close(self):
        """Ends the program and waits for it."""
        self.process.stdin.close()
        if self.process.wait() != 0:
            raise RuntimeError("colm select failed: its reason stands on standard error")

    def _read(self, count):
        data = self.process.stdout.read(count)
        if len(data) < count:
            raise RuntimeError("colm select ended: its reason stands on standard error")
        return data


def draw(size, seed):
    """Points [a, b, c, 1] with labels; the rare source, one in sixteen, goes by a coordinate of its own."""
    numbers = random.Random(seed)
    examples = []
    for i in range(size):
        a, b, c = (numbers.gauss(0, 1) for _ in range(3))
        rare = i % 16 == 0
        x = [a, b, c if rare else 0.0, 1.0]
        examples.append((x, float((c if rare else a + b / 2) > 0), "rare" if rare else "common"))
    return examples


def probability(theta, x):
    return 1 / (1 + math.exp(-sum(t * value for t, value in zip(theta, x))))


def loss(theta, examples):
    total = 0.0
    for x, y, _ in examples:
        p = probability(theta, x)
        total -= math.log(p if y == 1 else 1 - p)
    return total / len(examples)


def main():
    selector = Selector(
        sys.argv[1:] or ["colm"],
        *["--budget", str(BUDGET), "--method", "grad-match", "--small-sources", "rare"],
    )
    held_out = draw(1024, seed=0)
    theta = [0.0] * 4
    print(f"before: held-out loss {loss(theta, held_out):.3f}")
    for step in range(1, STEPS + 1):
        examples = draw(POOL, seed=step)
        gradients = [[(probability(theta, x) - y) * value for value in x] for x, y, _ in examples]
        answer = selector.select(gradients, [source for _, _, source in examples])
        # the weights' sum is the number of chosen examples: this is a weighted mean
        for row, weight in zip(answer["indices"], answer["weights"]):
            for j, value in enumerate(gradients[row]):
                theta[j] -= RATE * weight * value / len(answer["indices"])
    selector.close()
    print(f"after {STEPS} steps on {BUDGET} of {POOL}: held-out loss {loss(theta, held_out):.3f}")


if __name__ == "__main__":
    main()
