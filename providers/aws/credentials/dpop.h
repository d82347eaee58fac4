/* SPDX-License-Identifier: Apache-2.0 */
/* Proof of possession (RFC 9449): a refresh token of `aws login` needs a signature by the key made with it. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CREDENTIALS_DPOP_H
#define CLOUDCTL_PROVIDERS_AWS_CREDENTIALS_DPOP_H

#include <stdint.h>

#include "base/error.h"

struct arena;

/*
 * The value of a DPoP header for one POST to url: a JSON Web Token signed with ES256. key is a P-256 private key as
 * PEM, with or without a line break at its end; id names this proof and no other. In arena. NULL with
 * ERROR_CREDENTIALS when the key is of another kind.
 */
const char *dpop_proof(struct arena *arena, const char *key, const char *url, int64_t now_s, const char *id,
	struct error *err);

#endif
