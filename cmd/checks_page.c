/* SPDX-License-Identifier: Apache-2.0 */
/* docs/checks.md: the whole catalogue as one Markdown page. Pure. */
#include "cmd/checks.h"

#include "base/arena.h"
#include "base/str.h"
#include "base/text.h"

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
	bool always = check->applies == APPLIES_ALWAYS;

	str_printf(page, "\n### `%s`\n", check->id);
	put_part(page, "Must hold", check->holds);
	str_printf(page, "\n**Else.** %s; %s%s.\n", verdict_name(check->severity),
		always ? "asked of every cloud" : "asked of ", always ? "" : checks_applies(check->applies));
	put_part(page, "Why", check->why);
	/* Four spaces make a line code; no remedy holds a line break. */
	str_printf(page, "\n**Remedy.**\n\n    %s\n", check->remedy);
	put_part(page, "Reference", check->reference);
}

void checks_page(struct str *page)
{
	str_puts(page,
		"# Checks\n\n"
		"What `cloudctl verify` looks at, written by `cloudctl checks --markdown` from the table that it works with. Ids never\n"
		"change their meaning. A word in braces, `{vpc}` for example, stands for the cloud's own id; verify fills it in.\n\n"
		"FAIL: a requirement is not met. WARN: a recommendation is not followed. A check whose worst is FAIL may warn, too.\n"
		"`functional verification` stands for checks that are made only before something real is launched.\n");
	for (size_t i = 0; i < check_count; i++) {
		if (i == 0 || checks[i].group != checks[i - 1].group)
			str_printf(page, "\n## %s\n", group_name(checks[i].group));
		put_check(page, &checks[i]);
	}
}
