/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers that note, and handlers that restore and let the signal do what it would have done. */
#include "ui/screen/terminal_guard.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/array.h"

enum { LEAVE_MAX = 256, WORDS_MAX = 8 << 10, STACK_SIZE = 64 << 10 };

/* The fatal ones, then those that are noted. */
static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGQUIT, SIGTRAP, SIGALRM,
	SIGUSR1, SIGUSR2, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGWINCH, SIGTSTP, SIGCONT};

enum { SIGNALS = ARRAY_LENGTH(signals), NOTED_SIGNALS = 3 };

static struct {
	int tty;
	int wake[2];
	bool open, registered;
	struct termios settings;
	struct sigaction before[SIGNALS];
	char leave[LEAVE_MAX];
	size_t leave_length;
	struct {
		char text[WORDS_MAX];
		size_t length;
	} words[2];                 /* one is written while the other is in use */
	volatile sig_atomic_t said; /* which one is in use */
	volatile sig_atomic_t armed, resized, stop, continued;
} guard = {.tty = -1, .wake = {-1, -1}};

/* The fault may be that the stack is used up. */
static _Alignas(16) unsigned char handler_stack[STACK_SIZE];

void terminal_guard_restore(void)
{
	int saved = errno;

	if (guard.armed) {
		guard.armed = 0;
		(void)!write(guard.tty, guard.leave, guard.leave_length);
		tcsetattr(guard.tty, TCSANOW, &guard.settings);
		(void)!write(guard.tty, guard.words[guard.said].text, guard.words[guard.said].length);
	}
	errno = saved;
}

void terminal_guard_last_words(const char *text, size_t length)
{
	int other = !guard.said;
	const char *line_end;

	if (length > WORDS_MAX) {
		text += length - WORDS_MAX;
		length = WORDS_MAX;
		line_end = memchr(text, '\n', length);
		if (line_end) {
			length -= (size_t)(line_end + 1 - text);
			text = line_end + 1;
		}
	}
	memcpy(guard.words[other].text, text, length);
	guard.words[other].length = length;
	guard.said = other;
}

/* What was there before takes the signal: the default kills, a sanitizer's handler reports first. */
static void die(int number)
{
	terminal_guard_restore();
	for (size_t i = 0; i < SIGNALS; i++) {
		if (signals[i] == number)
			sigaction(number, &guard.before[i], NULL);
	}
	raise(number); /* is blocked here, and comes as soon as the handler returns */
}

static void note(int number)
{
	int saved = errno;

	if (number == SIGWINCH)
		guard.resized = 1;
	else if (number == SIGTSTP)
		guard.stop = 1;
	else
		guard.continued = 1;
	(void)!write(guard.wake[1], "", 1);
	errno = saved;
}

static void handle_signals(void)
{
	const stack_t stack = {.ss_sp = handler_stack, .ss_size = STACK_SIZE};

	sigaltstack(&stack, NULL);
	for (size_t i = 0; i < SIGNALS; i++) {
		bool fatal = i < SIGNALS - NOTED_SIGNALS;
		struct sigaction action = {.sa_handler = fatal ? die : note,
			.sa_flags = fatal ? SA_ONSTACK : SA_RESTART};

		sigemptyset(&action.sa_mask);
		sigaction(signals[i], NULL, &guard.before[i]);
		/* What was ignored at the start stays so; with SIGTSTP ignored nobody would send SIGCONT. */
		if (guard.before[i].sa_handler != SIG_IGN || signals[i] == SIGWINCH || signals[i] == SIGCONT)
			sigaction(signals[i], &action, NULL);
	}
}

int terminal_guard_open(struct error *err)
{
	guard.tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (guard.tty < 0)
		return error_set(err, ERROR_IO, "there is no terminal: %s", strerror(errno));
	if (tcgetattr(guard.tty, &guard.settings) < 0 || pipe2(guard.wake, O_CLOEXEC | O_NONBLOCK) < 0) {
		error_set(err, ERROR_IO, "the terminal cannot be used: %s", strerror(errno));
		close(guard.tty);
		guard.tty = -1;
		return -1;
	}
	guard.open = true;
	if (!guard.registered)
		atexit(terminal_guard_restore);
	out_of_memory_restore(terminal_guard_restore);
	guard.registered = true;
	handle_signals();
	return 0;
}

int terminal_guard_tty(void)
{
	return guard.tty;
}

int terminal_guard_wake(void)
{
	return guard.wake[0];
}

void terminal_guard_arm(const char *leave)
{
	guard.leave_length = strnlen(leave, LEAVE_MAX);
	memcpy(guard.leave, leave, guard.leave_length);
	guard.armed = 1;
}

void terminal_guard_disarm(void)
{
	guard.armed = 0;
}

struct terminal_changes terminal_guard_take(void)
{
	struct terminal_changes changes;
	char bytes[64];

	while (read(guard.wake[0], bytes, sizeof(bytes)) > 0)
		;
	changes = (struct terminal_changes){guard.resized, guard.stop, guard.continued};
	guard.resized = guard.stop = guard.continued = 0;
	return changes;
}

void terminal_guard_stop(void)
{
	struct sigaction usual = {.sa_handler = SIG_DFL}, noting;

	sigemptyset(&usual.sa_mask);
	tcsetattr(guard.tty, TCSANOW, &guard.settings);
	sigaction(SIGTSTP, &usual, &noting);
	raise(SIGTSTP); /* the process stops here */
	sigaction(SIGTSTP, &noting, NULL);
	tcgetattr(guard.tty, &guard.settings); /* the shell may have set it up otherwise meanwhile */
}

bool terminal_guard_size(int *width, int *height)
{
	struct winsize size;

	if (ioctl(guard.tty, TIOCGWINSZ, &size) < 0 || size.ws_col == 0 || size.ws_row == 0)
		return false;
	*width = size.ws_col;
	*height = size.ws_row;
	return true;
}

bool terminal_guard_hung_up(void)
{
	struct pollfd tty = {.fd = guard.tty, .events = POLLIN};

	return poll(&tty, 1, 0) > 0 && (tty.revents & (POLLHUP | POLLERR | POLLNVAL));
}

void terminal_guard_close(void)
{
	if (!guard.open)
		return;
	terminal_guard_restore();
	tcsetattr(guard.tty, TCSANOW, &guard.settings);
	for (size_t i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &guard.before[i], NULL);
	close(guard.wake[0]);
	close(guard.wake[1]);
	close(guard.tty);
	guard.tty = guard.wake[0] = guard.wake[1] = -1;
	guard.open = false;
}
