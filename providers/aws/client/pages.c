/* SPDX-License-Identifier: Apache-2.0 */
/* Replies in pages become one reply; no page token leaves the engine. */
#include <string.h>

#include "base/text.h"
#include "base/tree.h"
#include "providers/aws/client/call.h"

/* Append the list of one member; what was no list yet (absent, "", a single element) becomes one. */
static void append_list(json_t *reply, const json_t *page, const char *member)
{
	const json_t *more = json_object_get(page, member);
	json_t *list = json_object_get(reply, member);

	if (tree_count(more) == 0)
		return;
	if (!json_is_array(list)) {
		json_t *grown = json_array();

		if (tree_count(list) == 1)
			json_array_append(grown, list);
		json_object_set_new(reply, member, grown);
		list = grown;
	}
	for (size_t i = 0; i < tree_count(more); i++)
		json_array_append(list, (json_t *)(uintptr_t)tree_at(more, i));
}

/* The token of the page after this one; NULL when there is none. */
static const char *next_token(const struct aws_paging *paging, const json_t *page)
{
	const char *token = paging->got ? tree_text(page, paging->got) : "";

	if (!*token || (paging->more && !tree_bool(page, paging->more)))
		return NULL;
	return token;
}

const char *call_add_page(struct call *call, json_t *page, struct error *err)
{
	const struct aws_paging *paging = &call->operation->paging;
	const char *token = arena_strdup(call->arena, next_token(paging, page));

	if (call->reply) {
		struct text_list members = text_split(&call->scratch, paging->items, ',');

		for (size_t i = 0; i < members.count; i++)
			append_list(call->reply, page, members.items[i]);
		json_decref(page);
	} else {
		call->reply = page;
	}
	call->pages++;
	call->received += call->exchange.reply_body.length;
	if (!token) {
		if (call->pages > 1) { /* what belonged to the first page only */
			json_object_del(call->reply, paging->got);
			if (paging->more)
				json_object_del(call->reply, paging->more);
		}
		return NULL;
	}
	if (text_equal(token, call->page))
		error_set(err, ERROR_PROTOCOL, "AWS sent the same page of %s twice", call->operation->id);
	else if (call->pages >= CALL_PAGES_MAX || call->received > CALL_TOTAL_MAX)
		error_set(err, ERROR_PROTOCOL, "AWS sent %d pages (%zu MiB) of %s and did not come to an end",
			call->pages, call->received >> 20, call->operation->id);
	return err->kind == ERROR_NONE ? token : NULL;
}
