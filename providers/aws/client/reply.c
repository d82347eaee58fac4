/* SPDX-License-Identifier: Apache-2.0 */
/* Unwrapping replies, protocol by protocol. */
#include "providers/aws/client/reply.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "providers/aws/client/percent.h"
#include "providers/net/transport.h"
#include "providers/net/xml.h"

/* Not XML or JSON at all, but a page for people: a network's sign-in, a proxy's complaint. */
static bool is_web_page(struct arena *arena, const struct exchange *x)
{
	const char *type = exchange_header(x, arena, "content-type"), *body = str_text(&x->reply_body);

	body += strspn(body, " \t\r\n");
	return text_glob("text/html*", type ? type : "", true) || text_glob("<!doctype html*", body, true) ||
		text_glob("<html*", body, true);
}

static json_t *wrong(struct error *err, const struct aws_operation *operation, const char *what)
{
	error_set(err, ERROR_PROTOCOL, "the reply to %s is not what AWS sends: %s", operation->id, what);
	return NULL;
}

/* An element without children is "" in the tree; as the whole result it is an object without members. */
static json_t *as_object(json_t *node)
{
	if (json_is_object(node))
		return node;
	json_decref(node);
	return json_object();
}

/* The children of an element of this name. */
static json_t *parse_xml(struct arena *arena, const struct aws_operation *operation, const struct exchange *x,
	const char *name, struct error *err)
{
	char root[64];
	json_t *tree = xml_parse(str_text(&x->reply_body), x->reply_body.length, root, err);

	if (!tree)
		return wrong(err, operation, arena_strdup(arena, err->frame[0]));
	if (text_equal(root, name))
		return as_object(tree);
	json_decref(tree);
	return wrong(err, operation, arena_printf(arena, "its root is <%s>", root));
}

/* ec2 and query: <OperationResponse>, and in query <OperationResult> inside. */
static json_t *read_response(struct arena *arena, const struct aws_operation *operation,
	const struct exchange *x, struct error *err)
{
	json_t *tree = parse_xml(arena, operation, x, arena_printf(arena, "%sResponse", operation->name),
		err);
	json_t *result = tree && operation->result ? json_object_get(tree, operation->result) : tree;

	json_incref(result);
	json_decref(tree);
	if (tree && !result)
		return wrong(err, operation, arena_printf(arena, "no <%s> in it", operation->result));
	return result ? as_object(result) : NULL;
}

static json_t *read_json(struct arena *arena, const struct aws_operation *operation, const struct exchange *x,
	struct error *err)
{
	json_error_t problem;
	json_t *tree;

	if (x->reply_body.length == 0)
		return json_object();
	tree = json_loadb(str_text(&x->reply_body), x->reply_body.length, 0, &problem);
	if (!tree)
		return wrong(err, operation,
			arena_printf(arena, "not JSON: line %d: %s", problem.line, problem.text));
	if (json_is_object(tree))
		return tree;
	json_decref(tree);
	return wrong(err, operation, "not a JSON object");
}

static json_t *read_payload(const struct aws_operation *operation, const struct exchange *x,
	struct error *err)
{
	json_t *text = json_stringn(str_text(&x->reply_body), x->reply_body.length), *tree;

	if (!text)
		return wrong(err, operation, "not UTF-8");
	if (*str_text(&x->reply_body) != '{') { /* the only payloads read here are policies */
		json_decref(text);
		return wrong(err, operation, "not a JSON object");
	}
	tree = json_object();
	json_object_set_new(tree, operation->payload, text);
	return tree;
}

static json_t *read_s3(struct arena *arena, const struct aws_operation *operation, const struct exchange *x,
	struct error *err)
{
	if (operation->payload)
		return read_payload(operation, x, err);
	return operation->root ? parse_xml(arena, operation, x, operation->root, err) : json_object();
}

/* Members that arrive in headers: "BucketRegion=x-amz-bucket-region,…". */
static void add_headers(struct arena *arena, const struct aws_operation *operation, const struct exchange *x,
	json_t *tree)
{
	struct text_list pairs = text_split(arena, operation->reply_headers, ',');

	for (size_t i = 0; i < pairs.count; i++) {
		size_t name = strcspn(pairs.items[i], "=");
		const char *value = exchange_header(x, arena, pairs.items[i] + name + 1);

		if (value)
			json_object_set_new(tree, arena_strndup(arena, pairs.items[i], name),
				json_string(value));
	}
}

/* Decode the text at a path in place; "*" is every element of a list. */
static void decode_document(struct arena *arena, json_t *node, const char *path)
{
	size_t length = strcspn(path, "."), i;
	const char *rest = path[length] ? path + length + 1 : NULL;
	const char *name = arena_strndup(arena, path, length);
	json_t *child;

	if (text_equal(name, "*")) {
		json_array_foreach (node, i, child)
			decode_document(arena, child, rest);
		return;
	}
	child = json_object_get(node, name);
	if (child && rest) {
		decode_document(arena, child, rest);
	} else if (json_is_string(child)) {
		json_t *decoded = json_string(percent_decode(arena, json_string_value(child)));

		if (decoded) /* else it was no UTF-8: left as it came */
			json_object_set_new(node, name, decoded);
	}
}

/* Is it the list of a page? */
static bool is_page(const struct aws_operation *operation, const json_t *list)
{
	return json_is_array(list) || (json_is_string(list) && !*json_string_value(list)) ||
		(json_is_object(list) && operation->result);
}

/* Are the lists of a page there? Flat lists of REST-XML are absent when they are empty. */
static bool has_lists(struct arena *arena, const struct aws_operation *operation, const json_t *tree)
{
	struct text_list members = text_split(arena, operation->paging.items, ',');

	for (size_t i = 0; i < members.count && operation->service->protocol != PROTOCOL_REST_XML; i++)
		if (!is_page(operation, json_object_get(tree, members.items[i])))
			return false;
	return true;
}

static bool is_structure(const json_t *member)
{
	return json_object_size(member) > 0;
}

/* An empty element is "" in the tree. */
static bool is_list(const json_t *member)
{
	return json_is_array(member) || (json_is_string(member) && !*json_string_value(member));
}

static bool is_text(const json_t *member)
{
	return json_is_string(member) && *json_string_value(member);
}

/* Does the tree have each of the members, comma separated? */
static bool has_members(struct arena *arena, const struct aws_operation *operation, const json_t *tree,
	const char *names, bool (*is_right)(const json_t *), struct error *err)
{
	struct text_list members = text_split(arena, names, ',');

	for (size_t i = 0; i < members.count; i++) {
		if (is_right(json_object_get(tree, members.items[i])))
			continue;
		wrong(err, operation, arena_printf(arena, "no %s in it", members.items[i]));
		return false;
	}
	return true;
}

/* A reply without what AWS always sends is not AWS's, and must not pass for "there is nothing". */
static bool is_complete(struct arena *arena, const struct aws_operation *operation, const json_t *tree,
	struct error *err)
{
	if (!has_lists(arena, operation, tree)) {
		wrong(err, operation, arena_printf(arena, "no list %s in it", operation->paging.items));
		return false;
	}
	return has_members(arena, operation, tree, operation->holds, is_structure, err) &&
		has_members(arena, operation, tree, operation->lists, is_list, err) &&
		has_members(arena, operation, tree, operation->says, is_text, err);
}

json_t *reply_read(struct arena *arena, const struct aws_operation *operation,
	const struct exchange *exchange, struct error *err)
{
	static json_t *(*const readers[])(struct arena *, const struct aws_operation *,
		const struct exchange *, struct error *) = {
		[PROTOCOL_EC2] = read_response,
		[PROTOCOL_QUERY] = read_response,
		[PROTOCOL_JSON] = read_json,
		[PROTOCOL_REST_JSON] = read_json,
		[PROTOCOL_REST_XML] = read_s3,
	};
	struct text_list documents = text_split(arena, operation->documents, ',');
	json_t *tree = readers[operation->service->protocol](arena, operation, exchange, err);

	if (tree)
		add_headers(arena, operation, exchange, tree);
	if (!tree || !is_complete(arena, operation, tree, err)) {
		if (is_web_page(arena, exchange))
			error_set(err, ERROR_PROTOCOL,
				"the reply to %s is a web page, not AWS's; is there a proxy in between?",
				operation->id);
		json_decref(tree);
		return NULL;
	}
	for (size_t i = 0; i < documents.count; i++)
		decode_document(arena, tree, documents.items[i]);
	return tree;
}
