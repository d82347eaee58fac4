/* SPDX-License-Identifier: Apache-2.0 */
/* Address blocks as bytes and a prefix length; the addresses themselves are read by inet_pton(). */
#include "base/cidr.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/text.h"

static unsigned width(const struct cidr *block)
{
	return block->v6 ? 128 : 32;
}

/* The mask of byte number i under a prefix of bits. */
static unsigned char mask(unsigned i, unsigned bits)
{
	if (bits >= (i + 1) * 8)
		return 0xff;
	if (bits <= i * 8)
		return 0;
	return (unsigned char)(0xff << (8 - (bits - i * 8)));
}

/* "16": no sign, no leading zero, at most maximum. */
static bool parse_bits(const char *text, unsigned maximum, unsigned *bits)
{
	uint64_t value;

	if ((text[0] == '0' && text[1]) || !text_number(text, 0, maximum, &value))
		return false;
	*bits = (unsigned)value;
	return true;
}

bool cidr_parse(const char *text, struct cidr *block, bool *exact)
{
	struct cidr parsed = {.v6 = strchr(text, ':') != NULL};
	const char *slash = strchr(text, '/');
	size_t length = slash ? (size_t)(slash - text) : strlen(text);
	char address[INET6_ADDRSTRLEN] = "";
	bool host_bits = false;

	if (length >= sizeof(address))
		return false;
	memcpy(address, text, length);
	if (inet_pton(parsed.v6 ? AF_INET6 : AF_INET, address, parsed.bytes) != 1)
		return false;
	parsed.bits = width(&parsed);
	if (slash && !parse_bits(slash + 1, width(&parsed), &parsed.bits))
		return false;
	for (unsigned i = 0; i < sizeof(parsed.bytes); i++) {
		unsigned char network = parsed.bytes[i] & mask(i, parsed.bits);

		host_bits |= network != parsed.bytes[i];
		parsed.bytes[i] = network;
	}
	if (exact)
		*exact = !host_bits;
	*block = parsed;
	return true;
}

bool cidr_holds(const struct cidr *outer, const struct cidr *inner)
{
	if (outer->v6 != inner->v6 || outer->bits > inner->bits)
		return false;
	for (unsigned i = 0; i < sizeof(outer->bytes); i++) {
		if ((inner->bytes[i] & mask(i, outer->bits)) != outer->bytes[i])
			return false;
	}
	return true;
}

bool cidr_overlaps(const struct cidr *a, const struct cidr *b)
{
	return cidr_holds(a, b) || cidr_holds(b, a);
}

/* A block that others lie in is halved: depth is bounded by the bits of an address, breadth by the number of others. */
bool cidr_covered(const struct cidr *block, const struct cidr *others, size_t count)
{
	struct cidr low = *block, high = *block;
	bool cut = false;

	for (size_t i = 0; i < count; i++) {
		if (cidr_holds(&others[i], block))
			return true;
		cut = cut || cidr_holds(block, &others[i]);
	}
	if (!cut)
		return false;
	low.bits = high.bits = block->bits + 1;
	high.bytes[block->bits / 8] |= (unsigned char)(0x80u >> (block->bits % 8));
	return cidr_covered(&low, others, count) && cidr_covered(&high, others, count);
}

uint64_t cidr_size(const struct cidr *block)
{
	unsigned host_bits = width(block) - block->bits;

	return host_bits >= 64 ? UINT64_MAX : (uint64_t)1 << host_bits;
}
