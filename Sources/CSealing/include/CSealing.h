#ifndef GUARDIAN_CSEALING_H
#define GUARDIAN_CSEALING_H

#include <stddef.h>
#include <stdint.h>

// Two guarantees about keys that Swift cannot give: a cipher whose key schedule is in one known place in memory and is
// wiped with it (OpenSSL's; swift-crypto's AES.GCM frees the schedule without wiping it), and a thread that wipes its
// memory.

enum { gse_key_size = 32, gse_salt_size = 32, gse_bind_size = 32, gse_prefix_size = 7, gse_tag_size = 16 };

typedef struct gse_body gse_body;

// Creates the cipher of one body: AES-256-GCM under HKDF-SHA256(clip key, salt, info = bind). Returns NULL when OpenSSL
// fails. The derived key is in the cipher alone when this returns; the caller wipes the clip key.
gse_body *gse_body_new(const uint8_t *clip_key, const uint8_t *salt, const uint8_t *bind, const uint8_t *nonce_prefix);
// Seals `count` bytes as this segment; `sealed` must have room for gse_tag_size more. Returns 0 when OpenSSL fails,
// else 1.
int gse_body_seal(
    gse_body *body, uint32_t segment, int is_last, const uint8_t *plaintext, size_t count, uint8_t *sealed);
// Wipes the key and its schedule.
void gse_body_free(gse_body *body);

// Runs `work` on a thread with a stack of its own and waits for it. Memory that the thread frees is overwritten first
// (with glibc), its stack afterwards. Returns -1 when there is no memory or no thread for it; then `work` did not run.
int gse_on_wiping_thread(void (*work)(void *), void *context);

#endif
