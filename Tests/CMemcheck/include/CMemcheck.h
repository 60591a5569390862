#ifndef CMEMCHECK_H
#define CMEMCHECK_H

#include <stddef.h>

/* Requests to valgrind, for finding branches and addresses that depend on a secret: bytes marked as undefined may be
   copied and calculated with, but a decision on them is reported. Without valgrind's headers nothing watches. */

/* 1 when the program runs under valgrind. */
int memcheck_is_watching(void);

/* Where the program was loaded: what is to be subtracted from an address to find its place in the file. */
size_t memcheck_load_address(void);

/* Marks bytes as secret. */
void memcheck_mark_secret(const void *bytes, size_t count);

/* Marks bytes as public again. */
void memcheck_mark_public(const void *bytes, size_t count);

#endif
