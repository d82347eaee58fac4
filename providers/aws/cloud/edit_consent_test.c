/* SPDX-License-Identifier: Apache-2.0 */
/* What is agreed to before an edit, in lines and as a document. */
#include "providers/aws/cloud/edit_consent.h"

#include <string.h>

#include "base/arena.h"
#include "base/test.h"
#include "base/tree.h"

#define ROLE "arn:aws:iam::123456789012:role/"

static const struct check cors = {.id = "s3.cors"}, vpc = {.id = "vpc.dns"},
			  memorydb = {.id = "memorydb.tls"};

/* A cloud that gets another bucket, and whose control-plane role is another one when new_role is set. */
struct fixture {
	struct arena arena;
	struct cloud before, after;
	struct finding findings[4];
	struct compared rows[3];
	struct difference compared;
	struct edit_survey survey;
	struct edit_consent what;
};

static struct cloud cloud_of(struct arena *arena, const char *bucket, const char *role)
{
	struct cloud cloud = {.name = "prod", .account = "123456789012", .region = "us-west-2"};
	struct aws_cloud *section = aws_cloud_edit(arena, &cloud);

	section->resources.bucket = bucket;
	section->resources.control_plane_role_arn = role;
	section->external_id = "cld_x";
	section->control_plane_account = "525325868955";
	return cloud;
}

static void open_fixture(struct fixture *f, bool new_role)
{
	*f = (struct fixture){
		.findings = {{.check = &cors, .text = "it has no CORS rules"},
			{.check = &cors, .text = "right"}, {.check = &vpc, .text = "no host names"},
			{.check = &memorydb, .text = "it has no TLS"}},
	};
	f->before = cloud_of(&f->arena, "old", ROLE "a");
	f->after = cloud_of(&f->arena, "new", new_role ? ROLE "b" : ROLE "a");
	f->rows[0] = (struct compared){&f->findings[0], &f->findings[1], VERDICT_WARN, VERDICT_PASS,
		CHANGE_MENDED};
	f->rows[1] = (struct compared){&f->findings[2], &f->findings[2], VERDICT_FAIL, VERDICT_FAIL,
		CHANGE_NONE};
	f->rows[2] = (struct compared){NULL, &f->findings[3], VERDICT_PASS, VERDICT_FAIL, CHANGE_NEW};
	f->compared = (struct difference){.items = f->rows, .count = ARRAY_LENGTH(f->rows)};
	f->survey = (struct edit_survey){.items = {{"The old bucket old holds objects", "aws s3 sync",
						 false}},
		.count = 1};
	f->what = (struct edit_consent){.before = &f->before,
		.after = &f->after,
		.changes = edit_changes(&f->arena, &f->before, &f->after),
		.compared = &f->compared,
		.survey = &f->survey,
		.new_role = new_role,
		.trust_changes = new_role,
		.withdraw = new_role ? ROLE "a" : NULL};
}

/* "topic|text", a line each. */
static const char *lines_of(struct fixture *f)
{
	struct consent lines = edit_consent_lines(&f->arena, &f->what);
	struct text_list list = {0};

	for (size_t i = 0; i < lines.count; i++)
		text_list_add(&f->arena, &list,
			arena_printf(&f->arena, "%s|%s", lines.lines[i].topic, lines.lines[i].text));
	return text_join(&f->arena, &list, "\n");
}

static void the_record_alone(void **state)
{
	struct fixture f;

	(void)state;
	open_fixture(&f, false);
	assert_string_equal(lines_of(&f),
		"Account|123456789012\n"
		"Region|us-west-2\n"
		"Replaces|bucket: old -> new\n"
		"Changes|nothing in AWS, only the record of the cloud\n"
		"Mends|s3.cors: WARN before, PASS with the change: it has no CORS rules\n"
		"Worse|memorydb.tls: not checked before, FAIL with the change: it has no TLS\n"
		"As before|vpc.dns: FAIL: no host names\n"
		"In use|The old bucket old holds objects\n"
		"Keeps|what is replaced: nothing is deleted, and nothing is copied\n"
		"Costs|nothing: no resource is created");
	arena_free(&f.arena);
}

static void two_trust_policies(void **state)
{
	struct fixture f;
	const char *text;

	(void)state;
	open_fixture(&f, true);
	text = lines_of(&f);
	assert_non_null(strstr(text, "Replaces|control-plane role: " ROLE "a -> " ROLE "b\n"));
	assert_non_null(
		strstr(text, "Changes|the trust policy of the role b: the external id cld_x is added\n"));
	assert_non_null(
		strstr(text, "Changes|the trust policy of the role a: the external id cld_x is taken out\n"));
	assert_non_null(strstr(text, "AWS account 525325868955 (Anyscale) may assume the role b"));
	f.what.trust_changes = false;
	assert_non_null(strstr(lines_of(&f), "its trust policy names the external id cld_x already"));
	arena_free(&f.arena);
}

static void as_a_document(void **state)
{
	struct fixture f;
	const json_t *tree;

	(void)state;
	open_fixture(&f, true);
	tree = tree_defer(&f.arena, edit_consent_document(&f.what));
	assert_string_equal(tree_text(tree, "action"), "change");
	assert_string_equal(tree_text(tree, "changes.1.from.0"), "old");
	assert_string_equal(tree_text(tree, "changes.1.to.0"), "new");
	assert_string_equal(tree_text(tree, "trust.0.role"), ROLE "b");
	assert_string_equal(tree_text(tree, "trust.1.action"), "remove");
	assert_string_equal(tree_text(tree, "verification.mended.0.after"), "PASS");
	assert_string_equal(tree_text(tree, "verification.mended.0.text"), "it has no CORS rules");
	assert_null(tree_get(tree, "verification.new.0.before"));
	assert_string_equal(tree_text(tree, "verification.unchanged.0.check"), "vpc.dns");
	assert_string_equal(tree_text(tree, "in_use.0.command"), "aws s3 sync");
	tree = tree_defer(&f.arena, edit_consent_nothing(&f.before));
	assert_string_equal(tree_text(tree, "action"), "none");
	assert_int_equal(tree_count(tree_get(tree, "changes")), 0);
	arena_free(&f.arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_record_alone),
		cmocka_unit_test(two_trust_policies),
		cmocka_unit_test(as_a_document),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
