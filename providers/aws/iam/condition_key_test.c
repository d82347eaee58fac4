/* SPDX-License-Identifier: Apache-2.0 */
/* Which keys a request can carry, by the table made of the Service Authorization Reference. */
#include "providers/aws/iam/condition_key.h"

#include <string.h>

#include "base/test.h"
#include "providers/aws/iam/request_context.h"

static void keys_have_names_and_families(void **state)
{
	static const struct {
		const char *name, *key;
		size_t length; /* of the key that counts; 0: all */
		bool is;
	} rows[] = {
		{"ec2:Vpc", "ec2:Vpc", 0, true},
		{"ec2:Vpc", "EC2:vpc", 0, true},
		{"ec2:Vpc", "ec2:VpcX", 0, false},
		{"ec2:Vpc", "ec2:VpcX", 7, true},
		{"ec2:Vpc", "ec2:Vp", 0, false},
		{"aws:RequestTag/*", "aws:requesttag/x", 0, true},
		{"aws:RequestTag/*", "aws:RequestTag/", 0, true},
		{"aws:RequestTag/*", "aws:RequestTag/x", 14, false},
		{"aws:RequestTag/*", "aws:RequestTagX", 0, false},
		{"*", "anything", 0, true},
		{"", "anything", 0, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		size_t length = rows[i].length ? rows[i].length : strlen(rows[i].key);

		if (condition_key_is(rows[i].name, strlen(rows[i].name), rows[i].key, length) != rows[i].is)
			fail_msg("%s, %s", rows[i].name, rows[i].key);
	}
}

static void keys_are_ruled_out_or_not(void **state)
{
	static const struct {
		const char *action, *resource, *key;
		bool ruled_out;
	} rows[] = {
		{"s3:GetObject", "arn:aws:s3:::bucket/key", "ec2:Vpc", true},
		{"s3:GetObject", "*", "ec2:Vpc", true},
		{"s3:GetObject", NULL, "ec2:Vpc", true},
		{"s3:GetObject", "arn:aws:sqs:us-east-1:1:queue", "ec2:Vpc", false}, /* no such type */
		{"s3:GetObject", "arn:aws:s3:::bucket/key", "a2c:First", true},
		{"s3:GetObject", "arn:aws:s3:::bucket/key", "nosuchservice:Key", false},
		{"s3:GetObject", "arn:aws:s3:::bucket/key", "aws:SourceIp", false},
		{"s3:GetObject", "arn:aws:s3:::bucket/key", "aws:RequestTag/x", true},
		{"s3:GetObject", "arn:aws:s3:::bucket/key", "plain", false},
		{"s3:GetObject", "arn:aws:s3:::bucket/key", ":Vpc", false},
		{"s3:NoSuchAction", "arn:aws:s3:::bucket/key", "ec2:Vpc", false},
		{NULL, "arn:aws:s3:::bucket/key", "ec2:Vpc", false},
		/* the first row of the table */
		{"acm:AddTagsToCertificate", "*", "aws:RequestTag/x", false},
		{"acm:DeleteCertificate", "*", "aws:RequestTag/x", true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const struct request_context context = {.action = rows[i].action,
			.resource = {rows[i].resource, false}};

		if (condition_key_ruled_out(&context, rows[i].key, strlen(rows[i].key)) != rows[i].ruled_out)
			fail_msg("%s on %s: %s", rows[i].action, rows[i].resource, rows[i].key);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_have_names_and_families),
		cmocka_unit_test(keys_are_ruled_out_or_not),
	};

	return cmocka_run_group_tests_name("condition_key", tests, NULL, NULL);
}
