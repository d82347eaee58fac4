/* SPDX-License-Identifier: Apache-2.0 */
/* What a cloud costs, about: list prices of one region, a row each with the month in which it was confirmed. Pure. */
#ifndef CLOUDCTL_PROVIDERS_AWS_CLOUD_PRICES_H
#define CLOUDCTL_PROVIDERS_AWS_CLOUD_PRICES_H

#include <stdbool.h>
#include <stddef.h>

/* The region of the prices; in others they differ, and are up to twice as high. The oldest month of those confirmed. */
#define PRICES_REGION "us-east-1"
#define PRICES_AS_OF "2026-02"

enum { HOURS_A_MONTH = 730 };

enum price_unit {
	PRICE_HOUR,      /* while it is there, used or not */
	PRICE_GB_MONTH,  /* of what is stored */
	PRICE_NODE_HOUR, /* while a node of a cluster runs */
	PRICE_GB,        /* of what passes through */
};

struct price {
	const char *item;
	unsigned part; /* enum stack_part: which part of the stack brings it; of PART_NAT, each gateway */
	enum price_unit unit;
	unsigned count;     /* of them in one cloud */
	double dollars;     /* for one, by the unit */
	const char *source; /* where AWS says it */
	const char *as_of; /* "2026-02": the month in which it was found as it is here; NULL: not confirmed */
	bool of_public_node; /* only where nodes have public addresses */
};

extern const struct price prices[];
extern const size_t price_count;

/* "hour", "GB-month", "node-hour", "GB", and NULL. */
extern const char *const price_unit_names[];

#endif
