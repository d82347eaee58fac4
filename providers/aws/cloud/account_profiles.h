/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which profiles of the user's AWS configuration are of an account, so that an error or a finding about another account can
 * name them. No call is made. accounts is an object {PROFILE: ACCOUNT}.
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_ACCOUNT_PROFILES_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_ACCOUNT_PROFILES_H

#include <jansson.h>

struct arena;
struct facts;
struct world;

/*
 * What to do to ask in an account: "choose one with --profile: prod, staging", names quoted for a shell; or, when no profile
 * says that it is of the account, that one is to be chosen. In arena.
 */
const char *account_profiles_advice(struct arena *arena, const json_t *accounts, const char *account);

/* Note the profiles in a directory of verify (struct provider). Files that cannot be read have none. */
void account_profiles_note(json_t *directory, struct world *world);

/* Learn FACT_PROFILES from a directory: accounts, of those of the cloud's account; absent when there are none. */
void account_profiles_know(struct facts *facts, const json_t *directory);

#endif
