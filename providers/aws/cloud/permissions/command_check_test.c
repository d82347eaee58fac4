/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking IAM what the caller is missing for a command. `policy` needs two actions, which are two questions: iam:GetRole,
 * on roles, and iam:SimulatePrincipalPolicy, on users and roles.
 */
#include "base/test.h"

#include <string.h>

#include "base/text.h"
#include "providers/aws/client/call_test_net.h"
#include "providers/aws/cloud/permissions/command_needs.h"

#define ACCOUNT "999999999999"
#define USER "arn:aws:iam::" ACCOUNT ":user/ann"
#define ROLES "arn:aws:iam::" ACCOUNT ":role/*"
#define USERS "arn:aws:iam::" ACCOUNT ":user/*"

#define IDENTITY(arn) \
	{ \
		200, \
			"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>" arn \
			"</Arn><Account>" ACCOUNT \
			"</Account></GetCallerIdentityResult></GetCallerIdentityResponse>" \
	}
#define RESULT(action, resource, decision) \
	"<member><EvalActionName>" action "</EvalActionName><EvalResourceName>" resource \
	"</EvalResourceName><EvalDecision>" decision "</EvalDecision></member>"
#define ANSWER(results) \
	{ \
		200, \
			"<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult>" \
			"<EvaluationResults>" results \
			"</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>" \
	}
#define GET_ROLE(decision) ANSWER(RESULT("iam:GetRole", ROLES, decision))
#define SIMULATE(decision) \
	ANSWER(RESULT("iam:SimulatePrincipalPolicy", ROLES, decision) \
			RESULT("iam:SimulatePrincipalPolicy", USERS, decision))
#define REFUSAL(status, code) \
	{ \
		status, \
			"<ErrorResponse><Error><Code>" code \
			"</Code><Message>no</Message></Error></ErrorResponse>" \
	}

/* Check `policy` with these replies; account NULL: whichever the caller's is. */
static int check(struct net *net, const struct net_reply *replies, size_t count, const char *account,
	struct command_check *found, struct error *err)
{
	struct command_subject subject = {.command = "policy", .account = account};

	net_open(net, replies, count);
	return command_check(net->aws, &net->arena, &subject, found, err);
}

static void finds_what_is_missing(void **state)
{
	static const struct {
		struct net_reply replies[3];
		const char *missing; /* "action on resource: why", by ";" */
	} rows[] = {
		{{IDENTITY(USER), GET_ROLE("allowed"), SIMULATE("allowed")}, ""},
		{{IDENTITY(USER), GET_ROLE("implicitDeny"), SIMULATE("allowed")},
			"iam:GetRole on " ROLES ": no policy allows it"},
		{{IDENTITY(USER), GET_ROLE("allowed"), SIMULATE("explicitDeny")},
			"iam:SimulatePrincipalPolicy on " ROLES ": denied by a policy;"
			"iam:SimulatePrincipalPolicy on " USERS ": denied by a policy"},
		/* silence is never taken for permission */
		{{IDENTITY(USER), ANSWER(""), SIMULATE("allowed")},
			"iam:GetRole on " ROLES ": IAM did not answer"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct net net = {0};
		struct command_check found;
		struct error err = {0};
		struct text_list texts = {0};

		assert_int_equal(check(&net, rows[i].replies, 3, NULL, &found, &err), 0);
		assert_null(found.undetermined);
		assert_string_equal(found.caller.principal, USER);
		assert_string_equal(found.command.scope.account, ACCOUNT);
		assert_string_equal(found.command.scope.region, "us-west-2");
		for (size_t k = 0; k < found.missing.count; k++)
			text_list_add(&net.arena, &texts,
				arena_printf(&net.arena, "%s on %s: %s", found.missing.items[k].action,
					found.missing.items[k].resource, found.missing.items[k].why));
		assert_string_equal(text_join(&net.arena, &texts, ";"), rows[i].missing);
		assert_int_equal(net.most_flying, 2);
		net_close(&net);
	}
}

/* The answer to one question is worth saying although the other has none. */
static void a_refused_question_leaves_the_others(void **state)
{
	static const struct net_reply replies[] = {IDENTITY(USER), REFUSAL(403, "AccessDenied"),
		SIMULATE("implicitDeny")};
	struct net net = {0};
	struct command_check found;
	struct error err = {0};

	(void)state;
	assert_int_equal(check(&net, replies, ARRAY_LENGTH(replies), NULL, &found, &err), 0);
	assert_int_equal(err.kind, 0);
	assert_int_equal(found.missing.count, 2);
	assert_string_equal(found.missing.items[0].action, "iam:SimulatePrincipalPolicy");
	assert_non_null(strstr(found.undetermined, "asking IAM what " USER " may do"));
	assert_non_null(strstr(found.undetermined, "AccessDenied"));
	net_close(&net);
}

/* The root user may do everything, and about others than users and roles nobody can be asked. */
static void some_callers_are_not_asked_about(void **state)
{
	static const struct {
		struct net_reply reply;
		const char *undetermined;
	} rows[] = {
		{IDENTITY("arn:aws:iam::" ACCOUNT ":root"), NULL},
		{IDENTITY("arn:aws:sts::" ACCOUNT ":federated-user/bob"),
			"IAM's policy simulator works for users and roles, not for arn:aws:sts::" ACCOUNT
			":federated-user/bob"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct net net = {0};
		struct command_check found;
		struct error err = {0};

		assert_int_equal(check(&net, &rows[i].reply, 1, NULL, &found, &err), 0);
		assert_int_equal(found.missing.count, 0);
		assert_int_equal(found.caller.root, rows[i].undetermined == NULL);
		assert_true(text_equal(found.undetermined, rows[i].undetermined));
		net_close(&net);
	}
}

/* A session's role may have a path; where that cannot be read, it explains why IAM knows no such role. */
static void an_unread_role_is_named(void **state)
{
	static const struct net_reply replies[] = {
		IDENTITY("arn:aws:sts::" ACCOUNT ":assumed-role/ops/ann"),
		REFUSAL(403, "AccessDenied"),
		REFUSAL(404, "NoSuchEntity"),
		REFUSAL(404, "NoSuchEntity"),
	};
	struct net net = {0};
	struct command_check found;
	struct error err = {0};

	(void)state;
	assert_int_equal(check(&net, replies, ARRAY_LENGTH(replies), NULL, &found, &err), 0);
	assert_string_equal(found.caller.principal, "arn:aws:iam::" ACCOUNT ":role/ops");
	assert_non_null(strstr(found.undetermined, "NoSuchEntity"));
	assert_non_null(strstr(found.undetermined, "; the role could not be read to find its path: "));
	net_close(&net);
}

static void failures_are_errors(void **state)
{
	static const struct net_reply stranger[] = {IDENTITY(USER)};
	static const struct net_reply cut[] = {IDENTITY(USER), {.status = 0}, SIMULATE("allowed")};
	static const struct {
		const struct net_reply *replies;
		size_t count;
		const char *account;
		enum error_kind kind;
		const char *text;
	} rows[] = {
		{stranger, ARRAY_LENGTH(stranger), "111122223333", ERROR_CREDENTIALS,
			"the credentials are those of account " ACCOUNT ", not 111122223333"},
		{cut, ARRAY_LENGTH(cut), ACCOUNT, ERROR_NETWORK, "no answer"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct net net = {0};
		struct command_check found;
		struct error err = {0};
		struct str text = {.max = 4096};

		assert_int_equal(check(&net, rows[i].replies, rows[i].count, rows[i].account, &found, &err),
			-1);
		assert_int_equal(err.kind, rows[i].kind);
		text.arena = &net.arena;
		error_format(&err, &text);
		assert_non_null(strstr(str_text(&text), "checking the permissions for 'policy'"));
		assert_non_null(strstr(str_text(&text), rows[i].text));
		net_close(&net);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_is_missing),
		cmocka_unit_test(a_refused_question_leaves_the_others),
		cmocka_unit_test(some_callers_are_not_asked_about),
		cmocka_unit_test(an_unread_role_is_named),
		cmocka_unit_test(failures_are_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
