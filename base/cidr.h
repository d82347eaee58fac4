/* SPDX-License-Identifier: Apache-2.0 */
/* IPv4 and IPv6 blocks in CIDR notation (RFC 4632, RFC 4291). Pure. */
#ifndef CLOUDCTL_BASE_CIDR_H
#define CLOUDCTL_BASE_CIDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cidr {
	bool v6;
	unsigned char bytes[16]; /* network byte order; IPv4 uses the first four; host bits are zero */
	unsigned bits;           /* prefix length: 0–32 or 0–128 */
};

/*
 * Parse "10.0.0.0/16", "fd00::/8" or an address. Host bits are cleared; *exact, unless NULL, says if there were none.
 * False leaves *block untouched.
 */
bool cidr_parse(const char *text, struct cidr *block, bool *exact);

/* Does outer hold all of inner? Blocks of different families never do. */
bool cidr_holds(const struct cidr *outer, const struct cidr *inner);
bool cidr_overlaps(const struct cidr *a, const struct cidr *b);

/* Do the others, however they lie, together hold all of the block? */
bool cidr_covered(const struct cidr *block, const struct cidr *others, size_t count);

/* Number of addresses, saturating at UINT64_MAX for large IPv6 blocks. */
uint64_t cidr_size(const struct cidr *block);

#endif
