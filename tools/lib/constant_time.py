#!/usr/bin/env python3
"""Judges valgrind's report of Tests/ConstantTime; tools/constant-time starts this."""
import functools
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PROBE = REPOSITORY / "Tests/ConstantTime/main.swift"
CONTROL = "carelessComparison"
ALLOWED = re.compile(r"// (not secret|by design): \w")
# Places that branch in optimised code alone: in other builds they put a verdict into a variable. Optimised code in its
# turn need not branch everywhere, so that there no place has to be met.
OPTIMISED = {
    ("Sources/Age/Bech32.swift", "return UInt32(fault) | (remainder ^ 1) == 0"),
    ("Sources/SecretSharing/Checksum.swift", "return isValid"),
    ("Sources/SecretSharing/WordIndices.swift", "let isEnd = place == text.count"),
    ("Sources/SecretSharing/WordIndices.swift", "guard let index = ShareWords.index"),
}
# Functions of swift-crypto, and what they tell that is not secret.
FOREIGN = {
    "scalar_from_keccak_vartime": "draws the matrix of ML-KEM, which is public, until it has enough numbers",
    "xwing_decap": "whether the sender's X25519 point is of small order",
    "chacha20_poly1305_open_gather": "whether the code fits",
}
ASSERTION = re.compile(r"\b(declassify_assert|assert\w*)\(")


def frames(error, program, load_address):
    """The places that a report went through, innermost first: (path, line, function)."""
    # An address in a stack is the one to return to: the call stands just before.
    addresses = [int(frame.findtext("ip"), 16) - load_address for frame in error.find("stack").iter("frame")]
    addresses = [f"{address - (place > 0):#x}" for place, address in enumerate(addresses) if address >= 0]
    command = ["addr2line", "--inlines", "--functions", "--exe", program, *addresses]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    for function, place in zip(lines[::2], lines[1::2]):
        path, _, number = place.partition(":")
        yield Path(path), int(re.match(r"\d*", number).group() or 0), function


def is_ours(path):
    return path.is_relative_to(REPOSITORY) and not path.is_relative_to(REPOSITORY / ".build")


@functools.cache
def lines_of(path):
    return path.read_text().splitlines() if path.is_file() else []


def allowance(stack):
    """What allows a report, or `None`: the comment at our innermost place, or for swift-crypto its own innermost one,
    if that is named above or asserts what always holds, so that the branch always goes the same way."""
    path, line, function = stack[0]
    if not is_ours(path) and path.is_relative_to(REPOSITORY / ".build/checkouts/swift-crypto"):
        if name := next((name for name in FOREIGN if name in function), None):
            return f"{name} of swift-crypto"
        return "assertions of swift-crypto" if ASSERTION.search("".join(lines_of(path)[line - 1:line])) else None
    place = next(((path, line) for path, line, _ in stack if is_ours(path)), None)
    if place and place[1] and ALLOWED.search(lines_of(place[0])[place[1] - 1]):
        return f"{place[0].relative_to(REPOSITORY)}:{place[1]}"
    return None


def comments():
    """The places whose comment allows a report, by whether their module is part of what is run."""
    modules = set(re.findall(r"^internal import (\w+)$", PROBE.read_text(), re.MULTILINE))
    for path in sorted((REPOSITORY / "Sources").rglob("*.swift")):
        for number, line in enumerate(lines_of(path), 1):
            if ALLOWED.search(line):
                place = path.relative_to(REPOSITORY)
                yield f"{place}:{number}", place.parts[1] in modules, any(
                    str(place) == file and code in line for file, code in OPTIMISED)


def complaint(error, stack):
    ours = next(((path, line, function) for path, line, function in stack if is_ours(path)), None)
    inner = error.find("stack").find("frame").findtext("fn", "?")
    if ours is None:
        return inner, f"{error.findtext('kind')}, called from no code of ours"
    return f"{ours[0].relative_to(REPOSITORY)}:{ours[1]}", f"{error.findtext('kind')} below {ours[2]}, in {inner}"


def main():
    report, output, program, configuration = sys.argv[1:]
    errors = ElementTree.parse(report).getroot().findall("error")
    errors = [error for error in errors if error.findtext("kind").startswith(("Uninit", "SyscallParam"))]
    load_address = int(Path(output).read_text().split()[-1])
    is_control_found, allowed, bad = False, set(), {}
    for error in errors:
        stack = list(frames(error, program, load_address))
        if any(CONTROL in function for path, _, function in stack if is_ours(path)):
            is_control_found = True
        elif stack and (place := allowance(stack)):
            allowed.add(place)
        else:
            place, what = complaint(error, stack)
            bad[place] = what
    for place in sorted(allowed):
        reason = FOREIGN.get(place.removesuffix(" of swift-crypto"), "for the reason in its comment")
        print(f"ok    {place}: allowed, {'they always hold' if place.startswith('assertions') else reason}")
    for place, is_run, is_optimised in comments():
        if not is_run:
            print(f"left out  {place}: its module is not part of what is run")
        elif place not in allowed and (is_optimised or configuration == "release"):
            print(f"left out  {place}: allowed, and not met in this build")
        elif place not in allowed:
            bad[place] = "allowed, and never met: nothing shows that it is needed"
    if configuration == "debug":
        bad |= {name: "allowed, and never met" for name in FOREIGN if f"{name} of swift-crypto" not in allowed}
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
