/* SPDX-License-Identifier: Apache-2.0 */
/* When a failed attempt is repeated, and after how long: the SDKs' standard mode as of 2026. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLIENT_RETRY_H
#define CLOUDCTL_PROVIDERS_AWS_CLIENT_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "providers/aws/client/fault.h"
#include "providers/aws/client/operation.h"

struct arena;

enum {
	RETRY_ATTEMPTS = 3,        /* in all, the first included */
	RETRY_ATTEMPTS_LIMIT = 20, /* the most AWS_MAX_ATTEMPTS may ask for */
	RETRY_TOKENS = 500,
	RETRY_COST_TRANSIENT = 14,
	RETRY_COST_THROTTLE = 5,
	RETRY_CAP_MS = 20000,
};

/* A service's tokens for retries, shared by its calls (AWS SDKs and Tools Reference Guide, "Retry behavior"). */
struct retry_quota {
	struct retry_quota *next;
	const struct aws_service *service;
	int tokens;
};

/* The quota of a service in a list; a new one, full and in arena, joins the list when there is none. */
struct retry_quota *retry_quota_of(struct retry_quota **quotas, const struct aws_service *service,
	struct arena *arena);

/* Attempts in all for a class of failure. configured is AWS_MAX_ATTEMPTS or 0; it overrides a service's patience. */
int retry_attempts(const struct aws_service *service, enum fault_class class, int configured);

/*
 * Milliseconds before retry number `retry` (0 for the first): full jitter over 50 ms · 2^retry (transient) or
 * 1 s · 2^retry (throttling), at most 20 s. random is uniform over its type. after_ms is x-amz-retry-after,
 * or -1: it raises the delay, by at most 5 s.
 */
int64_t retry_delay_ms(enum fault_class class, int retry, uint32_t random, int64_t after_ms);

/* Take the tokens for a retry; *cost says how many. False when too few are left: the failure is final then. */
bool retry_acquire(struct retry_quota *quota, enum fault_class class, int *cost);

/* After a success: put back what the last retry cost, or 1 when there was none (cost 0). */
void retry_release(struct retry_quota *quota, int cost);

#endif
