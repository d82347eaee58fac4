/* SPDX-License-Identifier: Apache-2.0 */
/* The terminal's foreground process group, changed and changed back. */
#include "providers/aws/credentials/foreground.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/file.h"

bool foreground_lend(struct foreground *loan, pid_t group)
{
	int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (tty < 0)
		return false;
	if (tcgetpgrp(tty) != getpgrp() || tcgetattr(tty, &loan->settings) < 0 || tcsetpgrp(tty, group) < 0) {
		close(tty);
		return false;
	}
	loan->tty = tty;
	loan->group = group;
	return true;
}

void foreground_take_back(struct foreground *loan)
{
	sigset_t output, before;

	if (loan->tty < 0)
		return;
	/* Who is in the background and takes the terminal gets SIGTTOU, unless it is blocked. */
	sigemptyset(&output);
	sigaddset(&output, SIGTTOU);
	sigprocmask(SIG_BLOCK, &output, &before);
	if (tcgetpgrp(loan->tty) == loan->group && tcsetpgrp(loan->tty, getpgrp()) == 0)
		tcsetattr(loan->tty, TCSANOW, &loan->settings);
	sigprocmask(SIG_SETMASK, &before, NULL);
	file_close(&loan->tty);
}
