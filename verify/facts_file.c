/* SPDX-License-Identifier: Apache-2.0 */
/* Facts as a JSON document and back, so that a run can be judged again without asking. */
#include "base/array.h"
#include "verify/facts.h"

#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/text.h"
#include "base/tree.h"
#include "verify/plan.h"

#define SCHEMA "cloudctl.facts/1"

static const char *const kinds[] = {
	[ERROR_NONE] = "none",
	[ERROR_USAGE] = "usage",
	[ERROR_INPUT] = "input",
	[ERROR_CREDENTIALS] = "credentials",
	[ERROR_DENIED] = "denied",
	[ERROR_NOT_FOUND] = "not-found",
	[ERROR_CONFLICT] = "conflict",
	[ERROR_REJECTED] = "rejected",
	[ERROR_THROTTLED] = "throttled",
	[ERROR_NETWORK] = "network",
	[ERROR_PROTOCOL] = "protocol",
	[ERROR_SERVICE] = "service",
	[ERROR_IO] = "io",
	[ERROR_FAILED] = "failed",
	[ERROR_DECLINED] = "declined",
	[ERROR_INTERRUPTED] = "interrupted",
};

enum { KINDS = ARRAY_LENGTH(kinds) };

static json_t *save_loss(const struct fact_value *value)
{
	const struct error *why = value->error;
	json_t *frames = json_array();
	json_t *loss = json_object();

	for (int i = 0; i < why->depth; i++)
		json_array_append_new(frames, json_string(why->frame[i]));
	json_object_set_new(loss, "doing", json_string(value->doing ? value->doing : ""));
	json_object_set_new(loss, "kind", json_string(kinds[why->kind]));
	json_object_set_new(loss, "status", json_integer(why->http_status));
	json_object_set_new(loss, "code", json_string(why->code));
	json_object_set_new(loss, "action", json_string(why->action));
	json_object_set_new(loss, "request_id", json_string(why->request_id));
	json_object_set_new(loss, "frames", frames);
	return loss;
}

json_t *facts_save(const struct facts *facts, json_t *cloud)
{
	json_t *saved = json_object();

	for (size_t i = 0; i < facts->plan->count; i++) {
		const struct fact_value *value = &facts->values[i];
		json_t *entry;

		if (value->state == FACT_PENDING)
			continue;
		entry = json_object();
		if (value->state == FACT_LOST)
			json_object_set_new(entry, "lost", save_loss(value));
		else
			json_object_set_new(entry, "reply", json_deep_copy(value->tree));
		json_object_set_new(saved, facts->plan->rows[i].name, entry);
	}
	return json_pack("{s:s, s:o, s:o}", "schema", SCHEMA, "cloud", cloud, "facts", saved);
}

static int load_loss(struct facts *facts, unsigned fact, const json_t *loss, struct error *err)
{
	struct error why = {.kind = ERROR_NONE};
	unsigned kind = ERROR_NONE + 1;
	int64_t status = 0;

	while (kind < KINDS && !text_equal(kinds[kind], tree_text(loss, "kind")))
		kind++;
	if (kind == KINDS)
		return error_set(err, ERROR_INPUT, "fact '%s': unknown error kind '%s'",
			facts->plan->rows[fact].name, tree_text(loss, "kind"));
	tree_number(loss, "status", 1, 999, &status);
	why.kind = (enum error_kind)kind;
	why.http_status = (int)status;
	snprintf(why.code, sizeof(why.code), "%s", tree_text(loss, "code"));
	snprintf(why.action, sizeof(why.action), "%s", tree_text(loss, "action"));
	snprintf(why.request_id, sizeof(why.request_id), "%s", tree_text(loss, "request_id"));
	for (size_t i = 0; i < tree_count(tree_get(loss, "frames")) && i < ERROR_FRAMES; i++)
		snprintf(why.frame[why.depth++], ERROR_FRAME_SIZE, "%s",
			tree_text(tree_at(tree_get(loss, "frames"), i), NULL));
	facts_lose(facts, fact, tree_text(loss, "doing"), &why);
	return 0;
}

static int load_fact(struct facts *facts, const char *name, const json_t *entry, struct error *err)
{
	const json_t *reply = json_object_get(entry, "reply");
	const json_t *loss = json_object_get(entry, "lost");
	unsigned fact = 0;

	while (fact < facts->plan->count && !text_equal(facts->plan->rows[fact].name, name))
		fact++;
	if (fact == facts->plan->count)
		return error_set(err, ERROR_INPUT, "there is no fact called '%s'", name);
	if (json_is_object(loss) && !reply)
		return load_loss(facts, fact, loss, err);
	if (loss || !(json_is_object(reply) || json_is_null(reply)))
		return error_set(err, ERROR_INPUT, "fact '%s' needs either a reply or the reason it was lost",
			name);
	facts_learn(facts, fact, reply);
	return 0;
}

int facts_load(struct facts *facts, const json_t *document, struct error *err)
{
	json_t *saved = json_object_get(document, "facts");
	const char *name;
	json_t *entry;

	if (!text_equal(tree_text(document, "schema"), SCHEMA))
		return error_set(err, ERROR_INPUT, "not saved facts: the schema is '%s', not '%s'",
			tree_text(document, "schema"), SCHEMA);
	if (!json_is_object(saved))
		return error_set(err, ERROR_INPUT, "saved facts have no member 'facts'");
	json_object_foreach (saved, name, entry) {
		if (load_fact(facts, name, entry, err) < 0)
			return error_wrap(err, "reading saved facts");
	}
	return 0;
}
