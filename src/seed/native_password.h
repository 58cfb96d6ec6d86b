/* What a server stores of a password, so that the password itself need not be sent. */
#ifndef ZQ_SEED_NATIVE_PASSWORD_H
#define ZQ_SEED_NATIVE_PASSWORD_H

/* What mysql_native_password stores of a password: "*" and 40 hexadecimal digits. */
enum { ZQ_NATIVE_HASH = 42 };
void zq_native_hash(const char *password, char out_hash[ZQ_NATIVE_HASH]);

/* What MariaDB's ed25519 stores: the public key that belongs to the password, 32 bytes in base64
 * without the '=' at its end. */
enum { ZQ_ED25519_HASH = 44 };
void zq_ed25519_hash(const char *password, char out_hash[ZQ_ED25519_HASH]);

#endif
