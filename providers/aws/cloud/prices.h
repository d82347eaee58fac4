/* SPDX-License-Identifier: Apache-2.0 */
/* What a cloud costs, about: list prices of one region as of a month, a row each. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_PRICES_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_PRICES_H

#include <stddef.h>

/* The region and the month of the prices. Others differ, some are twice as high. */
#define PRICES_REGION "us-east-1"
#define PRICES_AS_OF "2026-06"

enum { HOURS_A_MONTH = 730 };

enum price_unit {
	PRICE_HOUR,      /* while it is there, used or not */
	PRICE_GB_MONTH,  /* of what is stored */
	PRICE_NODE_HOUR, /* while a node of a cluster runs */
};

struct price {
	const char *item;
	unsigned part; /* enum stack_part: which part of the stack brings it */
	enum price_unit unit;
	unsigned count; /* of them in one cloud */
	double dollars; /* for one, by the unit */
	const char *source;
};

extern const struct price prices[];
extern const size_t price_count;

/* "hour", "GB-month", "node-hour", and NULL. */
extern const char *const price_unit_names[];

/* What the stack of these parts costs by the unit, all counted once; for hours times 730 it is a month's. */
double prices_sum(unsigned parts, enum price_unit unit);

#endif
