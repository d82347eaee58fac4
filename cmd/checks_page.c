/* SPDX-License-Identifier: Apache-2.0 */
/* docs/checks.md: the whole catalogue as one Markdown page. Pure. */
#include "cmd/built_in.h"
#include "cmd/checks.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/text.h"
#include "cmd/context.h"

/* Text in a page: what Markdown would take for itself is escaped. */
static void put_text(struct str *page, const char *text)
{
	for (; *text; text++) {
		if (*text == '<' || *text == '*' || *text == '_' || *text == '`' || *text == '[' ||
			*text == '\\')
			str_putc(page, '\\');
		str_putc(page, *text);
	}
}

static void put_part(struct str *page, const char *title, const char *text)
{
	str_printf(page, "\n**%s.** ", title);
	put_text(page, text);
	str_putc(page, '\n');
}

static void put_check(struct str *page, const struct check *check)
{
	str_printf(page, "\n### `%s`\n", check->id);
	put_part(page, "Must hold", check->holds);
	str_printf(page, "\n**Else.** %s. Applies to %s.\n", verdict_name(check->severity),
		check->applies ? check->applies->words : "every cloud");
	put_part(page, "Why", check->why);
	/* Four spaces make a line code; no remedy holds a line break. */
	str_printf(page, "\n**Remedy.**\n\n    %s\n", check->remedy);
	put_part(page, "Reference", check->reference);
}

void checks_page(struct str *page)
{
	str_puts(page,
		"# Checks\n\n"
		"The checks of `cloudctl verify`. `cloudctl checks --markdown` prints this page from the table that verify works with. Ids\n"
		"never change their meaning. A word in braces, such as `{vpc}`, stands for the cloud's own id; verify fills it in.\n\n"
		"FAIL: a requirement is not met. WARN: a recommendation is not followed. A check that can FAIL may give a WARN, too.\n"
		"A check that applies to functional verification runs only before something real is launched.\n");
	for (size_t i = 0; i < PROVIDER.checks->group_count; i++) {
		const struct check_group *group = PROVIDER.checks->groups[i];

		str_printf(page, "\n## %s\n", group->name);
		for (size_t k = 0; k < group->count; k++)
			put_check(page, &group->checks[k]);
	}
}
