internal import ArgumentParser
internal import CSystem
internal import Glibc

// Before anything else: a crash must print no memory, and no file may be readable by others.
let isHardened = csystem_harden_process() == 0
csystem_watch_interrupts()
Startup.requireHardened(isHardened)
Startup.requireReadableArguments()

do {
  var command = try Evidence.parseAsRoot()
  try command.run()
} catch {
  Startup.finish(error)
}
