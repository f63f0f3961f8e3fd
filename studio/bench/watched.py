"""Runs a command, and prints what it took: `python -S watched.py COMMAND...`.

In a process that is small itself: what a program is started by counts as its memory, too.
"""

import json
import resource
import subprocess
import sys
import time


def main() -> int:
    """Prints its result as JSON, and returns the command's status."""
    started, times = time.monotonic(), list[float]()
    with subprocess.Popen(
        sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as running:
        times.extend(time.monotonic() - started for _ in running.stdout or ())
    ended = time.monotonic() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak_mb = used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    cpu = used.ru_utime + used.ru_stime
    print(json.dumps({"times": times, "ended": ended, "cpu": cpu, "peak_mb": peak_mb}))
    return running.returncode and 1


if __name__ == "__main__":
    sys.exit(main())
