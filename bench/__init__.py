"""Figures beside their floors: each measured in the same run as the bare loop that it is compared with.

`make bench` prints every figure and writes `out/bench.json`; it exits non-zero when one misses its reach.
"""
