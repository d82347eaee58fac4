/* SPDX-License-Identifier: Apache-2.0 */
/* The real world. Signal handlers do nothing that is not async-signal-safe: one flag, one byte. */
#include "cmd/real_world.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"

enum { EXIT_INTERNAL = 70 };

static volatile sig_atomic_t noted_signal;
static void (*volatile at_death)(void);
static int signal_pipe[2] = {-1, -1};

static void note_signal(int number)
{
	int saved = errno;

	if (noted_signal) { /* the user insists: die of it as soon as the handler returns */
		if (at_death)
			at_death();
		signal(number, SIG_DFL);
		raise(number);
	}
	noted_signal = number;
	(void)!write(signal_pipe[1], "", 1);
	errno = saved;
}

void world_interrupt(void)
{
	if (!noted_signal)
		note_signal(SIGINT);
}

void world_at_death(void (*restore)(void))
{
	at_death = restore;
}

static int64_t milliseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t wall_ms(struct world *self)
{
	(void)self;
	return milliseconds(CLOCK_REALTIME);
}

static int64_t steady_ms(struct world *self)
{
	(void)self;
	return milliseconds(CLOCK_MONOTONIC);
}

static const char *environment(struct world *self, const char *name)
{
	const char *value = getenv(name);

	(void)self;
	return value && value[0] ? value : NULL;
}

static void random_bytes(struct world *self, void *bytes, size_t length)
{
	unsigned char *at = bytes;

	(void)self;
	while (length > 0) {
		ssize_t got = getrandom(at, length, 0);

		if (got < 0 && errno != EINTR)
			_exit(EXIT_INTERNAL); /* never go on with what is not random */
		if (got > 0) {
			at += got;
			length -= (size_t)got;
		}
	}
}

static int interrupted(struct world *self)
{
	(void)self;
	return noted_signal;
}

/* A file opened later must not become stdout. What was closed is opened the wrong way, so that its use still fails. */
static void keep_standard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
	}
}

static void handle_signals(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction action = {.sa_handler = note_signal, .sa_flags = SA_RESTART};
	struct sigaction before;

	if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) < 0)
		return; /* the defaults stay: a signal ends the process */
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
		sigaction(numbers[i], NULL, &before);
		if (before.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
	}
}

struct world *world_real(void)
{
	static struct world world = {.wall_ms = wall_ms,
		.steady_ms = steady_ms,
		.environment = environment,
		.random = random_bytes,
		.interrupted = interrupted,
		.wake_fd = -1};
	/* 1 and not 0: where the kernel pipes core dumps to a program it looks for this value only (core(5)). */
	static const struct rlimit no_core = {.rlim_cur = 1, .rlim_max = 1};

	if (world.wake_fd < 0) {
		keep_standard_descriptors();
		setrlimit(RLIMIT_CORE, &no_core);
		signal(SIGPIPE, SIG_IGN);
		/* A file over its limit is an error of write() then, said and cleaned up after. */
		signal(SIGXFSZ, SIG_IGN);
		handle_signals();
		world.wake_fd = signal_pipe[0];
	}
	return &world;
}

bool world_is_terminal(int descriptor)
{
	return isatty(descriptor);
}

_Noreturn void world_end_by_signal(int signal_number)
{
	sigset_t unblock;

	signal(signal_number, SIG_DFL);
	sigemptyset(&unblock);
	sigaddset(&unblock, signal_number);
	sigprocmask(SIG_UNBLOCK, &unblock, NULL);
	raise(signal_number);
	_exit(128 + signal_number);
}
