"""Benchmarks: every figure is a ratio inside one run, ours and the baseline in turn; `make bench`."""
