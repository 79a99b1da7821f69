"""Telephone audio for tests: a party that hums one tone, sends keys, and tells afterwards what it heard and when.

G.711 mu-law after ITU-T G.711, keys after RFC 4733 (payload type 101), tones recognised by the Goertzel algorithm.
"""

import math
import socket
import struct
import time
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

RATE = 8000
FRAME = 160  # samples in one packet of 20 ms
PCMU, DTMF_TYPE = 0, 101
KEYS = "0123456789*#"
AUDIBLE = 150.0  # root mean square of 16-bit samples; comfort noise stays far below


def _decode_ulaw(code: int) -> int:
    code = ~code & 0xFF
    magnitude = (((code & 0x0F) << 3) + 0x84) << ((code & 0x70) >> 4)
    return 0x84 - magnitude if code & 0x80 else magnitude - 0x84


LINEAR = [_decode_ulaw(code) for code in range(256)]
SILENCE = b"\xff" * FRAME


def encode_ulaw(sample: int) -> int:
    """The mu-law code of a 16-bit sample."""
    sign, magnitude = (0x80, -sample) if sample < 0 else (0, sample)
    magnitude = min(magnitude + 0x84, 0x7FFF)
    exponent = max(magnitude.bit_length() - 8, 0)
    return ~(sign | exponent << 4 | magnitude >> (exponent + 3) & 0x0F) & 0xFF


@cache
def hum(hertz: int) -> bytes:
    """One second of a tone of whole `hertz` at a fifth of full scale: it can be repeated without a seam."""
    return bytes(encode_ulaw(round(6500 * math.sin(2 * math.pi * hertz * i / RATE))) for i in range(RATE))


def loudness(samples: list[int]) -> float:
    """Root mean square of 16-bit samples; 0 for none."""
    return math.sqrt(sum(s * s for s in samples) / len(samples)) if samples else 0.0


def share_of_tone(samples: list[int], hertz: float) -> float:
    """The part of the samples' energy, 0 to 1, that lies in a tone of `hertz` (Goertzel)."""
    energy = sum(s * s for s in samples)
    if not energy:
        return 0.0
    factor = 2 * math.cos(2 * math.pi * hertz / RATE)
    before = last = 0.0
    for sample in samples:
        before, last = last, sample + factor * last - before
    power = before * before + last * last - factor * before * last
    return 2 * power / (len(samples) * energy)


@dataclass
class Ear:
    """What arrived, packet by packet, with the monotonic time of arrival in seconds."""

    packets: list[tuple[float, bytes]] = field(default_factory=list)
    keys: list[tuple[float, str]] = field(default_factory=list)
    _last_key: int = -1

    def take(self, packet: bytes, at: float) -> None:
        """Keep one RTP packet: audio as it is, a key once however often its end is repeated."""
        if len(packet) < 12:
            return
        kind, stamp = packet[1] & 0x7F, struct.unpack_from("!I", packet, 4)[0]
        payload = packet[12 + 4 * (packet[0] & 0x0F) :]
        if kind == PCMU:
            self.packets.append((at, payload))
        elif kind == DTMF_TYPE and len(payload) >= 4 and payload[1] & 0x80 and stamp != self._last_key:
            self._last_key = stamp
            self.keys.append((at, KEYS[payload[0]]))

    def digits(self) -> str:
        """All keys heard so far, in order."""
        return "".join(key for _, key in self.keys)

    def recent(self, seconds: float) -> list[int]:
        """Samples of the last `seconds`; empty if nothing has arrived in them."""
        after = time.monotonic() - seconds
        frames = [payload for at, payload in self.packets[-int(seconds * 60 + 5) :] if at >= after]
        return [LINEAR[code] for payload in frames for code in payload]

    def hears(self, hertz: int, seconds: float = 0.3) -> bool:
        """True if a good part of the last `seconds` arrived and much of its energy is this tone."""
        samples = self.recent(seconds)
        enough = len(samples) >= 0.6 * seconds * RATE
        return enough and loudness(samples) > AUDIBLE and share_of_tone(samples, hertz) > 0.3

    def hears_something(self, seconds: float = 0.3) -> bool:
        """True if the last `seconds` are audible, whatever it is."""
        samples = self.recent(seconds)
        return len(samples) >= 0.6 * seconds * RATE and loudness(samples) > AUDIBLE

    def gaps(self, since: float, until: float, longer_than: float) -> list[tuple[float, float]]:
        """Stretches (start, length in seconds) between two monotonic times in which nothing audible arrived."""
        heard = [at for at, frame in list(self.packets) if since <= at <= until and loudness(linear(frame)) > AUDIBLE]
        edges = [since, *heard, until]
        return [(a, b - a) for a, b in pairwise(edges) if b - a > longer_than]


#: A mu-law frame of silence.
QUIET = b"\xff" * FRAME


def linear(frame: bytes) -> list[int]:
    """Samples of a mu-law frame."""
    return [LINEAR[code] for code in frame]


class RtpParty:
    """One call's media socket: sends a frame each time it is told to, hands what arrives to its ear."""

    def __init__(self, hertz: int) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.port: int = self.socket.getsockname()[1]
        self.ear = Ear()
        self.sending = True
        self.humming = True
        self.remote: tuple[str, int] | None = None
        self._voice = hum(hertz)
        self._position = 0
        self._sequence = 0
        self._keys: list[tuple[int, int]] = []  # (key number, packets still to send)

    def press(self, digits: str) -> None:
        """Queue keys: each takes 8 packets (160 ms) and is followed by a pause of as long."""
        for digit in digits:
            self._keys += [(KEYS.index(digit), 8), (-1, 8)]

    def send_frame(self) -> None:
        """Send the 20 ms that are due, a key if one is queued, else the hum."""
        self._sequence = (self._sequence + 1) & 0xFFFF
        self._position += FRAME
        if self.remote is None or not self.sending:
            return
        if self._keys and self._keys[0][0] >= 0:
            self._send_key(*self._keys[0])
        else:
            start = (self._position - FRAME) % RATE
            voice = self._voice[start : start + FRAME] if self.humming else QUIET
            self._send(PCMU, self._position, voice)
        self._count_down()

    def _count_down(self) -> None:
        if self._keys:
            key, left = self._keys[0]
            self._keys[0] = (key, left - 1)
            if left <= 1:
                self._keys.pop(0)

    def _send_key(self, key: int, left: int) -> None:
        elapsed = (9 - left) * FRAME
        started = self._position - elapsed
        end = 0x80 if left <= 3 else 0  # the end is said three times (RFC 4733, 2.5.1.4)
        self._send(DTMF_TYPE, started, struct.pack("!BBH", key, end | 10, elapsed))

    def _send(self, kind: int, stamp: int, payload: bytes) -> None:
        header = struct.pack("!BBHII", 0x80, kind, self._sequence, stamp & 0xFFFFFFFF, self.port)
        try:
            self.socket.sendto(header + payload, self.remote or ("127.0.0.1", 9))
        except (BlockingIOError, ConnectionRefusedError):
            return  # the other side has just gone; a real phone loses such packets as well

    def receive(self) -> None:
        """Take everything that waits in the socket."""
        while True:
            try:
                packet = self.socket.recv(2048)
            except (BlockingIOError, ConnectionRefusedError):
                return
            self.ear.take(packet, time.monotonic())

    def close(self) -> None:
        """Free the port."""
        self.socket.close()
