#define _GNU_SOURCE
#include "wiping.h"

#include <malloc.h>
#include <string.h>

static _Thread_local int wipes;

void gse_wipe_what_is_freed(void) { wipes = 1; }

#if defined(__GLIBC__)

// swift-crypto frees what held keys as it is: HPKE's cipher, HKDF's blocks. Nothing but `free` itself sees all of them.
// The C library's own does the work behind it; for every other thread this costs a look at a variable.
void __libc_free(void *memory);
void *__libc_realloc(void *memory, size_t count);

void free(void *memory) {
    if (wipes && memory) explicit_bzero(memory, malloc_usable_size(memory));
    __libc_free(memory);
}

void *realloc(void *memory, size_t count) {
    if (!wipes || !memory || count == 0) return __libc_realloc(memory, count);
    size_t before = malloc_usable_size(memory);
    void *moved = malloc(count);
    if (!moved) return NULL;
    memcpy(moved, memory, before < count ? before : count);
    free(memory);
    return moved;
}

#endif
