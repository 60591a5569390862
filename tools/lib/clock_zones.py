"""Zones for tools/clock: what the program stores and prints where the day, the hour or the half hour is another."""
import datetime
import json
import math
import os
import subprocess
import time
from zoneinfo import ZoneInfo

# What clocks on the wall say there, as the first or the second time that they say so. In Europe/Berlin the hour from
# two to three comes twice in October, and not at all in March; in Lord Howe half an hour.
WALLS = {
    "Asia/Dushanbe": [("2026-06-01 00:30:00", 0), ("2026-06-01 05:00:03", 0)],
    "Pacific/Kiritimati": [("2027-01-01 00:30:00", 0), ("2027-01-01 13:59:50", 0)],
    "America/St_Johns": [("2026-12-31 22:00:00", 0), ("2026-03-08 03:15:00", 0)],
    "Australia/Lord_Howe": [("2026-04-05 01:45:00", 0), ("2026-04-05 01:45:00", 1)],
    "Europe/Berlin": [("2026-10-25 02:30:00", 0), ("2026-10-25 02:59:50", 0), ("2026-10-25 02:00:03", 1),
                      ("2026-10-25 02:30:00", 1), ("2026-03-29 01:59:50", 0), ("2026-03-29 03:00:03", 0)],
}
SAMPLE = ["Asia/Dushanbe", "Europe/Berlin"]
# A zone that the system does not know is UTC.
UNKNOWN = "Nowhere/At_All"
PATIENCE = 60  # seconds that a command may take until it looks at the clock


def instant(text, zone="UTC", fold=0):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


def ahead(moment):
    """What libfaketime is told for an instant in any zone; a text would be a time on the wall, which may come twice."""
    return f"{math.ceil(moment.timestamp() - time.time()):+d}"


def spelled(moment):
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_within(text, moment, seconds=PATIENCE):
    return 0 <= (datetime.datetime.fromisoformat(text) - moment).total_seconds() <= seconds


def in_every_zone(bench):
    """What is stored and printed is the instant in UTC, in whatever zone and hour."""
    for zone in SAMPLE if bench.is_sample else [*WALLS, UNKNOWN]:
        for text, fold in WALLS.get(zone, [("2026-06-01 00:30:00", 0)]):
            at_a_moment(bench, zone, instant(text, zone if zone in WALLS else "UTC", fold))
    repeated_hour(bench)
    bench.requires_sound("zones")


def at_a_moment(bench, zone, moment):
    name, before = f"{zone} at {moment.isoformat()}", bench.newest()[0]
    requires_wall(bench, zone, moment)
    os.utime(bench.work / "paper", (moment.timestamp(), moment.timestamp()))
    bench.ok(f"{name}: add", bench.add(ahead(moment), zone=zone))
    number, added = bench.newest()
    bench.expect(f"{name}: a number more", number > before, number)
    bench.expect(f"{name}: stored in UTC", is_within(added, moment), added)
    shown = bench.ok(f"{name}: show", bench.unlocked(ahead(moment), "show", number, zone=zone)).stdout
    bench.expect(f"{name}: printed in UTC", f"added {added}\n" in shown, shown)
    bench.expect(f"{name}: the file's time in UTC", f"modified {spelled(moment)}\n" in shown, shown)
    listed = bench.ok(f"{name}: list", bench.unlocked(ahead(moment), "list", zone=zone)).stdout
    line = next((line.split() for line in listed.splitlines() if line.split()[:1] == [str(number)]), [])
    bench.expect(f"{name}: listed by its day in UTC", line[1:2] == [added[:10]], line)


def requires_wall(bench, zone, moment):
    """Whether the clocks of the zone are in force under this setting: else no zone was tried."""
    done = bench.run(ahead(moment), "+%Y-%m-%dT%H:%M:%S%z", zone=zone, program="date")
    bench.expect(f"control: {zone} at {moment.isoformat()}: what its clocks say", done.stdout and is_within(
        done.stdout.strip(), moment) and done.stdout[16:].strip()[3:] == moment.strftime("%z"), done.stdout)


def repeated_hour(bench):
    """The same time on the wall twice is an hour apart, and in the order of the index."""
    dates = []
    for fold in (0, 1):
        bench.ok("the hour that comes twice: add",
                 bench.add(ahead(instant("2026-10-25 02:15:00", "Europe/Berlin", fold)), zone="Europe/Berlin"))
        dates.append(bench.newest())
    (one, first), (other, second) = dates
    apart = (datetime.datetime.fromisoformat(second) - datetime.datetime.fromisoformat(first)).total_seconds()
    bench.expect("the hour that comes twice: an hour apart", other == one + 1 and abs(apart - 3600) <= PATIENCE, dates)
