/* SPDX-License-Identifier: Apache-2.0 */
/* Events in, exact XML out. What readers make of it is judged in testdata/outputs. */
#include "base/test.h"

#include <string.h>

#include "ui/capture.h"
#include "ui/documents/renderer.h"

enum { BEGAN_S = 1767323045 }; /* 2026-01-02T03:04:05Z */

/* What a sample run gives; belongs to the capture. */
static const char *rendered(struct capture *capture, void (*sample)(struct capture *), bool strict)
{
	struct renderer_options options = {.strict = strict, .began_ms = (int64_t)BEGAN_S * 1000};

	capture_open(capture);
	options.results = capture->results;
	capture->sink = renderer_new(&capture->arena, "junit", &options);
	sample(capture);
	return capture_results(capture);
}

static const char verify_xml[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<testsuites name=\"cloudctl verify prod\" tests=\"5\" failures=\"1\" errors=\"1\" time=\"1.400\">\n"
	"  <testsuite name=\"VPC\" tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"0\" timestamp=\"2026-01-02T03:04:05\" time=\"0.450\">\n"
	"    <properties>\n"
	"      <property name=\"cloud\" value=\"prod\"/>\n"
	"      <property name=\"cloud-id\" value=\"cld_abc\"/>\n"
	"      <property name=\"region\" value=\"eu-west-1\"/>\n"
	"      <property name=\"resource\" value=\"vpc-1\"/>\n"
	"    </properties>\n"
	"    <testcase classname=\"prod.vpc\" name=\"vpc.exists\" time=\"0.400\"/>\n"
	"    <testcase classname=\"prod.vpc\" name=\"vpc.cidr-size\" time=\"0.000\">\n"
	"      <system-out>WARN\n"
	"must hold: the blocks are /20 or larger\n"
	"found: 10.0.0.0/22 has 1024 addresses\n"
	"fix: add a block:\n"
	"aws ec2 associate-vpc-cidr-block --vpc-id vpc-1\n"
	"</system-out>\n"
	"    </testcase>\n"
	"  </testsuite>\n"
	"  <testsuite name=\"subnets\" tests=\"2\" failures=\"1\" errors=\"1\" skipped=\"0\" timestamp=\"2026-01-02T03:04:05\" time=\"0.840\">\n"
	"    <properties>\n"
	"      <property name=\"cloud\" value=\"prod\"/>\n"
	"      <property name=\"cloud-id\" value=\"cld_abc\"/>\n"
	"      <property name=\"region\" value=\"eu-west-1\"/>\n"
	"      <property name=\"resource\" value=\"[&#39;subnet-1&#39;, &#39;subnet-2&#39;]\"/>\n"
	"    </properties>\n"
	"    <testcase classname=\"prod.subnets\" name=\"subnets.zones\" time=\"0.790\">\n"
	"      <failure type=\"subnets.zones\" message=\"all are in eu-west-1a\">must hold: the subnets are in two zones or more\n"
	"found: all are in eu-west-1a\n"
	"  subnet-1: eu-west-1a\n"
	"  subnet-2: eu-west-1a\n"
	"why: a zone can fail\n"
	"fix: add a subnet in eu-west-1b\n"
	"reference: https://example.com/guide#zones\n"
	"</failure>\n"
	"    </testcase>\n"
	"    <testcase classname=\"prod.subnets\" name=\"subnets.route\" time=\"0.000\">\n"
	"      <error type=\"subnets.route\" message=\"the route tables could not be read\">must hold: each subnet has a way out\n"
	"found: the route tables could not be read\n"
	"needs: ec2:DescribeRouteTables\n"
	"</error>\n"
	"    </testcase>\n"
	"  </testsuite>\n"
	"  <testsuite name=\"CloudFormation stack\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\" timestamp=\"2026-01-02T03:04:06\" time=\"0.000\">\n"
	"    <properties>\n"
	"      <property name=\"cloud\" value=\"prod\"/>\n"
	"      <property name=\"cloud-id\" value=\"cld_abc\"/>\n"
	"      <property name=\"region\" value=\"eu-west-1\"/>\n"
	"    </properties>\n"
	"    <testcase classname=\"prod.stack\" name=\"stack.status\" time=\"0.000\">\n"
	"      <skipped message=\"needs vpc\"/>\n"
	"    </testcase>\n"
	"  </testsuite>\n"
	"</testsuites>\n";

static void a_verify_run(void **state)
{
	struct capture capture;

	(void)state;
	assert_string_equal(rendered(&capture, capture_verify, false), verify_xml);
	capture_close(&capture);
}

static void under_strict_a_warning_is_a_failure(void **state)
{
	struct capture capture;
	const char *text;

	(void)state;
	text = rendered(&capture, capture_verify, true);
	assert_non_null(strstr(text, "verify prod\" tests=\"5\" failures=\"2\" errors=\"1\""));
	assert_non_null(strstr(text, "<testsuite name=\"VPC\" tests=\"2\" failures=\"1\""));
	assert_non_null(strstr(text,
		"<failure type=\"vpc.cidr-size\" message=\"10.0.0.0/22 has 1024 addresses\">must hold: "));
	assert_null(strstr(text, "<system-out>"));
	capture_close(&capture);
}

static void what_is_ignored_is_skipped_with_its_reason(void **state)
{
	struct capture capture;
	const char *text;

	(void)state;
	text = rendered(&capture, capture_ignored, true);
	assert_non_null(strstr(text, "tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"2\""));
	assert_non_null(strstr(text,
		"<skipped message=\"ignored: moved to FSx\">FAIL\n"
		"must hold: the file system exists\n"
		"found: fs-1 is gone\n"
		"fix: make one\n"
		"</skipped>"));
	assert_non_null(strstr(text, "<skipped message=\"ignored: not ours to read\">UNKNOWN\n"));
	assert_null(strstr(text, "<error"));
	capture_close(&capture);
}

static void a_run_that_broke_off_has_an_error(void **state)
{
	struct capture capture;
	const char *text;

	(void)state;
	text = rendered(&capture, capture_broken_off, false);
	assert_non_null(
		strstr(text, "verify prod\" tests=\"2\" failures=\"0\" errors=\"1\" time=\"1.500\">"));
	assert_non_null(strstr(text,
		"    <testcase classname=\"prod.run\" name=\"run.complete\" time=\"1.500\">\n"
		"      <error type=\"run.complete\" message=\"the run ended with exit code 4 before every check was decided\"/>\n"));
	capture_close(&capture);
}

static void nothing_to_check_is_a_report_too(void **state)
{
	struct capture capture;

	(void)state;
	assert_string_equal(rendered(&capture, capture_empty, false),
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<testsuites name=\"cloudctl verify prod\" tests=\"0\" failures=\"0\" errors=\"0\" time=\"0.005\">\n"
		"</testsuites>\n");
	capture_close(&capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_verify_run),
		cmocka_unit_test(under_strict_a_warning_is_a_failure),
		cmocka_unit_test(what_is_ignored_is_skipped_with_its_reason),
		cmocka_unit_test(a_run_that_broke_off_has_an_error),
		cmocka_unit_test(nothing_to_check_is_a_report_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
