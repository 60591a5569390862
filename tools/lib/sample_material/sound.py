"""A recording that stands for speech: gliding tones in bursts, in whole numbers only, so that no
machine's arithmetic can change a byte."""
import struct

SAMPLES_PER_SECOND = 8000

# One syllable each: milliseconds of sound, milliseconds of silence after it, pitch in hertz at its start and end.
SYLLABLES = [
    (180, 40, 190, 220), (140, 30, 220, 205), (260, 160, 205, 170), (120, 30, 180, 210), (160, 30, 210, 230),
    (300, 320, 230, 160), (150, 40, 175, 200), (150, 40, 200, 200), (220, 60, 200, 185), (340, 420, 185, 140),
    (130, 30, 180, 215), (170, 50, 215, 190), (380, 300, 190, 130),
]


def triangle(phase):
    """One period over 0..<65536, from -16384 to 16384."""
    return phase - 16384 if phase < 32768 else 49152 - phase


def syllable(milliseconds, silence, first, last):
    count = milliseconds * SAMPLES_PER_SECOND // 1000
    phase = 0
    for n in range(count):
        pitch = first + (last - first) * n // count
        phase = (phase + pitch * 65536 // SAMPLES_PER_SECOND) % 65536
        loudness = min(n, count - n, 320)
        tone = triangle(phase) * 3 + triangle(phase * 3 % 65536)
        yield tone * loudness // (320 * 8)
    yield from [0] * (silence * SAMPLES_PER_SECOND // 1000)


def recording():
    """RIFF WAVE: PCM, one channel, 16 bits, 8 kHz."""
    samples = [value for part in SYLLABLES for value in syllable(*part)]
    data = struct.pack(f"<{len(samples)}h", *samples)
    form = struct.pack("<HHIIHH", 1, 1, SAMPLES_PER_SECOND, SAMPLES_PER_SECOND * 2, 2, 16)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks
