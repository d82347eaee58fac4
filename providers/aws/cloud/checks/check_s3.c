/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the bucket. Who may use it is decided elsewhere. */
#include "providers/aws/cloud/checks/catalogue.h"

#include "base/tree.h"
#include "providers/aws/cloud/aws_cloud.h"
#include "providers/aws/cloud/checks/remedy.h"

/* The console as a browser names it to S3. Rules have patterns for it: any host below anyscale.com. */
#define CONSOLE_ORIGIN "https://console.anyscale.com"

/* S3 answers alike for a stranger's bucket and for a caller without the permission; so that stays UNKNOWN and says so. */
static struct finding check_s3_exists(const struct facts *facts)
{
	const char *bucket = aws_cloud(facts->cloud)->resources.bucket;
	struct finding finding;

	if (!bucket)
		return finding_make(facts, VERDICT_FAIL, "the record has no bucket");
	if (facts->values[FACT_BUCKET].state == FACT_LOST) {
		finding = finding_lost(facts, FACT_BUCKET);
		if (facts_error(facts, FACT_BUCKET)->http_status == 403)
			finding_evidence(facts, &finding,
				"either the caller lacks %s, or %s belongs to another account",
				finding.action ? finding.action : "the permission", bucket);
		return finding;
	}
	if (!facts_has(facts, FACT_BUCKET)) {
		finding = finding_make(facts, VERDICT_FAIL, "bucket %s does not exist", bucket);
		remedy_say(facts, &finding,
			"create the bucket, or register the cloud with another --s3-bucket-id");
		return finding;
	}
	return finding_make(facts, VERDICT_PASS, "bucket %s belongs to the account", bucket);
}

static struct finding check_s3_region(const struct facts *facts)
{
	const char *region = tree_text(facts_tree(facts, FACT_BUCKET), "BucketRegion");

	if (!*region)
		return finding_make(facts, VERDICT_UNKNOWN, "S3 did not report the bucket's region");
	if (text_equal(region, facts->cloud->region))
		return finding_make(facts, VERDICT_PASS, "it is in %s", region);
	return finding_make(facts, VERDICT_WARN, "it is in %s, the cloud is in %s", region,
		facts->cloud->region);
}

static bool allows_origin(const json_t *rule)
{
	TREE_EACH (origin, rule, "AllowedOrigin")
		if (text_glob(tree_text(origin, NULL), CONSOLE_ORIGIN, false))
			return true;
	return false;
}

static const char *const cors_methods[] = {"GET", "PUT", "POST", "HEAD", "DELETE"};

/* By which the console reads a part of a large file. A script in a browser sees only headers that the rule names. */
static const char *const cors_exposed[] = {"Accept-Ranges", "Content-Range", "Content-Length"};

/*
 * S3 answers a browser by the first rule that matches origin, method and every header of the request, for each request alone
 * (Amazon S3 User Guide, "Using cross-origin resource sharing"). So one rule
 * need not allow everything.
 */
static bool cors_allows(const json_t *cors, const char *method)
{
	TREE_EACH (rule, cors, "CORSRule")
		if (allows_origin(rule) && tree_find(rule, "AllowedMethod", NULL, method) &&
			tree_find(rule, "AllowedHeader", NULL, "*"))
			return true;
	return false;
}

/* What one rule lacks, in words; NULL when it lacks nothing. */
static const char *cors_fault(const struct facts *facts, const json_t *rule)
{
	struct text_list lacks = {0};

	if (!allows_origin(rule))
		text_list_add(facts->arena, &lacks, "origin " CONSOLE_ORIGIN);
	if (!tree_find(rule, "AllowedHeader", NULL, "*"))
		text_list_add(facts->arena, &lacks, "all headers");
	for (size_t i = 0; i < ARRAY_LENGTH(cors_methods); i++)
		if (!tree_find(rule, "AllowedMethod", NULL, cors_methods[i]))
			text_list_add(facts->arena, &lacks, cors_methods[i]);
	return lacks.count > 0 ? text_join(facts->arena, &lacks, ", ") : NULL;
}

/* The headers that the console does not see when it reads by this method: a rule that asks for certain headers may still come first. */
static struct text_list cors_hidden(const struct facts *facts, const json_t *cors, const char *method)
{
	struct text_list hidden = {0};

	TREE_EACH (rule, cors, "CORSRule") {
		if (!allows_origin(rule) || !tree_find(rule, "AllowedMethod", NULL, method))
			continue;
		for (size_t i = 0; i < ARRAY_LENGTH(cors_exposed); i++) {
			struct text_list names = tree_texts(facts->arena, rule, "ExposeHeader", NULL);
			bool named = false;

			for (size_t k = 0; k < names.count; k++)
				named = named || text_equal_nocase(names.items[k], cors_exposed[i]);
			if (!named)
				text_list_add_once(facts->arena, &hidden, cors_exposed[i]);
		}
		if (tree_find(rule, "AllowedHeader", NULL, "*"))
			break;
	}
	return hidden;
}

/* A rule of a reply under the names that the command line has for its members. */
static json_t *cors_rule(const json_t *rule)
{
	static const struct {
		const char *from, *to;
	} lists[] = {
		{"AllowedOrigin", "AllowedOrigins"},
		{"AllowedMethod", "AllowedMethods"},
		{"AllowedHeader", "AllowedHeaders"},
		{"ExposeHeader", "ExposeHeaders"},
	};
	json_t *made = json_object();
	int64_t seconds;

	if (*tree_text(rule, "ID"))
		json_object_set_new(made, "ID", json_string(tree_text(rule, "ID")));
	for (size_t i = 0; i < ARRAY_LENGTH(lists); i++) {
		json_t *list = json_array();

		TREE_EACH (item, rule, lists[i].from)
			json_array_append_new(list, json_string(tree_text(item, NULL)));
		if (json_array_size(list) > 0)
			json_object_set(made, lists[i].to, list);
		json_decref(list);
	}
	if (tree_number(rule, "MaxAgeSeconds", 0, INT32_MAX, &seconds))
		json_object_set_new(made, "MaxAgeSeconds", json_integer(seconds));
	return made;
}

/* A rule for the console first, for S3 uses the first that matches; the others stay as they are. */
static void remedy_cors(const struct facts *facts, struct finding *finding)
{
	json_t *rules = json_pack("[{s:[s],s:[s],s:[s,s,s,s,s],s:[s,s,s]}]", "AllowedOrigins",
		"https://*.anyscale.com", "AllowedHeaders", "*", "AllowedMethods", "GET", "PUT", "POST",
		"HEAD", "DELETE", "ExposeHeaders", "Accept-Ranges", "Content-Range", "Content-Length");
	json_t *document = json_pack("{s:o}", "CORSRules", rules);
	char *text;

	TREE_EACH (rule, facts_tree(facts, FACT_BUCKET_CORS), "CORSRule")
		json_array_append_new(rules, cors_rule(rule));
	text = json_dumps(document, JSON_COMPACT);
	remedy_add(facts, finding, "s3api put-bucket-cors --bucket %s --cors-configuration %s",
		shell_word(facts->arena, aws_cloud(facts->cloud)->resources.bucket),
		shell_word(facts->arena, text));
	free(text);
	json_decref(document);
}

static struct finding check_s3_cors(const struct facts *facts)
{
	const json_t *cors = facts_tree(facts, FACT_BUCKET_CORS);
	struct text_list refused = {0}, hidden = cors_hidden(facts, cors, "GET");
	struct finding faults = {0};
	size_t number = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(cors_methods); i++)
		if (!cors_allows(cors, cors_methods[i]))
			text_list_add(facts->arena, &refused, cors_methods[i]);
	if (refused.count == 0 && hidden.count == 0)
		return finding_make(facts, VERDICT_PASS, "its CORS rules allow the console to read logs");
	remedy_cors(facts, &faults);
	if (refused.count == 0)
		return finding_conclude(facts, faults, VERDICT_WARN,
			"the CORS rule by which the console reads exposes no %s: it cannot show large files",
			text_join(facts->arena, &hidden, ", "));
	TREE_EACH (rule, cors, "CORSRule") {
		const char *fault = cors_fault(facts, rule);

		number++;
		if (fault)
			finding_evidence(facts, &faults, "rule %zu lacks %s", number, fault);
	}
	if (number == 0)
		return finding_conclude(facts, faults, VERDICT_WARN, "it has no CORS rules");
	return finding_conclude(facts, faults, VERDICT_WARN, "its CORS rules do not allow the console %s",
		text_join(facts->arena, &refused, ", "));
}

struct text_list public_access_open(struct arena *arena, const json_t *bucket, const json_t *account)
{
	static const char *const settings[] = {
		"BlockPublicAcls",
		"IgnorePublicAcls",
		"BlockPublicPolicy",
		"RestrictPublicBuckets",
	};
	struct text_list open = {0};

	for (size_t i = 0; i < ARRAY_LENGTH(settings); i++)
		if (!tree_bool(bucket, settings[i]) && !tree_bool(account, settings[i]))
			text_list_add(arena, &open, settings[i]);
	return open;
}

static struct finding check_s3_public_access(const struct facts *facts)
{
	const json_t *bucket = facts_tree(facts, FACT_BUCKET_PUBLIC_ACCESS);
	const json_t *account = facts_tree(facts, FACT_ACCOUNT_PUBLIC_ACCESS);
	struct text_list open = public_access_open(facts->arena, bucket, account);

	if (public_access_open(facts->arena, bucket, NULL).count == 0)
		return finding_make(facts, VERDICT_PASS, "public access is blocked");
	if (facts_lost(facts, FACT_ACCOUNT_PUBLIC_ACCESS))
		return finding_lost(facts, FACT_ACCOUNT_PUBLIC_ACCESS);
	if (open.count == 0)
		return finding_make(facts, VERDICT_PASS, "public access is blocked for the account");
	return finding_make(facts, VERDICT_WARN,
		"neither the bucket nor the account blocks all public access; off: %s",
		text_join(facts->arena, &open, ", "));
}

static struct finding check_s3_versioning(const struct facts *facts)
{
	const char *status = tree_text(facts_tree(facts, FACT_BUCKET_VERSIONING), "Status");

	if (text_equal(status, "Enabled"))
		return finding_make(facts, VERDICT_PASS, "versioning is on");
	return finding_make(facts, VERDICT_WARN, "versioning is %s: what is overwritten or deleted is lost",
		*status ? status : "off");
}

/* What a lifecycle rule does about data that no listing of objects shows and that is paid for: its days. */
struct clearing {
	const char *days, *does;
};

static const struct clearing clears_uploads = {
	"AbortIncompleteMultipartUpload.DaysAfterInitiation",
	"aborts incomplete multipart uploads",
};
static const struct clearing clears_versions = {
	"NoncurrentVersionExpiration.NoncurrentDays",
	"expires noncurrent versions",
};

/*
 * Why a rule is not for the whole bucket; NULL when it is. Older rules have their prefix beside the filter, and both may be
 * empty; every other member of a filter leaves objects out (Amazon S3 User Guide, "Lifecycle configuration elements").
 */
static const char *lifecycle_limit(const json_t *rule)
{
	const json_t *filter = tree_get(rule, "Filter"), *prefix = tree_get(filter, "Prefix");

	if (!text_equal(tree_text(rule, "Status"), "Enabled"))
		return "it is not enabled";
	if (*tree_text(rule, "Prefix") || *tree_text(prefix, NULL) ||
		json_object_size(filter) > (prefix ? 1 : 0))
		return "only in a part of the bucket";
	return NULL;
}

static bool rule_clears(const json_t *rule, const struct clearing *clearing)
{
	int64_t days;

	return tree_number(rule, clearing->days, 1, INT32_MAX, &days);
}

static bool lifecycle_clears(const json_t *lifecycle, const struct clearing *clearing)
{
	TREE_EACH (rule, lifecycle, "Rule")
		if (rule_clears(rule, clearing) && !lifecycle_limit(rule))
			return true;
	return false;
}

/* Nothing clears this away in the whole bucket: say so, and which rules do in a part. */
static void lifecycle_lacks(const struct facts *facts, const struct clearing *clearing,
	struct text_list *lacks, struct finding *faults)
{
	size_t number = 0;

	text_list_add(facts->arena, lacks, clearing->does);
	TREE_EACH (rule, facts_tree(facts, FACT_BUCKET_LIFECYCLE), "Rule") {
		number++;
		if (rule_clears(rule, clearing))
			finding_evidence(facts, faults, "rule %zu %s, but %s", number, clearing->does,
				lifecycle_limit(rule));
	}
}

/* A bucket whose versioning is suspended still has the versions from before. */
static struct finding check_s3_lifecycle(const struct facts *facts)
{
	const json_t *lifecycle = facts_tree(facts, FACT_BUCKET_LIFECYCLE);
	bool expires = lifecycle_clears(lifecycle, &clears_versions);
	struct text_list lacks = {0};
	struct finding faults = {0};

	if (!lifecycle_clears(lifecycle, &clears_uploads))
		lifecycle_lacks(facts, &clears_uploads, &lacks, &faults);
	if (!expires && *tree_text(facts_tree(facts, FACT_BUCKET_VERSIONING), "Status"))
		lifecycle_lacks(facts, &clears_versions, &lacks, &faults);
	if (lacks.count > 0)
		return finding_conclude(facts, faults, VERDICT_WARN,
			"no lifecycle rule for the whole bucket %s", text_join(facts->arena, &lacks, " or "));
	if (!expires && facts_lost(facts, FACT_BUCKET_VERSIONING))
		return finding_lost(facts, FACT_BUCKET_VERSIONING);
	return finding_make(facts, VERDICT_PASS, "incomplete uploads%s are cleared away",
		expires ? " and noncurrent versions" : "");
}

/* clang-format off */
static const struct check rows[] = {
	{.id = "s3.exists", .severity = FAIL, .also = FACTS(FACT_BUCKET), .decide = check_s3_exists,
	 .holds = "the bucket exists and belongs to the account",
	 .why = "clusters keep logs, code and results in it",
	 .remedy = AWS("s3api head-bucket --bucket {bucket} --expected-bucket-owner {account}"),
	 .remedy_kind = REMEDY_LOOK,
	 .requirement = REQUIREMENTS "bucket", .reference = GUIDE "s3"},
	{.id = "s3.region", .severity = WARN, .reads = FACTS(FACT_BUCKET), .about = KINDS(KIND_BUCKET),
	 .decide = check_s3_region,
	 .holds = "the bucket is in the cloud's region",
	 .why = "traffic between regions is slow and costs money, and a gateway endpoint does not carry it",
	 .remedy = "create a bucket in {region}, and register the cloud with it as --s3-bucket-id",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "region-of-the-bucket", .reference = GUIDE "s3"},
	{.id = "s3.access.control-plane", .severity = FAIL,
	 .reads = FACTS(ROLE_FACTS(CONTROL_PLANE), FACT_BUCKET_POLICY), .also = FACTS(FACT_BUCKET),
	 .about = KINDS(KIND_CONTROL_PLANE_ROLE, KIND_BUCKET), .decide = check_s3_access_control_plane,
	 .holds = "the control-plane role may list the bucket, and get, put and delete its objects",
	 .why = "the control plane keeps logs and working directories in it; a bucket and its objects are separate resources, so a statement needs both arn:aws:s3:::BUCKET and arn:aws:s3:::BUCKET/*",
	 .remedy = "allow {control-plane-role} s3:ListBucket on {bucket}, and s3:GetObject, s3:PutObject and s3:DeleteObject on its objects",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "access-to-the-bucket", .reference = GUIDE "s3"},
	{.id = "s3.access.node", .severity = FAIL, .reads = FACTS(ROLE_FACTS(NODE), FACT_BUCKET_POLICY),
	 .also = FACTS(FACT_BUCKET, FACT_SUBNETS, FACT_ROUTE_TABLES, FACT_VPC_ENDPOINTS),
	 .about = KINDS(KIND_NODE_ROLE, KIND_BUCKET), .decide = check_s3_access_node,
	 .holds = "the node role may list the bucket, and get, put and delete its objects, also through the subnets' endpoint",
	 .why = "clusters keep their data in it",
	 .remedy = "allow {node-role} s3:ListBucket on {bucket}, and s3:GetObject, s3:PutObject and s3:DeleteObject on its objects",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "access-to-the-bucket", .reference = GUIDE "s3"},
	{.id = "s3.kms", .severity = FAIL, .reads = FACTS(FACT_BUCKET_ENCRYPTION), .also = FACTS(KEY_FACTS),
	 .about = KINDS(KIND_CONTROL_PLANE_ROLE, KIND_NODE_ROLE, KIND_BUCKET), .decide = check_s3_kms,
	 .holds = "if the bucket uses SSE-KMS, its key exists and is enabled, and both roles may use it",
	 .why = "writing an object needs kms:GenerateDataKey on the key, and reading one needs kms:Decrypt",
	 .remedy = "allow both roles kms:GenerateDataKey and kms:Decrypt on the key: in its policy or, if that leaves it to IAM, in the policies of {control-plane-role} and {node-role}",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "key-of-the-bucket", .reference = GUIDE "s3"},
	{.id = "s3.cors", .severity = WARN, .reads = FACTS(FACT_BUCKET_CORS), .about = KINDS(KIND_BUCKET),
	 .decide = check_s3_cors,
	 .holds = "CORS rules allow the console's origin GET, PUT, POST, HEAD and DELETE with all headers, and expose Accept-Ranges, Content-Range and Content-Length",
	 .why = "the web console reads logs from the bucket in the user's browser",
	 .remedy = "add a CORS rule to {bucket} that allows the origin https://*.anyscale.com, all headers, and GET, PUT, POST, HEAD and DELETE, and exposes Accept-Ranges, Content-Range and Content-Length",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "cors", .reference = GUIDE "s3"},
	{.id = "s3.public-access", .severity = WARN, .reads = FACTS(FACT_BUCKET_PUBLIC_ACCESS),
	 .also = FACTS(FACT_ACCOUNT_PUBLIC_ACCESS), .about = KINDS(KIND_BUCKET), .decide = check_s3_public_access,
	 .holds = "public access to the bucket is blocked, by its own settings or the account's",
	 .why = "otherwise one careless policy or object ACL shows the clusters' data to everyone",
	 .remedy = AWS("s3api put-public-access-block --bucket {bucket} --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"),
	 .requirement = REQUIREMENTS "no-public-access", .reference = AWS_DOCS "AmazonS3/latest/userguide/access-control-block-public-access.html"},
	{.id = "s3.versioning", .severity = WARN, .reads = FACTS(FACT_BUCKET_VERSIONING), .about = KINDS(KIND_BUCKET),
	 .decide = check_s3_versioning,
	 .holds = "versioning of the bucket is on",
	 .why = "otherwise an object that is overwritten or deleted by mistake cannot be got back",
	 .remedy = "switch on versioning of {bucket}, together with a lifecycle rule that expires noncurrent versions",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "versioning", .reference = GUIDE "s3"},
	{.id = "s3.lifecycle", .severity = WARN, .reads = FACTS(FACT_BUCKET_LIFECYCLE), .also = FACTS(FACT_BUCKET_VERSIONING),
	 .about = KINDS(KIND_BUCKET), .decide = check_s3_lifecycle,
	 .holds = "lifecycle rules for the whole bucket abort incomplete multipart uploads and, if it has versions, expire noncurrent ones",
	 .why = "no listing of the bucket's objects shows either, and both are paid for until a rule removes them",
	 .remedy = "add lifecycle rules without a filter to {bucket}: abort incomplete multipart uploads after some days and, if versioning was ever on, expire noncurrent versions after as many days as you may want them back; put-bucket-lifecycle-configuration replaces all rules, so give it those that are there as well",
	 .remedy_kind = REMEDY_DO,
	 .requirement = REQUIREMENTS "lifecycle", .reference = GUIDE "s3"},
};
/* clang-format on */

const struct check_group s3_group = {.id = "s3", .name = "S3", CHECKS(rows)};
