"""The check that an operator's monitoring runs: ETSI TR 101 290, priority 1 and 2, on a single-programme stream.

Time is counted by byte position, for a constant bitrate makes the one from the other; so a file and a live
stream are judged alike, and the network's own jitter is judged apart (by who receives). The rate is given, or
learned from the stream's own PCRs. Memory is bounded: nothing is kept but the last of each kind.
"""

from collections import Counter

from pipeline.media import psi
from pipeline.media import transport as ts
from pipeline.media.tr_clocks import PcrCheck, PtsCheck, learned_rate
from pipeline.media.tr_findings import Findings, Limits

_LEARNING_PACKETS = 20_000
_LEARNING_PCRS = 40
_LEARNING_PCRS_AT_END = 3
_CHECK_EVERY = 64


class Analyser:
    """Feed it bytes as they come; `findings` are always up to date but for a learning phase of some PCRs.

    `finish` closes the learning phase of a short stream. `rate` in bits a second, or None to learn it.
    """

    def __init__(self, *, rate: int | None = None, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.findings = Findings(bitrate=rate)
        self._rate = float(rate) if rate else 0.0
        self._rest = b""
        self._synced = False
        self._bad_syncs = 0
        self._learning: list[bytes] = []
        self._learning_pcrs: list[tuple[int, int]] = []
        self._learned = bool(rate)
        self._seen_at: dict[str, float] = {"PAT": 0.0}
        self._overdue: set[str] = set()
        self._counters: dict[int, tuple[int, bytes, bool]] = {}
        self._sections: dict[int, psi.Sections] = {pid: psi.Sections() for pid in (0, 1, 0x10, 0x11)}
        self._tables: dict[tuple[int, int], bytes] = {}
        self._pid_seen: dict[int, float] = {}
        self._pids_due: set[int] = set()
        self._video: set[int] = set()
        self._timed: dict[int, PtsCheck] = {}
        self._pcr: PcrCheck | None = None
        self._has_cat = False
        self.packets_by_pid: Counter[int] = Counter()

    def feed(self, data: bytes) -> None:
        """Take the next bytes, cut anywhere."""
        data = self._rest + data if self._rest else data
        at, end = 0, len(data)
        while at + ts.PACKET <= end:
            if not self._synced:
                found = _find_sync(data, at)
                if found is None:
                    at = max(at, end - 5 * ts.PACKET)
                    break
                at, self._synced, self._bad_syncs = found, True, 0
                continue
            if data[at] != ts.SYNC:
                self._bad_syncs += 1
                self._note("Sync_byte_error", f"byte 0x{data[at]:02x}")
                if self._bad_syncs >= 2:
                    self._note("TS_sync_loss", "")
                    self._synced = False
                    self._counters.clear()
                    self._broken()
                    continue
                self._broken()
            else:
                self._bad_syncs = 0
                self._take(data[at : at + ts.PACKET])
            at += ts.PACKET
        self._rest = data[at:]

    def finish(self) -> Findings:
        """Judge what a short stream left in the learning phase, and what stayed away at the end."""
        if not self._learned:
            self._learn(self._learning_pcrs)
        self._check_absent(self._now())
        return self.findings

    def _take(self, packet: bytes) -> None:
        if self._learned:
            self._judge(packet)
            return
        self._learning.append(packet)
        pcr = ts.pcr_of(packet)
        if pcr is not None:
            self._learning_pcrs.append((len(self._learning), pcr))
        if len(self._learning_pcrs) >= _LEARNING_PCRS or len(self._learning) >= _LEARNING_PACKETS:
            self._learn(self._learning_pcrs)

    def _learn(self, pcrs: list[tuple[int, int]]) -> None:
        """Take the rate from the first PCRs and judge what has waited for it."""
        self._learned = True
        rate = learned_rate(pcrs) if len(pcrs) >= _LEARNING_PCRS_AT_END else None
        if rate:
            self._rate = rate
            self.findings.bitrate = round(rate)
        waiting, self._learning, self._learning_pcrs = self._learning, [], []
        for packet in waiting:
            self._judge(packet)

    def _now(self) -> float:
        """Seconds into the stream by byte position; a stream without a rate counts 1 Mb/s."""
        return self.findings.packets * ts.PACKET * 8 / (self._rate or 1e6)

    def _note(self, name: str, detail: str) -> None:
        self.findings.note(name, round(self._now(), 3), detail)

    def _broken(self) -> None:
        if self._pcr is not None:
            self._pcr.damaged()

    def _judge(self, packet: bytes) -> None:
        found = self.findings
        found.packets += 1
        pid = (packet[1] & 0x1F) << 8 | packet[2]
        if not found.packets % _CHECK_EVERY:
            now = self._now()
            found.duration_s = now
            self._check_absent(now)
        if packet[1] & 0x80:
            self._note("Transport_error", f"PID {pid}")
        if pid == ts.NULL_PID:
            found.null_packets += 1
            return
        self.packets_by_pid[pid] += 1
        now = self._now()
        self._pid_seen[pid] = now
        self._pids_due.discard(pid)
        self._check_counter(pid, packet)
        if packet[3] & 0xC0:
            self._check_scrambled(pid)
        elif pid in self._sections:
            for section in self._sections[pid].feed(packet):
                self._section(pid, section, now)
        if packet[3] & 0x20 and self._pcr is not None and pid == found.pcr_pid:
            pcr = ts.pcr_of(packet)
            if pcr is not None:
                self._pcr.seen(pcr, found.packets, self._rate, announced=ts.discontinuity(packet))
        timed = self._timed.get(pid)
        if timed is not None and packet[3] & 0x10:
            if packet[1] & 0x40:
                clock = self._pcr.at(timed.last_packet, self._rate) if self._pcr is not None else None
                timed.ended(clock, now)
                self._unit(pid, packet, now)
            timed.packets += 1
            timed.last_packet = found.packets

    def _check_counter(self, pid: int, packet: bytes) -> None:
        counter, payload = packet[3] & 0x0F, bool(packet[3] & 0x10)
        last = self._counters.get(pid)
        repeated = False
        if last is not None and not ts.discontinuity(packet):
            before, same, was_repeat = last
            if payload and counter == before and packet[4:] == same[4:] and not was_repeat:
                repeated = True  # one repetition of a packet is allowed
            elif counter != ((before + 1) & 0x0F if payload else before):
                self._note("Continuity_count_error", f"PID {pid}: {before} then {counter}")
                self._broken()
                if pid in self._sections:
                    self._sections[pid].reset()
        self._counters[pid] = counter, packet, repeated

    def _check_scrambled(self, pid: int) -> None:
        if pid == ts.PAT_PID:
            self._note("PAT_error", "scrambled")
        elif pid == self.findings.pmt_pid:
            self._note("PMT_error", "scrambled")
        if not self._has_cat:
            self._note("CAT_error", f"PID {pid} is scrambled and there is no CAT")

    def _section(self, pid: int, section: bytes, now: float) -> None:
        table = section[0]
        if pid == ts.PAT_PID and table != 0:
            self._note("PAT_error", f"table 0x{table:02x} on PID 0")
            return
        if pid == ts.CAT_PID and table != 1:
            self._note("CAT_error", f"table 0x{table:02x} on PID 1")
            return
        if len(section) < 12 or psi.crc32(section):
            self._note("CRC_error", f"PID {pid}, table 0x{table:02x}")
            return
        self._has_cat = self._has_cat or table == 1
        name = {
            (0, 0): "PAT",
            (self.findings.pmt_pid, 2): "PMT",
            (ts.SDT_PID, 0x42): "SDT",
            (ts.NIT_PID, 0x40): "NIT",
        }
        kind = name.get((pid, table))
        if kind is None:
            return
        self._arrived(kind, now)
        if self._tables.get((pid, table)) != section:
            self._tables[pid, table] = section
            try:
                self._read(kind, section, now)
            except (ValueError, IndexError):
                self._note("CRC_error", f"{kind} cannot be read")

    def _read(self, kind: str, section: bytes, now: float) -> None:
        found = self.findings
        if kind == "PAT":
            pat = psi.parse_pat(section)
            found.transport_stream_id = pat.transport_stream_id
            found.pmt_pid = next(iter(pat.programmes.values()), None)
            if found.pmt_pid is not None:
                self._sections.setdefault(found.pmt_pid, psi.Sections())
                self._seen_at.setdefault("PMT", now)
        elif kind == "PMT":
            self._programme(psi.parse_pmt(section), now)
        elif kind == "SDT":
            sdt = psi.parse_sdt(section)
            found.original_network_id = sdt.original_network_id
            for service in sdt.services:
                if found.service_id in (None, service.service_id):
                    found.service_name, found.service_provider = service.name, service.provider
                    found.service_type = service.service_type

    def _programme(self, pmt: psi.Pmt, now: float) -> None:
        found = self.findings
        found.service_id, found.pcr_pid = pmt.service_id, pmt.pcr_pid
        found.streams = {pid: psi.STREAM_TYPES.get(kind, f"0x{kind:02x}") for pid, kind in pmt.streams.items()}
        self._pcr = PcrCheck(found, self.limits)
        self._seen_at.setdefault("SDT", now)
        self._video = {pid for pid, kind in pmt.streams.items() if kind in psi.VIDEO_TYPES}
        for pid, kind in pmt.streams.items():
            self._pid_seen.setdefault(pid, now)
            if kind in psi.VIDEO_TYPES or kind in psi.AUDIO_TYPES:
                self._timed.setdefault(pid, PtsCheck(found, self.limits, pid))

    def _unit(self, pid: int, packet: bytes, now: float) -> None:
        payload = packet[ts.payload_start(packet) :]
        pts, dts = ts.pts_dts_of(payload)
        if pts is None or dts is None:
            return
        self._arrived(f"PTS {pid}", now)
        pcr = self._pcr.at(self.findings.packets, self._rate) if self._pcr is not None else None
        self._timed[pid].seen(pts, dts, pcr, now)
        if self.findings.first_picture_s is None and pid in self._video and ts.random_access(packet):
            self.findings.first_picture_s = now

    def _limit(self, name: str) -> float | None:
        own = {"PAT": self.limits.pat, "PMT": self.limits.pmt, "SDT": self.limits.sdt}
        return self.limits.pts if name.startswith("PTS ") else own.get(name)

    def _arrived(self, name: str, now: float) -> None:
        before = self._seen_at.get(name)
        self._seen_at[name] = now
        if before is None:
            return
        gap = (now - before) * 1000
        self.findings.longest(name, gap)
        limit = self._limit(name)
        if limit is not None and gap > limit and name not in self._overdue:
            self._note(f"{name.split()[0]}_error", f"{name}: {gap:.0f} ms")
        self._overdue.discard(name)

    def _check_absent(self, now: float) -> None:
        """What should have come by now and has not; said once until it comes again."""
        for name, seen in self._seen_at.items():
            limit = self._limit(name)
            if limit is not None and (now - seen) * 1000 > limit and name not in self._overdue:
                self._overdue.add(name)
                self._note(f"{name.split()[0]}_error", f"{name}: none for {(now - seen) * 1000:.0f} ms")
        for pid in self.findings.streams:
            if pid not in self._pids_due and (now - self._pid_seen.get(pid, 0.0)) * 1000 > self.limits.pid:
                self._pids_due.add(pid)
                self._note("PID_error", f"PID {pid}")
        if self._pcr is not None:
            self._pcr.check_absent(self.findings.packets, self._rate)


def _find_sync(data: bytes, at: int) -> int | None:
    """Where five packets in a row begin with the sync byte, or None while the bytes do not suffice."""
    last = len(data) - 4 * ts.PACKET
    while at < last:
        at = data.find(ts.SYNC, at, last)
        if at < 0:
            return None
        if all(data[at + step * ts.PACKET] == ts.SYNC for step in range(1, 5)):
            return at
        at += 1
    return None
