"""Writes the inputs of a fuzz target that are to be kept: python3 keep_inputs.py FOUND SEEDS FILE.

Of what is in FOUND and not in SEEDS the shortest, as many as there is room for: the tests run all of them each time.
"""
import base64
import sys
from pathlib import Path

ROOM = 12_000  # letters of base64
LONGEST = 4_096  # bytes of one input


def main():
    found, seeds, file = map(Path, sys.argv[1:])
    old = {path.read_bytes() for path in seeds.iterdir()}
    inputs = sorted({path.read_bytes() for path in found.iterdir()} - old, key=lambda one: (len(one), one))
    lines, room = [], ROOM
    for line in (base64.b64encode(one).decode() for one in inputs if len(one) <= LONGEST):
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
    if lines:
        file.write_text("\n".join(lines) + "\n")
    print(f"  kept {len(lines)} of {len(inputs)} inputs in {file.name}")


if __name__ == "__main__":
    main()
