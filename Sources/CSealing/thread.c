#define _GNU_SOURCE
#include "CSealing.h"
#include "wiping.h"

#include <openssl/crypto.h>
#include <pthread.h>
#include <sys/mman.h>

// Enough for ML-KEM in C and for Swift around it.
enum { stack_size = 1 << 20 };

typedef struct {
    void (*work)(void *);
    void *context;
} job;

static void *run(void *argument) {
    gse_wipe_freed_memory();
    job *item = argument;
    item->work(item->context);
    return NULL;
}

int gse_on_wiping_thread(void (*work)(void *), void *context) {
    void *stack = mmap(NULL, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack == MAP_FAILED) return -1;
    job item = {work, context};
    pthread_attr_t attributes;
    pthread_t thread;
    int failure = pthread_attr_init(&attributes);
    if (!failure) {
        failure = pthread_attr_setstack(&attributes, stack, stack_size);
        if (!failure) failure = pthread_create(&thread, &attributes, run, &item);
        pthread_attr_destroy(&attributes);
    }
    if (!failure) pthread_join(thread, NULL);
    // The kernel clears pages before it reuses them. Overwriting them here costs a microsecond, and they cannot be read
    // in between.
    OPENSSL_cleanse(stack, stack_size);
    munmap(stack, stack_size);
    return failure ? -1 : 0;
}
