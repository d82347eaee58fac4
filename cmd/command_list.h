/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every command, in the order of the overview: COMMAND(NAME) for struct command command_NAME, which cmd/NAME.c defines.
 * The table of commands, its declarations and the build's list of their files are made of these lines; no include guard,
 * because each use defines COMMAND for itself.
 */
COMMAND(setup)
COMMAND(register)
COMMAND(import)
COMMAND(verify)
COMMAND(edit)
COMMAND(update)
COMMAND(delete)
COMMAND(replay)
COMMAND(list)
COMMAND(get)
COMMAND(history)
COMMAND(set_default)
COMMAND(export)
COMMAND(policy)
COMMAND(template)
COMMAND(checks)
COMMAND(explain)
COMMAND(help)
