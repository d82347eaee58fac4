/* SPDX-License-Identifier: Apache-2.0 */
/* The user's credentials through a session: found at the first call, renewed in time or when AWS says so. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CREDENTIALS_CREDENTIALS_REFRESH_H
#define CLOUDCTL_PROVIDERS_AWS_CREDENTIALS_CREDENTIALS_REFRESH_H

#include <stdbool.h>

struct aws;
struct credentials_provider;

/*
 * A provider for the session of aws, whose region and endpoints the sources ask. They are looked for 15 minutes before
 * they end, or when three quarters of a shorter life are over; where that fails, those in force are used to their end.
 * The first failure to find any is final. Belongs to the session's arena, which wipes the keys.
 */
struct credentials_provider *credentials_refreshable(struct aws *aws, bool profile_explicit);

#endif
