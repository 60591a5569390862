#ifndef CSYSTEM_H
#define CSYSTEM_H

#include <stddef.h>
#include <stdint.h>

/* The few Linux calls that Swift cannot reach: variadic ones, and ones its C library overlay leaves out.
   Functions that return an int return 0 (or a descriptor) on success and a negative errno value on failure. */

/* Fatal signals to their defaults (the Swift runtime's crash reporter prints memory), SIGPIPE and SIGXFSZ ignored,
   no core file, not dumpable, umask 077, freed memory overwritten. Called first in main. */
int csystem_harden_process(void);

/* openat2(2) with RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS: no way out of the directory. Falls back to openat(2) with
   O_NOFOLLOW on kernels without openat2, for which the path must be a single component. */
int csystem_open_beneath(int directory, const char *path, int flags, unsigned mode);

/* renameat2(2) with RENAME_NOREPLACE; where the file system knows none, linkat(2) and unlinkat(2), or an empty file or
   folder that takes the new name and is replaced by renameat(2). Nothing is ever replaced but what this call made. */
int csystem_rename_new(int old_directory, const char *old_path, int new_directory, const char *new_path);

/* Lets a pipe hold as many bytes, for fewer switches between its ends. -EBADF for whatever is no pipe, -EPERM beyond
   what the system allows (1 MiB for an ordinary user). */
int csystem_widen_pipe(int descriptor, int byte_count);

/* sync_file_range(2): the disk begins to write what is waiting of a file, and nobody waits for it. */
int csystem_start_flushing(int descriptor);

/* syncfs(2): waits until all that was written to the file system of the descriptor is on disk. */
int csystem_sync_file_system(int descriptor);

/* Opens /dev/null for reading in the place of each of the standard streams 0, 1 and 2 that is closed. */
int csystem_ensure_standard_streams(void);

/* Makes SIGINT, SIGTERM and SIGHUP set a flag, so that work in progress ends in order.
   A second one ends the process, but for SIGHUP: a terminal that is closed can send it twice, to nobody's purpose. */
void csystem_watch_interrupts(void);

/* The signal that came, or 0; 0 also as long as it is held. */
int csystem_interrupt(void);

/* No signal is told of until it is released as often. */
void csystem_hold_interrupts(void);
void csystem_release_interrupts(void);

/* Goes on as if none had come, to keep what would be lost. SIGHUP does nothing from then on; another SIGINT or SIGTERM
   of the kind that came ends the process. */
void csystem_forget_interrupt(void);

/* memfd_secret(2): zero bytes that end before a page that nobody may touch, as another does that is before them. The
   kernel takes their pages out of its own map: no other process reads them from outside, root's neither, and no core
   file or swap has them. No child process inherits them. NULL where the kernel has none (Linux before 5.14; before 6.5
   unless it was started with secretmem.enable=1) or where the process may lock no more memory (RLIMIT_MEMLOCK). */
void *csystem_map_secret(size_t byte_count);

/* Gives them back. */
void csystem_unmap_secret(void *address, size_t byte_count);

#endif
