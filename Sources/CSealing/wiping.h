#ifndef GUARDIAN_WIPING_H
#define GUARDIAN_WIPING_H

// From now on all memory that this thread frees is overwritten first, until it ends.
void gse_wipe_what_is_freed(void);

#endif
