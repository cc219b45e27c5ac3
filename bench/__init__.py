"""Benchmarks: hubbub next to its alternatives, over scale, and its latencies."""
