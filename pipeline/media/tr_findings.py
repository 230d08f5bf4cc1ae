"""What an analysis of a transport stream found: errors by their TR 101 290 names, intervals, the service."""

from dataclasses import asdict, dataclass, field

# ETSI TR 101 290: priority 1 (decoding needs it), 2 (continuous monitoring), of 3 what concerns one programme.
PRIORITY = {
    "TS_sync_loss": 1,
    "Sync_byte_error": 1,
    "PAT_error": 1,
    "Continuity_count_error": 1,
    "PMT_error": 1,
    "PID_error": 1,
    "Transport_error": 2,
    "CRC_error": 2,
    "PCR_repetition_error": 2,
    "PCR_discontinuity_indicator_error": 2,
    "PCR_accuracy_error": 2,
    "PTS_error": 2,
    "CAT_error": 2,
    "SDT_error": 3,
    "Buffer_error": 3,
}


@dataclass(frozen=True, slots=True)
class Limits:
    """When an interval is an error; milliseconds unless named otherwise. The defaults are TR 101 290's.

    `rate_ppm` bounds how far the rate between two PCRs may lie from the stream's own (constant bitrate).
    """

    pat: float = 500.0
    pmt: float = 500.0
    pcr: float = 40.0
    pcr_jump: float = 100.0
    pcr_accuracy_ns: float = 500.0
    pts: float = 700.0
    sdt: float = 2000.0
    pid: float = 5000.0
    rate_ppm: float = 50.0


@dataclass(slots=True)
class Fault:
    """One kind of error: how often, and where first (seconds into the stream) with a detail."""

    count: int = 0
    first_s: float = 0.0
    detail: str = ""


@dataclass(slots=True)
class Findings:
    """The result so far. Intervals are the longest seen, in milliseconds; `steps` the longest jump between
    two timestamps of one stream; `bitrate` bits a second by the stream's own clock, None before it is known.

    The buffer model: `decode_margin_ms` is the least time from a unit's first byte to its decoding,
    `whole_margin_ms` from its last, `buffer_bytes` the most that waits for decoding in one stream.
    """

    packets: int = 0
    null_packets: int = 0
    duration_s: float = 0.0
    bitrate: int | None = None
    constant: bool = False
    rate_error_ppm: float = 0.0
    errors: dict[str, Fault] = field(default_factory=dict)
    intervals_ms: dict[str, float] = field(default_factory=dict)
    pcr_accuracy_ns: float = 0.0
    pts_step_ms: float = 0.0
    decode_margin_ms: float | None = None
    whole_margin_ms: float | None = None
    buffer_bytes: int = 0
    transport_stream_id: int | None = None
    original_network_id: int | None = None
    service_id: int | None = None
    service_type: int | None = None
    service_name: str | None = None
    service_provider: str | None = None
    pcr_pid: int | None = None
    pmt_pid: int | None = None
    streams: dict[int, str] = field(default_factory=dict)
    first_picture_s: float | None = None

    def count(self, *names: str) -> int:
        """How many errors of these names there are."""
        return sum(self.errors[name].count for name in names if name in self.errors)

    def of_priority(self, highest: int) -> dict[str, int]:
        """The errors of this priority and those above it, by name."""
        return {name: fault.count for name, fault in self.errors.items() if PRIORITY[name] <= highest}

    def note(self, name: str, at_s: float, detail: str = "") -> None:
        fault = self.errors.setdefault(name, Fault(0, at_s, detail))
        fault.count += 1

    def longest(self, name: str, gap_ms: float) -> None:
        if gap_ms > self.intervals_ms.get(name, 0.0):
            self.intervals_ms[name] = gap_ms

    def as_json(self) -> dict[str, object]:
        """Plain data for a report."""
        return asdict(self)
