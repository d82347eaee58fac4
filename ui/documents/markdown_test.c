/* SPDX-License-Identifier: Apache-2.0 */
/* Events in, exact Markdown out. What a Markdown reader makes of hostile texts is judged in testdata/outputs. */
#include "base/test.h"

#include <string.h>

#include "ui/capture.h"
#include "ui/documents/renderer.h"

static const char *rendered(struct capture *capture, void (*sample)(struct capture *), bool strict)
{
	struct renderer_options options = {.strict = strict};

	capture_open(capture);
	options.results = capture->results;
	capture->sink = renderer_new(&capture->arena, "markdown", &options);
	sample(capture);
	return capture_results(capture);
}

#define TABLE_HEAD \
	"\n| Group | Resource | Verdict | Failed | Unknown | Warnings | Passed | Skipped | Ignored |\n" \
	"| --- | --- | --- | --: | --: | --: | --: | --: | --: |\n"

static const char verify_markdown[] =
	"## cloudctl verify `prod`: FAILED\n"
	"\n"
	"**1 failed, 1 unknown, 1 warning, 1 passed, 1 skipped**; exit code 1, cloud `cld_abc`, region `eu-west-1`.\n" TABLE_HEAD
	"| VPC | `vpc-1` | WARN | 0 | 0 | 1 | 1 | 0 | 0 |\n"
	"| subnets | `['subnet-1', 'subnet-2']` | FAIL | 1 | 1 | 0 | 0 | 0 | 0 |\n"
	"| CloudFormation stack | - | SKIP | 0 | 0 | 0 | 0 | 1 | 0 |\n"
	"\n"
	"### Failed\n"
	"\n"
	"FAIL `subnets.zones`: all are in eu-west-1a\n"
	"\n"
	"Must hold: the subnets are in two zones or more\n"
	"\n"
	"Why: a zone can fail\n"
	"\n"
	"Evidence:\n"
	"\n"
	"```text\n"
	"subnet-1: eu-west-1a\n"
	"subnet-2: eu-west-1a\n"
	"```\n"
	"\n"
	"Fix:\n"
	"\n"
	"```text\n"
	"add a subnet in eu-west-1b\n"
	"```\n"
	"\n"
	"Reference: `https://example.com/guide#zones`\n"
	"\n"
	"### Could not be determined\n"
	"\n"
	"UNKNOWN `subnets.route`: the route tables could not be read\n"
	"\n"
	"Must hold: each subnet has a way out\n"
	"\n"
	"Needs: `ec2:DescribeRouteTables`\n"
	"\n"
	"### Warnings\n"
	"\n"
	"WARN `vpc.cidr-size`: 10.0.0.0/22 has 1024 addresses\n"
	"\n"
	"Must hold: the blocks are /20 or larger\n"
	"\n"
	"Fix:\n"
	"\n"
	"```text\n"
	"add a block:\n"
	"aws ec2 associate-vpc-cidr-block --vpc-id vpc-1\n"
	"```\n";

static void a_verify_run(void **state)
{
	struct capture capture;

	(void)state;
	assert_string_equal(rendered(&capture, capture_verify, false), verify_markdown);
	capture_close(&capture);
}

static void what_is_ignored_has_its_own_list(void **state)
{
	struct capture capture;

	(void)state;
	assert_string_equal(rendered(&capture, capture_ignored, false),
		"## cloudctl verify `prod`: PASSED with warnings\n"
		"\n"
		"**1 warning, 2 ignored**; exit code 0.\n" TABLE_HEAD
		"| EFS | `fs-1` | WARN | 0 | 0 | 1 | 0 | 0 | 2 |\n"
		"\n"
		"### Warnings\n"
		"\n"
		"WARN `efs.backup`: backups are off\n"
		"\n"
		"Must hold: backups are on\n"
		"\n"
		"### Ignored on purpose\n"
		"\n"
		"FAIL `efs.exists`: fs-1 is gone\n"
		"\n"
		"Ignored: moved to FSx\n"
		"\n"
		"Must hold: the file system exists\n"
		"\n"
		"UNKNOWN `efs.policy`: the policy could not be read\n"
		"\n"
		"Ignored: not ours to read\n"
		"\n"
		"Must hold: the policy allows mounts\n"
		"\n"
		"Needs: `elasticfilesystem:DescribeFileSystemPolicy`\n");
	capture_close(&capture);
}

static void the_verdict_is_the_first_line(void **state)
{
	static const struct {
		void (*sample)(struct capture *);
		bool strict;
		const char *line;
	} rows[] = {
		{capture_ignored, true, "## cloudctl verify `prod`: FAILED: warnings count\n"},
		{capture_broken_off, false,
			"## cloudctl verify `prod`: did not complete\n\n**1 passed**; exit code 4.\n"},
		{capture_empty, false,
			"## cloudctl verify `prod`: nothing was checked\n\n**no findings**; exit code 0.\n"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct capture capture;
		const char *text = rendered(&capture, rows[i].sample, rows[i].strict);

		assert_memory_equal(text, rows[i].line, strlen(rows[i].line));
		capture_close(&capture);
	}
}

static void hostile_texts_are_code(void **state)
{
	struct capture capture;
	const char *text = rendered(&capture, capture_hostile, false);
	const char *line = strstr(text, "\nFAIL `vpc.cidr-size`: ");

	(void)state;
	assert_non_null(line);
	line = strchr(line, ':');
	assert_memory_equal(line,
		": ````]]><b>&amp;\"'¦` @one `` #2 ``` @team {0} [x](evil) \\  ¦ a ¦ b ¦ # h ~~~ <i>  ??[31m",
		80);
	assert_null(strpbrk(text, "\r\t\x1b\x7f"));
	capture_close(&capture);
}

/* More findings than a comment can hold, each with more evidence than is shown. */
static void many_findings(struct capture *capture)
{
	static const char *evidence[50];

	for (size_t i = 0; i < ARRAY_LENGTH(evidence); i++)
		evidence[i] = "a line of evidence that is neither long nor short";
	capture_emit(capture,
		(struct event){.kind = EVENT_RUN,
			.run = {.command = "verify",
				.provider = "AWS",
				.effect = EFFECT_NONE,
				.judges = true,
				.cloud = "prod"}});
	for (size_t i = 0; i < 100; i++)
		capture_emit(capture,
			(struct event){.kind = EVENT_FINDING,
				.finding = {.check = "vpc.dns",
					.group = arena_printf(&capture->arena, "group %zu", i),
					.verdict = VERDICT_FAIL,
					.evidence = evidence,
					.evidence_count = ARRAY_LENGTH(evidence)}});
	capture_emit(capture,
		(struct event){.kind = EVENT_END,
			.end = {.exit_code = 1,
				.judged = true,
				.verdict = VERDICT_FAIL,
				.counts = {[VERDICT_FAIL] = 100}}});
}

static void it_fits_into_a_comment(void **state)
{
	struct capture capture;
	const char *text = rendered(&capture, many_findings, false);
	size_t shown = 0;

	(void)state;
	for (const char *at = text; (at = strstr(at, "\nFAIL `vpc.dns`: -\n")); at++)
		shown++;
	assert_in_range(strlen(text), 50000, 65536);
	assert_in_range(shown, 10, 99);
	assert_non_null(strstr(text,
		arena_printf(&capture.arena, "\n%zu more do not fit here; run the command to see them.\n",
			100 - shown)));
	capture_close(&capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_verify_run),
		cmocka_unit_test(what_is_ignored_has_its_own_list),
		cmocka_unit_test(the_verdict_is_the_first_line),
		cmocka_unit_test(hostile_texts_are_code),
		cmocka_unit_test(it_fits_into_a_comment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
