"""
The benchmark's step in PyTorch, eager: for each line read, prints the milliseconds of a forward and a backward pass, CPU time of one thread
on "cpu", elapsed time on "cuda". Arguments: the shape as JSON (or --available: only to see whether it could run), the device.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F

device = sys.argv[2]
if device == "cuda" and not torch.cuda.is_available():
    sys.exit("no CUDA device")
if sys.argv[1] == "--available":
    sys.exit()
shape = json.loads(sys.argv[1])
torch.set_num_threads(1)
if device == "cuda":
    torch.set_default_device(device)
torch.manual_seed(1)
hidden, heads, tokens = shape["hidden"], shape["heads"], shape["tokens"]
size, rank, examples = hidden // heads, shape["rank"], shape["examples"]
widths = {
    "q": (hidden, hidden),
    "k": (hidden, hidden),
    "v": (hidden, hidden),
    "o": (hidden, hidden),
    "gate": (hidden, shape["feedForward"]),
    "up": (hidden, shape["feedForward"]),
    "down": (shape["feedForward"], hidden),
}
embedding = torch.randn(shape["vocabulary"], hidden) * 0.02
head = torch.randn(shape["vocabulary"], hidden) * 0.02
layers = [
    {
        name: (
            torch.randn(out, inner) * inner**-0.5,
            (torch.randn(rank, inner) * 0.02).requires_grad_(),
            (torch.randn(out, rank) * 0.02).requires_grad_(),
        )
        for name, (inner, out) in widths.items()
    }
    for _ in range(shape["layers"])
]
positions = torch.arange(tokens)[:, None] / 10000 ** (torch.arange(0, size, 2) / size)
cosines, sines = positions.cos()[None, :, None], positions.sin()[None, :, None]
future = torch.full((tokens, tokens), float("-inf")).triu(1)
ids = torch.randint(0, shape["vocabulary"], (examples, tokens))


def norm(x):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5)


def linear(x, layer, name):
    weight, a, b = layer[name]
    return F.linear(x, weight) + 2 * F.linear(F.linear(x, a), b)


def rotate(x):
    first, second = x.chunk(2, -1)
    return torch.cat((first * cosines - second * sines, second * cosines + first * sines), -1)


def block(x, layer):
    normed = norm(x)
    q, k, v = (linear(normed, layer, name).view(examples, tokens, heads, size) for name in "qkv")
    q, k, v = (part.transpose(1, 2) for part in (rotate(q), rotate(k), v))
    scores = q @ k.transpose(-1, -2) / size**0.5 + future
    context = (scores.softmax(-1) @ v).transpose(1, 2).reshape(examples, tokens, hidden)
    h = x + linear(context, layer, "o")
    normed = norm(h)
    return h + linear(F.silu(linear(normed, layer, "gate")) * linear(normed, layer, "up"), layer, "down")


def step():
    x = F.embedding(ids, embedding)
    for layer in layers:
        x = block(x, layer)
    logits = F.linear(norm(x), head)[:, :-1]
    loss = F.cross_entropy(logits.reshape(-1, shape["vocabulary"]), ids[:, 1:].reshape(-1))
    loss.backward()
    for layer in layers:
        for _, a, b in layer.values():
            a.grad = b.grad = None
    return loss.item()


# loss.item() of a step waits for its forward pass alone
def now():
    if device == "cpu":
        return time.process_time()
    torch.cuda.synchronize()
    return time.perf_counter()


step()
name = torch.cuda.get_device_name() if device == "cuda" else "one thread"
print(f"PyTorch {torch.__version__} on {name}", flush=True)
for _ in sys.stdin:
    start = now()
    step()
    print(1000 * (now() - start), flush=True)
