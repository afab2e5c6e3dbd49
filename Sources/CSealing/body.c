#include "CSealing.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <string.h>

struct gse_body {
    EVP_CIPHER_CTX *cipher;
    uint8_t nonce_prefix[gse_prefix_size];
};

// HKDF (RFC 5869). OpenSSL wipes its intermediate values.
static int derive(const uint8_t *clip_key, const uint8_t *salt, const uint8_t *bind, uint8_t *key) {
    EVP_KDF *hkdf = EVP_KDF_fetch(NULL, OSSL_KDF_NAME_HKDF, NULL);
    EVP_KDF_CTX *context = hkdf ? EVP_KDF_CTX_new(hkdf) : NULL;
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)"SHA256", 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)clip_key, gse_key_size),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)salt, gse_salt_size),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)bind, gse_bind_size),
        OSSL_PARAM_construct_end(),
    };
    int done = context && EVP_KDF_derive(context, key, gse_key_size, parameters) == 1;
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(hkdf);
    return done;
}

gse_body *gse_body_new(
    const uint8_t *clip_key, const uint8_t *salt, const uint8_t *bind, const uint8_t *nonce_prefix) {
    gse_body *body = OPENSSL_zalloc(sizeof *body);
    if (!body) return NULL;
    memcpy(body->nonce_prefix, nonce_prefix, gse_prefix_size);
    body->cipher = EVP_CIPHER_CTX_new();
    uint8_t key[gse_key_size];
    int done = body->cipher && derive(clip_key, salt, bind, key)
        && EVP_EncryptInit_ex2(body->cipher, EVP_aes_256_gcm(), key, NULL, NULL) == 1;
    OPENSSL_cleanse(key, sizeof key);
    if (done) return body;
    gse_body_free(body);
    return NULL;
}

int gse_body_seal(
    gse_body *body, uint32_t segment, int is_last, const uint8_t *plaintext, size_t count, uint8_t *sealed) {
    // Nonce: 7 bytes of the file, the segment's number big endian, and whether it is the last (Tink's streaming AEAD).
    uint8_t nonce[12];
    memcpy(nonce, body->nonce_prefix, gse_prefix_size);
    for (int index = 0; index < 4; index++) nonce[gse_prefix_size + index] = (uint8_t)(segment >> (24 - 8 * index));
    nonce[11] = is_last ? 1 : 0;
    int written = 0, rest = 0;
    // Without a key argument the cipher keeps its key and the key schedule.
    if (EVP_EncryptInit_ex2(body->cipher, NULL, NULL, nonce, NULL) != 1) return 0;
    if (count > 0 && EVP_EncryptUpdate(body->cipher, sealed, &written, plaintext, (int)count) != 1) return 0;
    if (EVP_EncryptFinal_ex(body->cipher, sealed + written, &rest) != 1) return 0;
    return (size_t)(written + rest) == count
        && EVP_CIPHER_CTX_ctrl(body->cipher, EVP_CTRL_AEAD_GET_TAG, gse_tag_size, sealed + count) == 1;
}

void gse_body_free(gse_body *body) {
    if (!body) return;
    EVP_CIPHER_CTX_free(body->cipher);
    OPENSSL_clear_free(body, sizeof *body);
}
