/* SPDX-License-Identifier: Apache-2.0 */
/* The table of commands, from the one list of them. */
#include "base/array.h"
#include "cmd/command.h"

#define COMMAND(name) &command_##name,
const struct command *const commands[] = {
#include "cmd/command_list.h"
};
#undef COMMAND

const size_t command_count = ARRAY_LENGTH(commands);
