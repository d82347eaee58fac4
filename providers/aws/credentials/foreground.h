/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The terminal lent to a program that asks its user something: job control as a shell does it (POSIX, "General Terminal
 * Interface", 11.1.3 and 11.1.4).
 */
#ifndef CLOUDCTL_PROVIDERS_AWS_CREDENTIALS_FOREGROUND_H
#define CLOUDCTL_PROVIDERS_AWS_CREDENTIALS_FOREGROUND_H

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>

/* A loan; {.tty = -1} when there is none. */
struct foreground {
	int tty;
	pid_t group; /* who has it */
	struct termios settings;
};

/*
 * Make group, of this session, the one that may read from the process's terminal and gets its Ctrl-C and Ctrl-Z. False:
 * there is no terminal, or this process is in the background itself.
 */
bool foreground_lend(struct foreground *loan, pid_t group);

/* Take it back with the settings that it had, whatever became of the group. Harmless without a loan. */
void foreground_take_back(struct foreground *loan);

#endif
