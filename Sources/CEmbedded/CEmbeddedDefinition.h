#include "CEmbedded.h"

/* #embed is C23; the compiler takes it in older C as well, and warns. */
#pragma clang diagnostic ignored "-Wc23-extensions"

/* Around the #embed of a file. */
#define BEGIN(name) static const uint8_t name[] = {
#define END(name) }; const struct embedded_file embedded_##name = {name, sizeof name};
