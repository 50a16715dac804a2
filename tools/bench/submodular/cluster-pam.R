# Swaps of R's package "cluster" from given medoids: prints its version, the best milliseconds of some runs, the loss.
# Standard input: n, k, then k indices from 0 (int32), then n x n distances (float64).
suppressMessages(library(cluster))
input <- file("stdin", "rb")
size <- readBin(input, "integer", 2)
start <- readBin(input, "integer", size[2]) + 1L
distances <- matrix(readBin(input, "double", size[1]^2), size[1])
d <- as.dist(distances)
best <- Inf
for (run in 1:3) {
  begin <- proc.time()
  found <- pam(d, size[2], diss = TRUE, medoids = start, variant = "faster", keep.diss = FALSE)
  best <- min(best, sum((proc.time() - begin)[1:2]))
}
loss <- sum(apply(distances[, found$id.med], 1, min))
cat(as.character(packageVersion("cluster")), format(1000 * best), format(loss, digits = 15))
