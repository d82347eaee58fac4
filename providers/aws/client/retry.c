/* SPDX-License-Identifier: Apache-2.0 */
/* Retry arithmetic. */
#include "providers/aws/client/retry.h"

#include "base/arena.h"

enum { BASE_TRANSIENT_MS = 50, BASE_THROTTLE_MS = 1000, AFTER_EXTRA_MS = 5000 };

struct retry_quota *retry_quota_of(struct retry_quota **quotas, const struct aws_service *service,
	struct arena *arena)
{
	struct retry_quota *quota = *quotas;

	while (quota && quota->service != service)
		quota = quota->next;
	if (quota)
		return quota;
	quota = NEW(arena, struct retry_quota);
	*quota = (struct retry_quota){*quotas, service, RETRY_TOKENS};
	*quotas = quota;
	return quota;
}

int retry_attempts(const struct aws_service *service, enum fault_class class, int configured)
{
	if (configured > 0)
		return configured;
	if (class == FAULT_THROTTLE && service->throttle_attempts > 0)
		return service->throttle_attempts;
	return RETRY_ATTEMPTS;
}

int64_t retry_delay_ms(enum fault_class class, int retry, uint32_t random, int64_t after_ms)
{
	int64_t ceiling = class == FAULT_THROTTLE ? BASE_THROTTLE_MS : BASE_TRANSIENT_MS, delay;

	while (retry-- > 0 && ceiling < RETRY_CAP_MS)
		ceiling *= 2;
	if (ceiling > RETRY_CAP_MS)
		ceiling = RETRY_CAP_MS;
	delay = (int64_t)random * ceiling / UINT32_MAX;
	if (after_ms <= delay)
		return delay;
	return after_ms < delay + AFTER_EXTRA_MS ? after_ms : delay + AFTER_EXTRA_MS;
}

bool retry_acquire(struct retry_quota *quota, enum fault_class class, int *cost)
{
	*cost = class == FAULT_THROTTLE ? RETRY_COST_THROTTLE : RETRY_COST_TRANSIENT;
	if (quota->tokens < *cost)
		return false;
	quota->tokens -= *cost;
	return true;
}

void retry_release(struct retry_quota *quota, int cost)
{
	quota->tokens += cost > 0 ? cost : 1;
	if (quota->tokens > RETRY_TOKENS)
		quota->tokens = RETRY_TOKENS;
}
