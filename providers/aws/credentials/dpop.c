/* SPDX-License-Identifier: Apache-2.0 */
/* JSON Web Tokens over OpenSSL's ECDSA: header.payload.signature, each in base64url without padding. */
#include "providers/aws/credentials/dpop.h"

#include <jansson.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/text.h"

enum { COORDINATE = 32, SIGNATURE = 2 * COORDINATE, DER_MAX = 128, TOKEN_MAX = 8192 };

static const char *base64url(struct arena *arena, const void *bytes, size_t length)
{
	struct str out = {.arena = arena, .max = (length + 2) / 3 * 4 + 1};

	str_put_base64(&out, bytes, length);
	for (char *c = out.data; c && *c; c++)
		*c = *c == '+' ? '-' : *c == '/' ? '_' : *c == '=' ? '\0' : *c;
	return str_text(&out);
}

static EVP_PKEY *read_key(const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	/* An empty password instead of a prompt where the key is encrypted. */
	EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)(uintptr_t) "") : NULL;
	char group[32] = "";

	BIO_free(bio);
	if (key && EVP_PKEY_get_group_name(key, group, sizeof(group), NULL) &&
		(text_equal(group, "prime256v1") || text_equal(group, "P-256")))
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

/* A coordinate of the public key, in base64url; NULL when OpenSSL cannot say. */
static const char *coordinate(struct arena *arena, const EVP_PKEY *key, const char *name)
{
	unsigned char bytes[COORDINATE];
	BIGNUM *number = NULL;
	bool good = EVP_PKEY_get_bn_param(key, name, &number) &&
		BN_bn2binpad(number, bytes, sizeof(bytes)) == sizeof(bytes);

	BN_free(number);
	return good ? base64url(arena, bytes, sizeof(bytes)) : NULL;
}

/* An object as a part of the token; its reference is taken over. NULL for NULL. */
static const char *part(struct arena *arena, json_t *object)
{
	char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
	const char *coded = text ? base64url(arena, text, strlen(text)) : NULL;

	free(text);
	json_decref(object);
	return coded;
}

static const char *header_part(struct arena *arena, const EVP_PKEY *key)
{
	const char *x = coordinate(arena, key, OSSL_PKEY_PARAM_EC_PUB_X);
	const char *y = coordinate(arena, key, OSSL_PKEY_PARAM_EC_PUB_Y);

	if (!x || !y)
		return NULL;
	return part(arena,
		json_pack("{s:s, s:s, s:{s:s, s:s, s:s, s:s}}", "typ", "dpop+jwt", "alg", "ES256", "jwk",
			"kty", "EC", "crv", "P-256", "x", x, "y", y));
}

/* r and s, each padded to its full length (RFC 7518, 3.4), from OpenSSL's DER. */
static bool flat_signature(const unsigned char *der, size_t length, unsigned char flat[SIGNATURE])
{
	const unsigned char *at = der;
	ECDSA_SIG *both = d2i_ECDSA_SIG(NULL, &at, (long)length);
	bool good = both && BN_bn2binpad(ECDSA_SIG_get0_r(both), flat, COORDINATE) == COORDINATE &&
		BN_bn2binpad(ECDSA_SIG_get0_s(both), flat + COORDINATE, COORDINATE) == COORDINATE;

	ECDSA_SIG_free(both);
	return good;
}

static const char *signature_part(struct arena *arena, EVP_PKEY *key, const char *text)
{
	unsigned char der[DER_MAX], flat[SIGNATURE];
	size_t length = sizeof(der);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) > 0 &&
		EVP_DigestSign(context, der, &length, (const unsigned char *)text, strlen(text)) > 0 &&
		flat_signature(der, length, flat);

	EVP_MD_CTX_free(context);
	return good ? base64url(arena, flat, sizeof(flat)) : NULL;
}

static const char *sign(struct arena *arena, EVP_PKEY *key, const char *url, int64_t now_s, const char *id)
{
	struct str token = {.arena = arena, .max = TOKEN_MAX};
	const char *header = header_part(arena, key);
	const char *payload = part(arena,
		json_pack("{s:s, s:s, s:I, s:s}", "htm", "POST", "htu", url, "iat", (json_int_t)now_s, "jti",
			id));
	const char *signature;

	if (!header || !payload)
		return NULL;
	str_printf(&token, "%s.%s", header, payload);
	signature = signature_part(arena, key, str_text(&token));
	if (!signature)
		return NULL;
	str_printf(&token, ".%s", signature);
	return token.overflow ? NULL : str_text(&token);
}

const char *dpop_proof(struct arena *arena, const char *key, const char *url, int64_t now_s, const char *id,
	struct error *err)
{
	EVP_PKEY *private = read_key(key);
	const char *token = private ? sign(arena, private, url, now_s, id) : NULL;

	EVP_PKEY_free(private);
	if (!token)
		error_set(err, ERROR_CREDENTIALS, "the key of the session is not a P-256 private key");
	return token;
}
