/* A certificate as a JSON document, sealed by a digest and, if one likes, signed. */
#ifndef ZQ_APP_CERTIFICATE_FILE_H
#define ZQ_APP_CERTIFICATE_FILE_H

#include "run/certificate.h"

enum { ZQ_CERTIFICATE_VERSION = 1 };

/* Who signed a certificate: an Ed25519 public key in hexadecimal; "" for nobody. */
enum { ZQ_PUBLIC_KEY_HEX = 65 };

/* Whether zq_certificate_file_write can do its work, before a database is read for hours: the key
 * is there, and a file can be written beside `path`. Fails as that does. */
zq_rc zq_certificate_file_try(const char *path, const char *sign, zq_err *err);

/* Write it to the file `path`, whole or not at all; a file that is there is replaced. `sign` (may
 * be NULL) is a file with the 64 hexadecimal digits of an Ed25519 seed; `out_signer` gets the
 * public key that belongs to it. Fails with ZQ_E_NOINPUT for a key that cannot be read, ZQ_E_CONFIG
 * for one that is not a key or that others may read, ZQ_E_IO when the file cannot be written. */
zq_rc zq_certificate_file_write(const zq_certificate *certificate, const char *path,
                                const char *sign, char out_signer[ZQ_PUBLIC_KEY_HEX], zq_err *err);

/* Read one. With `key` (may be NULL), a public key in hexadecimal or a file that holds it, it must
 * be signed by that one. Fails with ZQ_E_NOINPUT for a file that cannot be read, and with ZQ_E_DATA
 * for one that is not a certificate, is damaged, has a wrong signature or none where one is wanted,
 * or is of a newer version. In `arena`. */
zq_rc zq_certificate_file_read(const char *path, const char *key, zq_arena *arena,
                               zq_certificate *out, char out_signer[ZQ_PUBLIC_KEY_HEX],
                               zq_err *err);

#endif
