#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does a collector stay as it is? A fleet's heartbeats for half an hour, by papsim, at half of what
a pod holds (docs/capacity.md), while /metrics is read every 10 s and the whole list every minute.

Prints memory, descriptors and latency by sixths of that time. The first sixth is the fleet's
arrival; ends with 1 when the last one is above the second: in memory by more than 1 %, in
descriptors by more than 50 (connections under way), in latency by more than half.
"""
import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "side_by_side"))
from side_by_side import free_port, wait_for_port  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
SIXTHS = 6
METRICS_EVERY_S = 10
LISTED_EVERY_S = 60
MEMORY_GROWS = 1.01
DESCRIPTORS_GROW = 50
LATENCY_GROWS = 1.5
MIB = 1 << 20


def bytes_of(url):
    """How many there were."""
    length = 0
    with urllib.request.urlopen(url, timeout=60) as answer:
        while block := answer.read(1 << 16):
            length += len(block)
    return length


def watch(load, collector, url):
    """Until the load ends: [(seconds since the start, open descriptors)], and the longest list."""
    started = time.monotonic()
    descriptors, longest, listed = [], 0, started
    while load.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            load.wait(METRICS_EVERY_S)
        if collector.poll() is not None:
            sys.exit(f"soak: collectord ended with {collector.returncode}")
        count = len(os.listdir(f"/proc/{collector.pid}/fd"))
        descriptors.append((time.monotonic() - started, count))
        bytes_of(f"{url}/metrics")
        if time.monotonic() - listed >= LISTED_EVERY_S:
            listed = time.monotonic()
            longest = max(longest, bytes_of(f"{url}/agents"))
    return descriptors, longest


def by_sixths(seconds, descriptors):
    """One row for each, of the medians of its seconds."""
    lasted = max(descriptors[-1][0], seconds[-1]["at_ms"] / 1000)
    rows = []
    for sixth in range(SIXTHS):
        def inside(at, sixth=sixth):
            return min(int(at / lasted * SIXTHS), SIXTHS - 1) == sixth
        here = [each for each in seconds if inside(each["at_ms"] / 1000)]
        counts = [count for at, count in descriptors if inside(at)]
        if not here or not counts:
            sys.exit("soak: too short to be told in sixths")
        rows.append({
            "from_s": round(lasted * sixth / SIXTHS),
            "beats_per_s": round(statistics.mean(each["accepted"] for each in here)),
            "failed": sum(each["failed"] for each in here),
            "answer_p50_us": statistics.median(each["answer_p50_us"] for each in here),
            "answer_p99_us": statistics.median(each["answer_p99_us"] for each in here),
            "resident_bytes": statistics.median(each["collector_resident_bytes"] for each in here),
            "descriptors": statistics.median(counts),
            "cpu_ms": here[-1]["collector_cpu_ms"] - here[0]["collector_cpu_ms"],
            "lasted_ms": here[-1]["at_ms"] - here[0]["at_ms"]})
    return rows


def table(rows):
    lines = ["| from | heartbeats a second | failed | p50 / p99 | resident | descriptors | CPU |",
             "|---|---|---|---|---|---|---|"]
    for row in rows:
        share = row["cpu_ms"] * 100 / max(row["lasted_ms"], 1)
        lines.append(f"| {row['from_s'] // 60} min {row['from_s'] % 60:02} s | "
                     f"{row['beats_per_s']} | {row['failed']} | "
                     f"{row['answer_p50_us'] / 1000:.1f} / {row['answer_p99_us'] / 1000:.1f} ms | "
                     f"{row['resident_bytes'] / MIB:.2f} MiB | {row['descriptors']:.0f} | "
                     f"{share:.1f} % of a core |")
    return "\n".join(lines)


def growths(rows):
    """What grew, in words."""
    then, now = rows[1], rows[-1]
    if now["resident_bytes"] > then["resident_bytes"] * MEMORY_GROWS:
        yield (f"resident memory grew from {then['resident_bytes']:.0f} "
               f"to {now['resident_bytes']:.0f} bytes")
    if now["descriptors"] > then["descriptors"] + DESCRIPTORS_GROW:
        yield f"open descriptors grew from {then['descriptors']:.0f} to {now['descriptors']:.0f}"
    if now["answer_p99_us"] > then["answer_p99_us"] * LATENCY_GROWS:
        yield f"p99 grew from {then['answer_p99_us']:.0f} to {now['answer_p99_us']:.0f} µs"
    if failed := sum(row["failed"] for row in rows):
        yield f"{failed} heartbeats failed"


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path, default=ROOT / "build/release/bin")
    parser.add_argument("--for", dest="lasts", default="30m", help="(default: %(default)s)")
    parser.add_argument("--agents", type=int, default=140_000, help="(default: %(default)s)")
    parser.add_argument("--mode-mix", default="IDLE:100%", help="(default: %(default)s)")
    parser.add_argument("--connections", default="fresh", choices=("fresh", "kept", "node"))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()

    with contextlib.ExitStack() as stack:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        collector = subprocess.Popen(
            [options.bin / "collectord"], stdout=subprocess.DEVNULL,
            env={**os.environ, "CLUSTER_ID": "soak", "COLLECTOR_HOST": "127.0.0.1",
                 "COLLECTOR_PORT": str(port), "LOG_LEVEL": "warn", "DRAIN_MS": "0"})
        stack.callback(collector.wait)
        stack.callback(collector.terminate)
        wait_for_port(port)
        report = Path(stack.enter_context(tempfile.TemporaryDirectory()), "load.json")
        load = subprocess.Popen(
            [options.bin / "papsim", "load", url, "--agents", str(options.agents),
             "--mode-mix", options.mode_mix, "--for", options.lasts,
             "--connections", options.connections, "--json", report])
        stack.callback(load.wait)
        stack.callback(load.terminate)
        descriptors, longest = watch(load, collector, url)
        if load.returncode != 0:
            sys.exit(f"soak: papsim load ended with {load.returncode}")
        measured = json.loads(report.read_text())
    rows = by_sixths(measured["seconds"], descriptors)
    if options.json:
        options.json.write_text(json.dumps({"longest_list_bytes": longest, "rows": rows,
                                            "load": measured}, indent=1) + "\n")
    print(table(rows))
    print(f"longest list: {longest / MIB:.1f} MiB")
    grown = list(growths(rows))
    for each in grown:
        print(f"soak: {each}", file=sys.stderr)
    sys.exit(1 if grown else 0)


if __name__ == "__main__":
    main()
