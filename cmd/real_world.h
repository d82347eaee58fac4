/* SPDX-License-Identifier: Apache-2.0 */
/* The only file that asks the system for time, environment, randomness and terminals, and that handles signals. */
#ifndef CLOUDCTL_CMD_REAL_WORLD_H
#define CLOUDCTL_CMD_REAL_WORLD_H

#include <stdbool.h>

#include "base/world.h"

/*
 * The process's one world, made ready at the first call: SIGPIPE ignored, no core dumps (memory may hold secrets),
 * descriptors 0-2 open, SIGINT, SIGTERM and SIGHUP noted. The first of these signals sets interrupted() and makes
 * wake_fd readable; the second ends the process at once. A signal that was ignored at the start stays ignored.
 */
struct world *world_real(void);

bool world_is_terminal(int descriptor);

/* Do what a first SIGINT does. */
void world_interrupt(void);

/* Call restore, in the handler, before a second signal ends the process; NULL: nothing any more. */
void world_at_death(void (*restore)(void));

/* End this process by the signal, so that whoever waits for it sees 128+n in a shell. */
_Noreturn void world_end_by_signal(int signal_number);

#endif
