"""Every fault by name, in the order of the page."""

from benchmarks.faults import clients, clocks, disks, far_ends, networks, processes, sources, stage, together
from benchmarks.faults.fault import Fault

GROUPS: dict[str, tuple[Fault, ...]] = {
    "Processes": processes.FAULTS,
    "The source": sources.FAULTS,
    "Far ends": far_ends.FAULTS,
    "The network": networks.FAULTS,
    "Disk and journal": disks.FAULTS,
    "The wall clock": clocks.FAULTS,
    "Strangers": clients.FAULTS,
    "The whole station": stage.FAULTS,
    "Three at once": together.FAULTS,
}
FAULTS = {fault.name: fault for group in GROUPS.values() for fault in group}
