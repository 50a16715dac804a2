"""Milliseconds of torch.cdist(x, x, p=1) on one thread, medians, by shape: the comparison of L1 similarities."""

import json
import statistics
import sys
import time

import torch

torch.set_num_threads(1)
found = {"version": torch.__version__}
for rows, columns in json.loads(sys.argv[1]):
    points = torch.randn(rows, columns)
    times = []
    for _ in range(60):
        start = time.process_time()
        torch.cdist(points, points, p=1)
        times.append(1000 * (time.process_time() - start))
    found[f"{rows}x{columns}"] = statistics.median(times)
print(json.dumps(found))
