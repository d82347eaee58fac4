/* SPDX-License-Identifier: Apache-2.0 */
/* The check of the file-system policy: who may mount, write and act as root. */
#include "base/tree.h"
#include "providers/aws/cloud/checks/catalogue.h"
#include "providers/aws/iam/arn.h"
#include "providers/aws/iam/decision.h"

enum { MOUNT, WRITE, ROOT, CLIENT_ACTIONS };

static const char *const client_actions[] = {
	[MOUNT] = "elasticfilesystem:ClientMount",
	[WRITE] = "elasticfilesystem:ClientWrite",
	[ROOT] = "elasticfilesystem:ClientRootAccess",
};

/* What a client that mounts through a mount target may do, and the condition that leaves some of it open, or NULL. */
struct client {
	enum truth may[CLIENT_ACTIONS];
	const struct condition *open;
};

static struct client client_of(const struct access_policies *policies, struct iam_request request)
{
	struct client client = {0};

	for (size_t i = 0; i < CLIENT_ACTIONS; i++) {
		struct decision decision;

		request.context.action = client_actions[i];
		decision = *request.caller.arn ? access_decide(policies, &request).decision
					       : policy_decide(&policies->resource->policy, &request);
		client.may[i] = decision.allowed;
		if (decision.allowed == TRUTH_MAYBE && decision.open)
			client.open = decision.open;
	}
	return client;
}

static struct request_text file_system_arn(const struct facts *facts)
{
	const char *arn = tree_text(facts_tree(facts, FACT_FILE_SYSTEM), "FileSystems.0.FileSystemArn");

	return (struct request_text){.text = *arn ? arn : NULL};
}

/* The context keys that are listed for a client; those of the time come behind them. */
enum { ANONYMOUS_KEYS = 6, NODE_KEYS = 4 };

/* Plain NFS, with or without TLS: nobody in particular (Amazon EFS User Guide, "Using IAM to control access"). */
static struct client anonymous_client(const struct facts *facts, const struct access_policy *policy)
{
	const struct access_policies policies = {.resource = policy};
	const char *yes = "true";
	struct request_context_value values[ANONYMOUS_KEYS + REQUEST_CONTEXT_TIMES] = {
		{"elasticfilesystem:AccessedViaMountTarget", {&yes, 1}},
		{"aws:PrincipalArn"},
		{"aws:PrincipalAccount"},
		{"aws:PrincipalOrgID"},
		{"aws:userid"},
		{"aws:username"},
	};
	size_t count = ANONYMOUS_KEYS +
		request_context_time(facts->arena, facts->now_ms, values + ANONYMOUS_KEYS);

	return client_of(&policies,
		(struct iam_request){
			.caller = {.account = "", .arn = ""},
			.context = {.resource = file_system_arn(facts), .values = values, .count = count},
		});
}

/* The node role, by a mount with IAM, which needs TLS. Reads ROLE_FACTS(NODE). */
static struct client node_client(const struct facts *facts, const struct access_policy *policy)
{
	const char *arn = role_arn(facts, ROLE_NODE), *yes = "true";
	const char *account = arn_account(facts->arena, arn);
	struct access_policies policies;
	struct request_context_value values[NODE_KEYS + REQUEST_CONTEXT_TIMES] = {
		{"elasticfilesystem:AccessedViaMountTarget", {&yes, 1}},
		{"aws:SecureTransport", {&yes, 1}},
		{"aws:PrincipalArn", {&arn, 1}},
		{"aws:PrincipalAccount", {&account, 1}},
	};
	size_t count = NODE_KEYS + request_context_time(facts->arena, facts->now_ms, values + NODE_KEYS);

	if (!arn)
		return (struct client){0};
	policies = role_policies(facts, ROLE_NODE);
	policies.resource = policy;
	return client_of(&policies,
		(struct iam_request){
			.caller = {.account = account, .arn = arn},
			.context = {.resource = file_system_arn(facts), .values = values, .count = count},
		});
}

static enum truth works(const struct client *client)
{
	return truth_and(client->may[MOUNT], client->may[WRITE]);
}

/* The actions that the client's truth is this for, "elasticfilesystem:ClientMount, …". */
static const char *named(const struct facts *facts, const struct client *client, enum truth truth)
{
	struct text_list names = {0};

	for (size_t i = 0; i < CLIENT_ACTIONS; i++)
		if (client->may[i] == truth)
			text_list_add(facts->arena, &names, client_actions[i]);
	return text_join(facts->arena, &names, ", ");
}

static struct finding leaves_open(const struct facts *facts, const struct client *client)
{
	return finding_make(facts, VERDICT_WARN, "whether the file-system policy allows %s depends on %s",
		named(facts, client, TRUTH_MAYBE),
		client->open ? condition_text(facts->arena, client->open)
			     : "the permissions of the node role");
}

static struct finding judge_root(const struct facts *facts, const struct client *client)
{
	if (client->may[ROOT] == TRUTH_YES)
		return finding_make(facts, VERDICT_PASS,
			"the file-system policy allows mounting, writing and root access");
	if (client->may[ROOT] == TRUTH_MAYBE)
		return leaves_open(facts, client);
	return finding_make(facts, VERDICT_WARN, "the file-system policy does not allow %s",
		client_actions[ROOT]);
}

static const struct index_list node_facts = FACTS(ROLE_FACTS(NODE));

struct finding check_efs_policy(const struct facts *facts)
{
	const json_t *document = tree_get(facts_tree(facts, FACT_FILE_SYSTEM_POLICY), "Policy");
	struct access_policy policy = {.name = "the file-system policy"};
	struct client everyone, node;
	struct finding finding;
	const char *wrong;

	if (!facts_has(facts, FACT_FILE_SYSTEM_POLICY))
		return finding_make(facts, VERDICT_PASS,
			"no file-system policy: every client may mount, write and act as root");
	if (!policy_read(facts->arena, document, &policy.policy, &wrong))
		return finding_make(facts, VERDICT_UNKNOWN, "the file-system policy cannot be understood: %s",
			wrong);
	everyone = anonymous_client(facts, &policy);
	if (works(&everyone) == TRUTH_YES)
		return judge_root(facts, &everyone);
	if (works(&everyone) == TRUTH_MAYBE)
		return leaves_open(facts, &everyone);
	if (facts_any_lost(facts, &node_facts))
		return finding_unknown(facts, &node_facts);
	node = node_client(facts, &policy);
	if (works(&node) == TRUTH_NO)
		return finding_make(facts, VERDICT_FAIL, "the file-system policy does not allow %s",
			named(facts, &node, TRUTH_NO));
	if (works(&node) == TRUTH_MAYBE)
		return leaves_open(facts, &node);
	finding = finding_make(facts, VERDICT_WARN,
		"only clients that mount with IAM get in: to others the file-system policy does not allow %s",
		named(facts, &everyone, TRUTH_NO));
	if (node.may[ROOT] != TRUTH_YES)
		finding_evidence(facts, &finding, "%s", judge_root(facts, &node).text);
	return finding;
}
