"""Runs a command and says what it took: status, seconds, and the most memory it had, in KiB.

The seconds are those of the processor, so that others on the machine count for little; of waiting, a tenth counts.

A process of its own, and a small one: what a process took counts from the moment when it was forked, and would be that
of whoever forked it.
"""
import json
import os
import resource
import sys
import time

report, limit, *command = sys.argv[1:]
start = time.monotonic()
child = os.fork()
if child == 0:
    resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit)))
    os.execv(command[0], command)
_, status, usage = os.wait4(child, 0)
seconds = max(usage.ru_utime + usage.ru_stime, (time.monotonic() - start) / 10)
with open(report, "w") as file:
    json.dump([os.waitstatus_to_exitcode(status), seconds, usage.ru_maxrss], file)
