/* SPDX-License-Identifier: Apache-2.0 */
/* Retry arithmetic. */
#include "providers/aws/client/retry.h"

#include "base/arena.h"

enum { BASE_TRANSIENT_MS = 50, BASE_THROTTLE_MS = 1000, AFTER_EXTRA_MS = 5000 };

struct retry_purse *retry_purse_of(struct retry_purse **purses, const struct aws_service *service,
	struct arena *arena)
{
	struct retry_purse *purse = *purses;

	while (purse && purse->service != service)
		purse = purse->next;
	if (purse)
		return purse;
	purse = NEW(arena, struct retry_purse);
	*purse = (struct retry_purse){*purses, service, RETRY_TOKENS};
	*purses = purse;
	return purse;
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

bool retry_pay(struct retry_purse *purse, enum fault_class class, int *cost)
{
	*cost = class == FAULT_THROTTLE ? RETRY_COST_THROTTLE : RETRY_COST_TRANSIENT;
	if (purse->tokens < *cost)
		return false;
	purse->tokens -= *cost;
	return true;
}

void retry_refund(struct retry_purse *purse, int cost)
{
	purse->tokens += cost > 0 ? cost : 1;
	if (purse->tokens > RETRY_TOKENS)
		purse->tokens = RETRY_TOKENS;
}
