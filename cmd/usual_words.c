/* SPDX-License-Identifier: Apache-2.0 */
/* The two tables. */
#include "cmd/usual_words.h"

#include <stddef.h>

#include "base/array.h"
#include "base/text.h"

struct usual {
	const char *words; /* separated by spaces */
	const char *here;
};

/* clang-format off */
static const struct usual commands_table[] = {
	{"ls clouds", "list"},
	{"describe show cat", "get"},
	{"create new up init provision deploy", "setup"},
	{"rm remove destroy down terminate", "delete"},
	{"check test validate doctor lint status", "verify"},
	{"change modify set", "edit"},
	{"apply upgrade", "update"},
	{"adopt add", "register"},
	{"restore recover", "import"},
	{"log logs events audit", "history"},
	{"use use-context switch", "set-default"},
	{"permissions iam", "policy"},
	{"version verison", "--version"},
};

static const struct usual options_table[] = {
	{"--dry-run --dryrun --noop --preview --check-only", "--plan"},
	{"--json", "--output json"},
	{"--yaml", "--output yaml"},
	{"--format", "--output"},
	{"--assume-yes --auto-approve --no-confirm --non-interactive", "--yes"},
	{"--no-color --no-colour --nocolor", "--color never"},
	{"--colour", "--color"},
	{"--trace --log", "--debug"},
	{"--aws-profile", "--profile"},
	{"--aws-region", "--region"},
	{"--cluster-id --cloud", "--cloud-id"},
};
/* clang-format on */

static const char *find(const struct usual *table, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (text_is_among(word, table[i].words))
			return table[i].here;
	return NULL;
}

const char *usual_command(const char *word)
{
	return find(commands_table, ARRAY_LENGTH(commands_table), word);
}

const char *usual_option(const char *word)
{
	return find(options_table, ARRAY_LENGTH(options_table), word);
}
