"""Programs that do what must not happen, each of which has to be found."""
import stat

from hostile_judge import Fault, Hostile, Judge
from hostile_tar import ABOVE, ABSOLUTE, archive

# What each does before it opens the bundle with the real program, or after; {out} is the folder for the output.
PROGRAMS = {
    "a file outside": ('echo x > "{home}/escape"; {real}', "left behind"),
    "a file outside that is removed again": ('echo x > "{home}/escape"; rm "{home}/escape"; {real}', "written outside"),
    "a file far outside": ("echo x > {far}; {real}; status=$?; rm {far}; exit $status", "written outside"),
    "a file where the root leads": (f"{{real}}; status=$?; echo x > {ABSOLUTE}; exit $status", "it made"),
    "a file one folder up": (f"{{real}}; status=$?; echo x > {ABOVE}; exit $status", "it made"),
    "a file left beside the place": ('{real}; status=$?; echo x > "{out}/.opened.partial-x"; exit $status',
                                     "left behind"),
    "something at the place": ('{real}; status=$?; mkdir "{out}/opened"; exit $status', "left behind"),
    "an escape sequence": ("printf '\\033[2J' >&2; {real}", "printed U+001B"),
    "a mark of direction": (
        "{real} 2>/dev/null; status=$?; printf 'evidence: error: \\342\\200\\256x\\n' >&2; exit $status",
        "printed U+202E"),
    "two errors": ("{real}; status=$?; echo 'evidence: error: another' >&2; exit $status", "more than one error"),
    "another error each time": ("{real} 2>/dev/null; status=$?; echo \"evidence: error: $says $$\" >&2; exit $status",
                                "the second time"),
    "another status": ("{real}; exit 1", "ended with 1"),
    "success": ("{real} 2>/dev/null; exit 0", "ended with 0"),
    "200 MiB of memory": ("python3 -I -S -c 'bytearray(200 << 20)'; {real}", "MiB of memory"),
    "11 seconds of work": ("python3 -I -S -c 'import time\nwhile time.process_time() < 11: pass'; {real}", "seconds"),
    "110 seconds of waiting": ("sleep 110; {real}", "seconds"),
    "a hundred times as much on the disk": ('mkdir "{out}/.opened.partial-1"; '
                                            "python3 -I -S -c 'open(\"{out}/.opened.partial-1/x\", \"wb\")"
                                            ".write(bytes(9000000))'; "
                                            'rm -r "{out}/.opened.partial-1"; {real}', "it wrote"),
    "the network": ("python3 -I -S -c 'import _socket; _socket.socket()'; {real}", "the network"),
    "another program": ("/bin/true; {real}", "another program"),
}


def controls(judge, bench):
    """Each control by name, and whether it was found; and that the program itself is not."""
    says = "a file that nobody signed"
    files = {**bench.bundle().files, "more.txt": b"x"}
    hostile = Hostile("controls", "a file more", bench.seal(archive(files)), says=says, outside=[ABSOLUTE, ABOVE])
    found = [("nothing, where nothing is", fault(judge, hostile, 0) is None)]
    for number, (name, (script, words)) in enumerate(PROGRAMS.items(), 1):
        program = judge.work / f"control-{number}"
        desk = judge.work / f"{900 + number:03}"
        script = script.replace("{real}", f'"{judge.evidence}" "$@"').replace("{out}", f"{desk}/out")
        script = script.replace("{home}", f"{desk}/home").replace("{far}", f"{judge.work}/far")
        program.write_text(f'#!/bin/sh\nsays="{says}"\n{script}\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        wrong = Judge(program, judge.reader, judge.work, judge.key, judge.words)
        # These are scripts, and start others; but for one, that is not what they are to be found for.
        wrong.programs = 1 if words == "another program" else 100
        said = fault(wrong, hostile, 900 + number)
        found.append((name, bool(said) and words in said))
        if not found[-1][1]:
            print(f"control: {name}: {said}")
    return found


def fault(judge, hostile, number):
    try:
        judge.judge(hostile, number)
    except Fault as fault:
        return str(fault)
    return None
