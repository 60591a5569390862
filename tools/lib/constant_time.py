#!/usr/bin/env python3
"""Judges valgrind's report of Tests/ConstantTime; tools/constant-time starts this."""
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
CONTROL = "carelessComparison"
NOT_SECRET = re.compile(r"// (not secret|by design): \w")


def our_frames(error, program, load_address):
    """The places in this repository that a report went through, innermost first: (path, line, function)."""
    # An address in a stack is the one to return to: the call stands just before.
    addresses = [int(frame.findtext("ip"), 16) - load_address for frame in error.find("stack").iter("frame")]
    addresses = [f"{address - (place > 0):#x}" for place, address in enumerate(addresses) if address >= 0]
    command = ["addr2line", "--inlines", "--functions", "--exe", program, *addresses]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    for function, place in zip(lines[::2], lines[1::2]):
        path, _, number = place.partition(":")
        number = re.match(r"\d*", number).group()
        path = Path(path)
        if path.is_relative_to(REPOSITORY) and not path.is_relative_to(REPOSITORY / ".build"):
            yield path, int(number or 0), function


def main():
    report, output, program = sys.argv[1:]
    errors = ElementTree.parse(report).getroot().findall("error")
    errors = [error for error in errors if error.findtext("kind").startswith(("Uninit", "SyscallParam"))]
    load_address = int(Path(output).read_text())
    is_control_found, allowed, bad = False, set(), {}
    for error in errors:
        frames = list(our_frames(error, program, load_address))
        if any(CONTROL in function for _, _, function in frames):
            is_control_found = True
        elif frames:
            path, line, function = frames[0]
            place = f"{path.relative_to(REPOSITORY)}:{line}"
            if line and NOT_SECRET.search(path.read_text().splitlines()[line - 1]):
                allowed.add(place)
            else:
                bad[place] = f"{error.findtext('kind')} below {function}"
        else:
            top = error.find("stack").find("frame")
            bad[top.findtext("fn", "?")] = f"{error.findtext('kind')}, called from no code of ours"
    for place in sorted(allowed):
        print(f"ok    {place}: allowed, for the reason in its comment")
    for place, what in sorted(bad.items()):
        print(f"FAIL  {place}: {what}")
    if not is_control_found:
        print(f"FAIL  {CONTROL}: not reported, so nothing was searched")
    print(f"{len(allowed)} places that may tell, {len(bad)} that may not; control "
          f"{'found' if is_control_found else 'NOT FOUND'}")
    failed = len(bad) + (not is_control_found)
    print(f"{len(allowed) + is_control_found} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
