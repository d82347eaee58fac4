/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the bucket. Who may use it is decided elsewhere. */
#include "base/array.h"
#include "providers/aws/cloud/checks/catalogue.h"

#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"

/* The console as a browser names it to S3. Rules have patterns for it: any host below anyscale.com. */
#define CONSOLE_ORIGIN "https://console.anyscale.com"

/* S3 answers alike for a stranger's bucket and for a caller without the permission; so that stays UNKNOWN and says so. */
struct finding check_s3_exists(const struct facts *facts)
{
	const char *bucket = aws_cloud(facts->cloud)->resources.bucket;
	struct finding finding;

	if (!bucket)
		return finding_make(facts, VERDICT_FAIL, "the record names no bucket");
	if (facts->values[FACT_BUCKET].state == FACT_LOST) {
		finding = finding_lost(facts, FACT_BUCKET);
		if (facts_error(facts, FACT_BUCKET)->http_status == 403)
			finding_evidence(facts, &finding,
				"either the caller lacks %s, or %s belongs to another account",
				finding.action ? finding.action : "the permission", bucket);
		return finding;
	}
	if (!facts_has(facts, FACT_BUCKET))
		return finding_make(facts, VERDICT_FAIL, "bucket %s does not exist", bucket);
	return finding_make(facts, VERDICT_PASS, "bucket %s is the account's", bucket);
}

struct finding check_s3_region(const struct facts *facts)
{
	const char *region = tree_text(facts_tree(facts, FACT_BUCKET), "BucketRegion");

	if (!*region)
		return finding_make(facts, VERDICT_UNKNOWN, "S3 did not say in which region the bucket is");
	if (text_equal(region, facts->cloud->region))
		return finding_make(facts, VERDICT_PASS, "it is in %s", region);
	return finding_make(facts, VERDICT_WARN, "it is in %s, the cloud in %s", region,
		facts->cloud->region);
}

static bool list_has(const json_t *rule, const char *list, const char *wanted)
{
	TREE_EACH (item, rule, list)
		if (text_equal(tree_text(item, NULL), wanted))
			return true;
	return false;
}

static bool allows_origin(const json_t *rule)
{
	TREE_EACH (origin, rule, "AllowedOrigin")
		if (text_glob(tree_text(origin, NULL), CONSOLE_ORIGIN, false))
			return true;
	return false;
}

/* What one rule lacks, in words; NULL when it lacks nothing. */
static const char *cors_fault(const struct facts *facts, const json_t *rule)
{
	static const char *const methods[] = {"GET", "PUT", "POST", "HEAD", "DELETE"};
	struct text_list lacks = {0};

	if (!allows_origin(rule))
		text_list_add(facts->arena, &lacks, "origin " CONSOLE_ORIGIN);
	if (!list_has(rule, "AllowedHeader", "*"))
		text_list_add(facts->arena, &lacks, "all headers");
	for (size_t i = 0; i < ARRAY_LENGTH(methods); i++)
		if (!list_has(rule, "AllowedMethod", methods[i]))
			text_list_add(facts->arena, &lacks, methods[i]);
	return lacks.count > 0 ? text_join(facts->arena, &lacks, ", ") : NULL;
}

struct finding check_s3_cors(const struct facts *facts)
{
	struct finding faults = {0}, finding;
	size_t number = 0;

	TREE_EACH (rule, facts_tree(facts, FACT_BUCKET_CORS), "CORSRule") {
		const char *fault = cors_fault(facts, rule);

		number++;
		if (!fault)
			return finding_make(facts, VERDICT_PASS, "rule %zu lets the console read logs",
				number);
		finding_evidence(facts, &faults, "rule %zu lacks %s", number, fault);
	}
	finding = finding_make(facts, VERDICT_WARN,
		number == 0 ? "it has no CORS rules" : "no CORS rule lets the console in completely");
	finding.evidence = faults.evidence;
	return finding;
}

struct finding check_s3_public_access(const struct facts *facts)
{
	static const char *const settings[] = {
		"BlockPublicAcls",
		"IgnorePublicAcls",
		"BlockPublicPolicy",
		"RestrictPublicBuckets",
	};
	const json_t *block = facts_tree(facts, FACT_BUCKET_PUBLIC_ACCESS);
	struct text_list off = {0};

	for (size_t i = 0; i < ARRAY_LENGTH(settings); i++)
		if (!tree_bool(block, settings[i]))
			text_list_add(facts->arena, &off, settings[i]);
	if (off.count == 0)
		return finding_make(facts, VERDICT_PASS, "public access is blocked");
	return finding_make(facts, VERDICT_WARN, "the bucket itself does not block public access: %s off",
		text_join(facts->arena, &off, ", "));
}
