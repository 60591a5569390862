internal import ArgumentParser
internal import CSystem
internal import Glibc

// Before anything else: a crash must print no memory, and no file may be readable by others.
// A closed standard stream would be given to the first file opened, and messages would be written into evidence.
let isHardened = csystem_ensure_standard_streams() == 0 && csystem_harden_process() == 0
csystem_watch_interrupts()
Startup.requireHardened(isHardened)
Startup.requireReadableArguments()

do {
  var command = try Evidence.parseAsRoot()
  try command.run()
  Startup.tellOfSwap()
} catch {
  Startup.finish(error)
}
