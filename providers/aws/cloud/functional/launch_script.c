/* SPDX-License-Identifier: Apache-2.0 */
/* Values as assignments of a shell, each one quoted word, and the script after them. */
#include "providers/aws/cloud/functional/launch_script.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/shell_word.h"
#include "base/str.h"

extern const unsigned char instance_sh[]; /* cloudctl_embed() in CMakeLists.txt */

/* Without what is there for people: the space is small. Documents in it are indented by blanks, and have no comments. */
static void put_script(struct str *text, const char *script)
{
	while (*script) {
		size_t length;

		script += strspn(script, "\t");
		length = strcspn(script, "\n");
		length += script[length] == '\n';
		if (*script != '#' && *script != '\n')
			str_printf(text, "%.*s", (int)length, script);
		script += length;
	}
}

const char *launch_script(struct arena *arena, const struct launch_script *values, struct error *err)
{
	const struct {
		const char *name, *value;
	} rows[] = {
		{"RUN", values->run},
		{"REGION", values->region},
		{"REPORT", values->report_url},
		{"BUCKET_URL", values->bucket_url},
		{"STS_URL", values->sts_url},
		{"ECR_URL", values->ecr_url},
		{"PYPI_URL", values->pypi_url},
		{"NAMES", values->names},
		{"EFS_NAME", values->efs_name},
		{"EFS_ADDRESS", values->efs_address},
		{"WHAT", values->what},
		{"REDIS", values->redis},
		{"RAY_VERSION", RAY_VERSION},
	};
	struct str text = {.arena = arena, .max = USER_DATA_MAX};

	/* First of all, the end: nothing that happens below can keep the instance running. */
	str_printf(&text, "#!/bin/bash\nshutdown -h +%d >/dev/null 2>&1 &\n", values->minutes);
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		str_printf(&text, "%s=%s\n", rows[i].name, shell_word(arena, rows[i].value));
	put_script(&text, (const char *)instance_sh);
	if (text.overflow) {
		error_set(err, ERROR_INPUT, "the user data would be longer than %d bytes", USER_DATA_MAX);
		return NULL;
	}
	return str_text(&text);
}
