#define _GNU_SOURCE
#include "CSystem.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif

int csystem_harden_process(void) {
  static const int fatal[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGQUIT, SIGSYS};
  for (size_t i = 0; i < sizeof fatal / sizeof *fatal; i++) signal(fatal[i], SIG_DFL);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  umask(077);
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
  /* The C library overwrites what is given back to it. Blocks of up to 1 KiB that a thread keeps for itself escape.
     The allocator of a sanitizer knows nothing of this, and says so. */
  if (mallopt(M_PERTURB, 0xff) != 1) return -EINVAL;
#endif
  struct rlimit none = {0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) return -errno;
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return -errno;
  return 0;
}

int csystem_open_beneath(int directory, const char *path, int flags, unsigned mode) {
  struct open_how how;
  memset(&how, 0, sizeof how);
  how.flags = (uint64_t)(flags | O_CLOEXEC | O_NOFOLLOW);
  how.mode = (flags & O_CREAT) ? mode : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  long descriptor = syscall(SYS_openat2, directory, path, &how, sizeof how);
  if (descriptor < 0 && (errno == ENOSYS || errno == EPERM) && strchr(path, '/') == NULL)
    descriptor = openat(directory, path, flags | O_CLOEXEC | O_NOFOLLOW, mode);
  return descriptor < 0 ? -errno : (int)descriptor;
}

/* Takes a name that nothing has, with an empty file or folder. */
static int claim(int directory, const char *path, int is_folder) {
  if (is_folder) return mkdirat(directory, path, 0700);
  int descriptor = openat(directory, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return -1;
  close(descriptor);
  return 0;
}

/* Removes a name that was taken for what then failed, and keeps the reason of that. */
static int give_back(int directory, const char *path, int is_folder) {
  int reason = errno;
  unlinkat(directory, path, is_folder ? AT_REMOVEDIR : 0);
  errno = reason;
  return -1;
}

/* Where the file system knows no RENAME_NOREPLACE, as over FUSE and NFS: a second name for a file, or, for folders and
   where files have one name alone, the name is taken first and then replaced. */
static int rename_unaided(int old_directory, const char *old_path, int new_directory, const char *new_path) {
  struct stat status;
  if (fstatat(old_directory, old_path, &status, AT_SYMLINK_NOFOLLOW) != 0) return -1;
  int is_folder = S_ISDIR(status.st_mode);
  if (!is_folder) {
    if (linkat(old_directory, old_path, new_directory, new_path, 0) == 0)
      return unlinkat(old_directory, old_path, 0) == 0 ? 0 : give_back(new_directory, new_path, 0);
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS && errno != EMLINK) return -1;
  }
  if (claim(new_directory, new_path, is_folder) != 0) return -1;
  if (renameat(old_directory, old_path, new_directory, new_path) == 0) return 0;
  return give_back(new_directory, new_path, is_folder);
}

int csystem_rename_new(int old_directory, const char *old_path, int new_directory, const char *new_path) {
  if (renameat2(old_directory, old_path, new_directory, new_path, RENAME_NOREPLACE) == 0) return 0;
  if ((errno == EINVAL || errno == ENOSYS) && rename_unaided(old_directory, old_path, new_directory, new_path) == 0)
    return 0;
  return -errno;
}

int csystem_start_flushing(int descriptor) {
  return sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE) == 0 ? 0 : -errno;
}

int csystem_sync_file_system(int descriptor) { return syncfs(descriptor) == 0 ? 0 : -errno; }

int csystem_widen_pipe(int descriptor, int byte_count) {
  return fcntl(descriptor, F_SETPIPE_SZ, byte_count) < 0 ? -errno : 0;
}

int csystem_ensure_standard_streams(void) {
  for (int stream = 0; stream < 3; stream++) {
    /* Nothing can be written to it: what was to be printed is lost, and that has to be told. */
    if (fcntl(stream, F_GETFD) == -1 && errno == EBADF && open("/dev/null", O_RDONLY) != stream) return -EBADF;
  }
  return 0;
}

/* Workers ask for it while the handler runs in another thread, for which sig_atomic_t is not made. */
static atomic_int interrupt = 0;
static_assert(ATOMIC_INT_LOCK_FREE == 2, "a signal handler must not take a lock");

static void remember_interrupt(int signal) { atomic_store_explicit(&interrupt, signal, memory_order_relaxed); }

void csystem_watch_interrupts(void) {
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = remember_interrupt;
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
    action.sa_flags = signals[i] == SIGHUP ? 0 : SA_RESETHAND;
    struct sigaction inherited;
    /* Whoever starts a command with nohup wants it to outlive the terminal. */
    if (signals[i] == SIGHUP && sigaction(SIGHUP, NULL, &inherited) == 0 && inherited.sa_handler == SIG_IGN) continue;
    sigaction(signals[i], &action, NULL);
  }
}

/* How many ask not to be told of it. */
static atomic_int holders = 0;

void csystem_hold_interrupts(void) { atomic_fetch_add_explicit(&holders, 1, memory_order_relaxed); }

void csystem_release_interrupts(void) { atomic_fetch_sub_explicit(&holders, 1, memory_order_relaxed); }

int csystem_interrupt(void) {
  if (atomic_load_explicit(&holders, memory_order_relaxed) > 0) return 0;
  return atomic_load_explicit(&interrupt, memory_order_relaxed);
}

void csystem_forget_interrupt(void) {
  signal(SIGHUP, SIG_IGN);
  atomic_store_explicit(&interrupt, 0, memory_order_relaxed);
}

static size_t rounded_up(size_t count, size_t unit) { return (count + unit - 1) / unit * unit; }

/* A descriptor of so many hidden bytes, or -1. */
static int hidden_file(size_t byte_count) {
  int descriptor = (int)syscall(SYS_memfd_secret, O_CLOEXEC);
  if (descriptor < 0 || ftruncate(descriptor, (off_t)byte_count) == 0) return descriptor;
  close(descriptor);
  return -1;
}

/* Any type may stand where the bytes begin: up to 15 bytes are between their end and the last page. */
void *csystem_map_secret(size_t byte_count) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE), inner = rounded_up(byte_count, page);
  int descriptor = hidden_file(inner);
  if (descriptor < 0) return NULL;
  char *base = mmap(NULL, inner + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED) {
    close(descriptor);
    return NULL;
  }
  char *start = base + page;
  int is_there = mmap(start, inner, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, descriptor, 0) != MAP_FAILED;
  close(descriptor);
  if (is_there && madvise(start, inner, MADV_DONTFORK) == 0) return start + inner - rounded_up(byte_count, 16);
  /* Where the hidden pages did not come, their reservation is gone, and may be another thread's by now. */
  if (is_there) munmap(start, inner);
  munmap(base, page);
  munmap(start + inner, page);
  return NULL;
}

void csystem_unmap_secret(void *address, size_t byte_count) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE), inner = rounded_up(byte_count, page);
  munmap((char *)address + rounded_up(byte_count, 16) - inner - page, inner + 2 * page);
}
