#ifndef GUARDIAN_CSANDBOX_H
#define GUARDIAN_CSANDBOX_H

#include <stddef.h>

// System calls that restrict a process and that Swift cannot call: they are variadic, or glibc has no function for them.

// What a process may do below a path.
enum {
    // Read files and list folders.
    gsb_read = 1,
    // Run programs and load libraries.
    gsb_execute = 2,
    // Write to files that are there.
    gsb_write = 4,
    // Make, replace and remove files and sockets.
    gsb_make = 8,
};

typedef struct {
    const char *path;
    int rights;
} gsb_rule;

// Returns the version of the kernel's Landlock, from 1 (Linux 5.13); 0 when there is none or it is switched off.
int gsb_landlock_version(void);

// Restricts the calling thread, and all threads and programs that it starts, to these paths for good. It can then listen on
// no TCP port but `port` (0: none), connect to none, signal no other process and reach no abstract socket of others, as far
// as the kernel can enforce that. A path that does not exist is skipped. Returns 0, or an error number; then nothing is
// restricted.
int gsb_restrict(const gsb_rule *rules, size_t count, int port);

// Gives up root's capabilities but that of opening files whatever their mode (Landlock limits which): with them, environment
// and memory map of every process can be read. Lets no program that this thread starts gain privileges. Returns 0, or an error
// number.
int gsb_renounce_privileges(void);

// Limits the process's private memory (bytes) and descriptors, and lets it leave no core file, which would hold pictures.
void gsb_limit(size_t memory, size_t descriptors);

// Calls `each` with the path of every library that this process has loaded.
void gsb_each_library(void (*each)(const char *path, void *context), void *context);

// Closes every descriptor from 3 on when the process starts a program, but not the one connected socket without a name: by
// its end our supervisor notices that we ended.
void gsb_close_on_exec(void);

#endif
