#define _GNU_SOURCE
#include "wiping.h"

#include <malloc.h>
#include <string.h>

static _Thread_local int wipes_freed_memory;

void gse_wipe_freed_memory(void) { wipes_freed_memory = 1; }

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
// Sanitizers replace `free` themselves, and know nothing of blocks that the C library's own frees.
#define SANITIZER_FREES
#endif
#endif

#if defined(__GLIBC__) && !defined(SANITIZER_FREES)

// swift-crypto frees memory that held keys without wiping it: HPKE's cipher, HKDF's blocks. Only `free` sees all of
// these blocks, so it is replaced here, and calls the C library's own. Other threads pay for one check of a variable.
void __libc_free(void *memory);
void *__libc_realloc(void *memory, size_t count);

void free(void *memory) {
    if (wipes_freed_memory && memory) explicit_bzero(memory, malloc_usable_size(memory));
    __libc_free(memory);
}

void *realloc(void *memory, size_t count) {
    if (!wipes_freed_memory || !memory || count == 0) return __libc_realloc(memory, count);
    size_t before = malloc_usable_size(memory);
    void *moved = malloc(count);
    if (!moved) return NULL;
    memcpy(moved, memory, before < count ? before : count);
    free(memory);
    return moved;
}

#endif
