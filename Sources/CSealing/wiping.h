#ifndef GUARDIAN_WIPING_H
#define GUARDIAN_WIPING_H

// From this call until the thread ends, overwrites all memory that this thread frees.
void gse_wipe_freed_memory(void);

#endif
