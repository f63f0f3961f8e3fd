"""Ray on machines that are none."""

import os
import signal
from contextlib import suppress
from pathlib import Path


class Nodes:
    """A head, and workers of one core each.

    Args:
        workers: how many.
        head: its cores; with none it does no work itself.
    """

    def __init__(self, workers: int, head: int = 0) -> None:
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        from ray.cluster_utils import Cluster

        room = {"object_store_memory": 100 << 20}
        soon = {  # a node is taken for dead after a second, not twelve
            "health_check_initial_delay_ms": 0,
            "health_check_period_ms": 300,
            "health_check_timeout_ms": 1000,
            "health_check_failure_threshold": 3,
        }
        args = {"num_cpus": head, "include_dashboard": False, "_system_config": soon, **room}
        self._cluster = Cluster(initialize_head=True, head_node_args=args, shutdown_at_exit=False)
        self._workers = [self._cluster.add_node(num_cpus=1, **room) for _ in range(workers)]
        self.address: str = self._cluster.address

    def kill_the_head(self) -> None:
        """Kills what holds the head's part of the cluster together, without a word to anybody."""
        (raylet,) = self._cluster.head_node.all_processes["raylet"]
        os.kill(raylet.process.pid, signal.SIGKILL)

    def lose_a_machine(self) -> None:
        self._cluster.remove_node(self._workers.pop(), allow_graceful=False)

    def kill_workers(self) -> None:
        """Kills the processes in which the studio runs, and leaves the machines alone."""
        raylets = {
            str(info.process.pid) for n in self._workers for info in n.all_processes["raylet"]
        }
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has ended since
                parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
                ours = parent in raylets
                if ours and (process / "cmdline").read_bytes().startswith(b"ray::Worker"):
                    os.kill(int(process.name), signal.SIGKILL)

    def close(self) -> None:
        self._cluster.shutdown()
