/* SPDX-License-Identifier: Apache-2.0 */
/* Times as text. The expected numbers were computed with GNU date. */
#include "base/test.h"

#include "base/timestamp.h"

static void writing(void **state)
{
	static const struct {
		int64_t ms;
		const char *rfc3339, *compact;
	} rows[] = {
		{0, "1970-01-01T00:00:00Z", "19700101T000000Z"},
		{1767323045000, "2026-01-02T03:04:05Z", "20260102T030405Z"},
		{1767323045999, "2026-01-02T03:04:05Z", "20260102T030405Z"},
		{951782400000, "2000-02-29T00:00:00Z", "20000229T000000Z"},
		{4102444799000, "2099-12-31T23:59:59Z", "20991231T235959Z"},
		{253402300799999, "9999-12-31T23:59:59Z", "99991231T235959Z"},
		{253402300800000, "", ""},
		{-1, "", ""},
		{INT64_MAX, "", ""},
		{INT64_MIN, "", ""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		char buffer[TIMESTAMP_SIZE];

		assert_string_equal(timestamp_rfc3339(rows[i].ms, buffer), rows[i].rfc3339);
		assert_string_equal(timestamp_compact(rows[i].ms, buffer), rows[i].compact);
	}
}

static void reading_rfc3339(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
		{"1970-01-01T00:00:00Z", 0},
		{"2026-01-02T03:04:05Z", 1767323045000},
		{"2026-01-02T03:04:05.1Z", 1767323045100},
		{"2026-01-02T03:04:05.123456789Z", 1767323045123},
		{"2026-01-02T05:04:05+02:00", 1767323045000},
		{"2026-01-01T21:34:05.5-05:30", 1767323045500},
		{"2026-01-02T03:04:05+00:00", 1767323045000},
		{"2000-02-29T00:00:00Z", 951782400000},
		{"9999-12-31T23:59:59.999Z", 253402300799999},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		int64_t ms = -7;

		assert_true(timestamp_parse_rfc3339(rows[i].text, &ms));
		assert_true(ms == rows[i].ms);
	}
}

static void refusing_rfc3339(void **state)
{
	static const char *const rows[] = {"", "2026", "2026-01-02", "2026-01-02T03:04:05",
		"2026-01-02 03:04:05Z", "2026-01-02T03:04:05Zx", "2026-01-02T03:04:05.Z",
		"2026-01-02T03:04:05+0200", "2026-01-02T03:04:05+24:00", "2026-13-02T03:04:05Z",
		"2026-00-02T03:04:05Z", "2026-02-29T03:04:05Z", "2026-01-32T03:04:05Z",
		"2026-01-00T03:04:05Z", "2026-01-02T24:00:00Z", "2026-01-02T23:60:00Z",
		"2026-01-02T23:59:60Z", "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+01:00",
		"+026-01-02T03:04:05Z", "26-01-02T03:04:05Z", "2026-1-02T03:04:05Z", " 2026-01-02T03:04:05Z",
		"2026-01-02t03:04:05z"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		int64_t ms = -7;

		assert_false(timestamp_parse_rfc3339(rows[i], &ms));
		assert_true(ms == -7);
	}
}

static void reading_http_dates(void **state)
{
	static const char *const refused[] = {"", "Fri, 02 Jan 2026 03:04:05",
		"Fri, 02 Jan 2026 03:04:05 UTC", "Fri, 2 Jan 2026 03:04:05 GMT",
		"Friday, 02-Jan-26 03:04:05 GMT", "Fri Jan  2 03:04:05 2026", "fri, 02 jan 2026 03:04:05 GMT",
		"Fri, 31 Feb 2026 03:04:05 GMT", "Fri, 02 Jan 2026 25:04:05 GMT",
		"Fri, 02 Jan 2026 03:04:05 GMT ", "Fri,", "F"};
	int64_t ms = -7;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(refused); i++) {
		assert_false(timestamp_parse_http(refused[i], &ms));
		assert_true(ms == -7);
	}
	assert_true(timestamp_parse_http("Fri, 02 Jan 2026 03:04:05 GMT", &ms));
	assert_true(ms == 1767323045000);
	assert_true(timestamp_parse_http("Tue, 31 Dec 2024 23:59:59 GMT", &ms));
	assert_true(ms == 1735689599000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writing),
		cmocka_unit_test(reading_rfc3339),
		cmocka_unit_test(refusing_rfc3339),
		cmocka_unit_test(reading_http_dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
