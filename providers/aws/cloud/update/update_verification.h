/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cloud verified before `update` changes it and after, and what became of each finding. Nothing that is found stops an
 * update: what CloudFormation is going to make cannot be verified before it is there.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_UPDATE_VERIFICATION_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_UPDATE_UPDATE_VERIFICATION_H

#include <jansson.h>

#include "base/error.h"
#include "providers/aws/cloud/consent.h"
#include "verify/verification.h"

struct update;

/* Verify the cloud as it is into update->before, without telling its findings. Fails as verify_run() does. */
int update_verify_before(struct update *update, struct error *err);

/* Lines of the consent: the verdict, and what does not hold or is not known. verified NULL: none. */
void update_verification_add(struct consent *lines, const struct verification *verified);

/* The same for programs; new reference, NULL when verified is. */
json_t *update_verification_document(const struct verification *verified);

/*
 * Verify it after the update, into the record as well, and tell what is mended, new and as before. The exit code is the
 * verdict's.
 */
int update_verify_after(struct update *update, struct error *err);

#endif
