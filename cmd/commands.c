/* SPDX-License-Identifier: Apache-2.0 */
/* The table of commands, in the order of the overview. A command is added here and in its own file. */
#include "cmd/command.h"

const struct command *const commands[] = {
	&command_setup,
	&command_register,
	&command_verify,
	&command_delete,
	&command_replay,
	&command_list,
	&command_get,
	&command_set_default,
	&command_policy,
	&command_template,
	&command_checks,
	&command_explain,
	&command_help,
};

const size_t command_count = sizeof(commands) / sizeof(commands[0]);
