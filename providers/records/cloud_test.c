/* SPDX-License-Identifier: Apache-2.0 */
/* Records of two toy providers: what is written is read back, and what is wrong is refused by name. */
#include "providers/records/cloud.h"
#include "providers/records/refusal_test.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/test.h"
#include "base/yaml.h"

#define ID "cld_abcdefghijklmnopqrstuvwxyz"

struct toy_cloud {
	const char *roof;
	size_t rooms;
};

static bool is_street(const char *text)
{
	return text_starts_with(text, "street-");
}

static bool is_number(const char *text)
{
	return text_only(text, "0123456789", 1, 4);
}

static const struct member toy_rows[] = {
	{"roof", MEMBER_TEXT, offsetof(struct toy_cloud, roof)},
	{"rooms", MEMBER_COUNT, offsetof(struct toy_cloud, rooms), .flags = MEMBER_SPARSE},
};
static const struct member_table toy_table = {MEMBER_TABLE(struct toy_cloud, toy_rows)};
static const struct cloud_schema toy = {
	.provider = "toy",
	.section = &toy_table,
	.region_needed = true,
	.region_valid = is_street,
	.region_form = "a street",
	.account_valid = is_number,
	.account_form = "up to 4 digits",
};
static const struct cloud_schema bare = {.provider = "bare"};
static const struct cloud_schema *const schemas[] = {&toy, &bare, NULL};

static const char *written(struct arena *arena, const struct cloud *cloud)
{
	struct str text = {.arena = arena, .max = 1 << 16};
	json_t *tree = cloud_to_tree(cloud);
	struct error err;

	assert_int_equal(yaml_format(tree, &text, &err), 0);
	json_decref(tree);
	return str_text(&text);
}

/* The provider's members are between the two halves of the envelope. */
static void what_is_read_is_written(void **state)
{
	static const char *const records[] = {
		"version: 1\nid: " ID "\nname: prod\nprovider: toy\nregion: street-1\naccount: '12'\n"
		"networking: private\ndeployment: registered\nstate: failed\nroof: red\nrooms: 3\n"
		"created: '2026-01-02T03:04:05Z'\n",
		"version: 1\nname: prod\nprovider: bare\nregion: anywhere\nnetworking: direct\n"
		"deployment: managed\nstate: creating\n",
	};
	struct arena arena = {0};
	struct error err = {0};
	struct cloud cloud;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(records); i++) {
		assert_int_equal(record_of_yaml(&arena, schemas, records[i], &cloud, &err), 0);
		assert_string_equal(written(&arena, &cloud), records[i]);
	}
	assert_null(cloud.section);
	arena_free(&arena);
}

static void the_first_provider_is_the_default(void **state)
{
	struct arena arena = {0};
	struct error err = {0};
	struct cloud cloud;

	(void)state;
	assert_int_equal(record_of_yaml(&arena, schemas, "roof: red", &cloud, &err), 0);
	assert_string_equal(((struct toy_cloud *)cloud.section)->roof, "red");
	assert_null(cloud.provider);
	arena_free(&arena);
}

static void a_copy_is_changed_alone(void **state)
{
	struct toy_cloud section = {.roof = "red", .rooms = 3};
	const struct cloud cloud = {.name = "prod", .schema = &toy, .section = &section};
	const struct cloud none = {.name = "prod"};
	struct arena arena = {0};
	struct cloud copy = cloud_copy(&arena, &cloud);

	(void)state;
	((struct toy_cloud *)copy.section)->rooms = 4;
	copy.name = "other";
	assert_int_equal(section.rooms, 3);
	assert_string_equal(cloud.name, "prod");
	assert_string_equal(((struct toy_cloud *)copy.section)->roof, "red");
	assert_null(cloud_copy(&arena, &none).section);
	arena_free(&arena);
}

static const struct refusal refusals[] = {
	{"[a, b]", "must be a mapping"},
	{"version: 2", "version: this cloudctl reads version 1 only"},
	{"version: x", "version: "},
	{"version: []", "version: "},
	{"{version: 2, later: 1}", "version: this cloudctl reads version 1 only"},
	{"nam: prod", "nam: no such member; did you mean 'name'?"},
	{"rooof: red", "rooof: no such member; did you mean 'roof'?"},
	{"{provider: bare, roof: red}", "roof: no such member"},
	{"verification: {counts: {good: 1}}", "verification.counts.good: "},
	{"name: ../prod", "name: must be 1-64 of"},
	{"name: ''", "name: "},
	{"name: [prod]", "name: "},
	{"name: {a: b}", "name: "},
	{"id: cld_1", "id: "},
	{"id: cld_ABCDEFGHIJKLMNOPQRSTUVWXYZ", "id: "},
	{"region: lane-1", "region: must be a street"},
	{"account: '12345'", "account: must be up to 4 digits"},
	{"provider: gcp", "provider: must be toy or bare"},
	{"networking: both", "networking: must be one of direct, private"},
	{"state: true", "state: "},
	{"ignored: vpc.dns", "ignored: must be a list"},
	{"ignored: [vpc.dns]", "ignored: item 1 must be a mapping"},
	{"ignored: [{check: vpc.dns, reason: r}, {check: vpc.dns}]", "ignored: item 2: reason: is missing"},
	{"ignored: [{reason: r}]", "ignored: item 1: check: is missing"},
	{"ignored: [{check: [a], reason: r}]", "ignored: item 1: check: must be text"},
	{"ignored: [{check: a, reason: ''}]", "ignored: item 1: reason: must be text"},
	{"ignored: [{check: a, reason: r, why: b}]", "ignored: item 1: why: no such member"},
	{"verification: {counts: {pass: -1}}", "verification.counts.pass: "},
	{"verification: {counts: {pass: 99999999999999999999}}", "verification.counts.pass: "},
};

static void what_is_wrong_is_named(void **state)
{
	(void)state;
	each_is_refused(schemas, refusals, ARRAY_LENGTH(refusals));
}

static void numbers_may_be_numbers_in_json(void **state)
{
	struct arena arena = {0};
	struct error err = {0};
	struct cloud cloud;
	json_t *tree = json_pack("{s:i, s:{s:s, s:{s:i}}}", "version", 1, "verification", "at",
		"2026-01-02T03:04:05Z", "counts", "fail", 3);

	(void)state;
	assert_int_equal(cloud_from_tree(&arena, schemas, tree, &cloud, &err), 0);
	assert_int_equal(cloud.verification.counts[VERDICT_FAIL], 3);
	json_decref(tree);
	arena_free(&arena);
}

static void a_record_needs_four_members(void **state)
{
	struct cloud cloud = {0};
	struct error err = {0};

	(void)state;
	assert_int_equal(cloud_complete(&cloud, &err), -1);
	assert_string_equal(err.frame[0], "id: is missing");
	cloud = (struct cloud){.id = ID, .name = "n", .provider = "toy", .schema = &toy};
	assert_int_equal(cloud_complete(&cloud, &err), -1);
	assert_string_equal(err.frame[0], "region: is missing");
	cloud.region = "street-1";
	assert_int_equal(cloud_complete(&cloud, &err), 0);
	cloud = (struct cloud){.id = ID, .name = "n", .provider = "bare", .schema = &bare};
	assert_int_equal(cloud_complete(&cloud, &err), 0);
}

static void names_and_ids(void **state)
{
	static const char longest[] = "0123456789012345678901234567890123456789012345678901234567890123";

	(void)state;
	assert_true(cloud_name_valid("prod"));
	assert_true(cloud_name_valid("1.a_B-c"));
	assert_true(cloud_name_valid(longest));
	assert_false(cloud_name_valid("x0123456789012345678901234567890123456789012345678901234567890123"));
	assert_false(cloud_name_valid(""));
	assert_false(cloud_name_valid(NULL));
	assert_false(cloud_name_valid(".hidden"));
	assert_false(cloud_name_valid("-n"));
	assert_false(cloud_name_valid("a b"));
	assert_false(cloud_name_valid("a/b"));
	assert_false(cloud_name_valid("caf\303\251"));
	assert_true(cloud_id_valid(ID));
	assert_false(cloud_id_valid("cld_"));
	assert_false(cloud_id_valid("cld_abcdefghijklmnopqrstuvwxy1"));
	assert_false(cloud_id_valid(NULL));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_is_written),
		cmocka_unit_test(the_first_provider_is_the_default),
		cmocka_unit_test(a_copy_is_changed_alone),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(numbers_may_be_numbers_in_json),
		cmocka_unit_test(a_record_needs_four_members),
		cmocka_unit_test(names_and_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
