#define _GNU_SOURCE
#include "CMemcheck.h"

#include <link.h>

static int take_first(struct dl_phdr_info *info, size_t size, void *address) {
  (void)size;
  *(size_t *)address = info->dlpi_addr;
  return 1;
}

size_t memcheck_load_address(void) {
  size_t address = 0;
  dl_iterate_phdr(take_first, &address);
  return address;
}

#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>

int memcheck_is_watching(void) { return RUNNING_ON_VALGRIND != 0; }

void memcheck_mark_secret(const void *bytes, size_t count) { (void)VALGRIND_MAKE_MEM_UNDEFINED(bytes, count); }

void memcheck_mark_public(const void *bytes, size_t count) { (void)VALGRIND_MAKE_MEM_DEFINED(bytes, count); }

#else

int memcheck_is_watching(void) { return 0; }

void memcheck_mark_secret(const void *bytes, size_t count) {}

void memcheck_mark_public(const void *bytes, size_t count) {}

#endif
