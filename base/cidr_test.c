/* SPDX-License-Identifier: Apache-2.0 */
/* Address blocks. */
#include "base/test.h"

#include "base/cidr.h"

static struct cidr block(const char *text)
{
	struct cidr parsed;

	assert_true(cidr_parse(text, &parsed, NULL));
	return parsed;
}

static void parsing(void **state)
{
	static const struct {
		const char *text;
		unsigned bits;
		bool exact;
		uint64_t size;
	} rows[] = {
		{"10.0.0.0/16", 16, true, 65536},
		{"10.0.0.1/16", 16, false, 65536},
		{"10.0.0.1", 32, true, 1},
		{"0.0.0.0/0", 0, true, (uint64_t)1 << 32},
		{"1.2.3.4/0", 0, false, (uint64_t)1 << 32},
		{"255.255.255.255/32", 32, true, 1},
		{"10.0.0.0/20", 20, true, 4096},
		{"fd00::/8", 8, true, UINT64_MAX},
		{"::/0", 0, true, UINT64_MAX},
		{"2001:db8::/64", 64, true, UINT64_MAX},
		{"2001:db8::/65", 65, true, (uint64_t)1 << 63},
		{"2001:db8::1", 128, true, 1},
		{"2001:db8::1/127", 127, false, 2},
		{"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128", 128, true, 1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct cidr parsed;
		bool exact = !rows[i].exact;

		assert_true(cidr_parse(rows[i].text, &parsed, &exact));
		assert_int_equal(parsed.bits, rows[i].bits);
		assert_int_equal(exact, rows[i].exact);
		assert_true(cidr_size(&parsed) == rows[i].size);
	}
}

static void refusing(void **state)
{
	static const char *const rows[] = {"", "/", "/16", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1",
		"10.0.0.0/+1", "10.0.0.0/016", "10.0.0.0/00", "10.0.0/16", "10.0.0.0.0/16", "10.0.0.256/16",
		"010.0.0.1/8", "10.0.0.0 /16", " 10.0.0.0/16", "10.0.0.0/16 ", "10.0.0.0/16/8", "fd00::/129",
		"fd00:::/8", "g::/8", "fe80::1%eth0/64", "0.0.0.0/4294967296", "a:b", "ten",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc/8"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct cidr untouched = {.bits = 99};

		assert_false(cidr_parse(rows[i], &untouched, NULL));
		assert_int_equal(untouched.bits, 99);
	}
}

static void holding_and_overlapping(void **state)
{
	static const struct {
		const char *outer, *inner;
		bool holds, overlaps;
	} rows[] = {
		{"10.0.0.0/16", "10.0.1.0/24", true, true},
		{"10.0.1.0/24", "10.0.0.0/16", false, true},
		{"10.0.0.0/16", "10.0.0.0/16", true, true},
		{"10.0.0.0/16", "10.1.0.0/24", false, false},
		{"0.0.0.0/0", "255.255.255.255", true, true},
		{"0.0.0.0/0", "::1", false, false},
		{"::/0", "0.0.0.0", false, false},
		{"10.0.0.0/17", "10.0.128.0/17", false, false},
		{"10.0.0.0/9", "10.127.255.255/32", true, true},
		{"10.0.0.0/9", "10.128.0.0/32", false, false},
		{"fd00::/8", "fdff::/16", true, true},
		{"fd00::/9", "fd80::/9", false, false},
		{"2001:db8::/33", "2001:db8:7fff::1", true, true},
		{"2001:db8::/33", "2001:db8:8000::1", false, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct cidr outer = block(rows[i].outer);
		struct cidr inner = block(rows[i].inner);

		assert_int_equal(cidr_holds(&outer, &inner), rows[i].holds);
		assert_int_equal(cidr_overlaps(&outer, &inner), rows[i].overlaps);
		assert_int_equal(cidr_overlaps(&inner, &outer), rows[i].overlaps);
	}
}

static void covering(void **state)
{
	static const struct {
		const char *block, *others[4];
		bool covered;
	} rows[] = {
		{"10.0.0.0/16", {NULL}, false},
		{"10.0.0.0/16", {"10.0.0.0/16"}, true},
		{"10.0.0.0/16", {"10.0.0.0/8"}, true},
		{"10.0.0.0/16", {"10.0.0.0/17", "10.0.128.0/17"}, true},
		{"10.0.0.0/16", {"10.0.0.0/17", "10.0.128.0/18", "10.0.192.0/18"}, true},
		{"10.0.0.0/16", {"10.0.0.0/17", "10.0.128.0/18"}, false},
		{"10.0.0.0/16", {"10.0.0.0/17", "10.0.128.1/32"}, false},
		{"10.0.0.0/31", {"10.0.0.0", "10.0.0.1"}, true},
		{"0.0.0.0/0", {"0.0.0.0/1", "128.0.0.0/1"}, true},
		{"0.0.0.0/0", {"0.0.0.0/1", "::/0"}, false},
		{"::/0", {"::/1", "8000::/1"}, true},
		{"::1", {"127.0.0.0/8", "::1"}, true},
		{"2001:db8::/127", {"2001:db8::", "2001:db8::1"}, true},
		{"2001:db8::/126", {"2001:db8::", "2001:db8::1"}, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct cidr asked = block(rows[i].block), others[4];
		size_t count = 0;

		for (; count < 4 && rows[i].others[count]; count++)
			others[count] = block(rows[i].others[count]);
		assert_int_equal(cidr_covered(&asked, others, count), rows[i].covered);
	}
}

static void host_bits_are_cleared(void **state)
{
	struct cidr sloppy = block("10.1.2.3/12");
	struct cidr clean = block("10.0.0.0/12");

	(void)state;
	assert_memory_equal(sloppy.bytes, clean.bytes, sizeof(clean.bytes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parsing),
		cmocka_unit_test(refusing),
		cmocka_unit_test(holding_and_overlapping),
		cmocka_unit_test(covering),
		cmocka_unit_test(host_bits_are_cleared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
