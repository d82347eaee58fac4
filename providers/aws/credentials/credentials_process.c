/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program of the user's that prints credentials, started without a shell and stopped at its limits with all that it has
 * started. It is a process group of its own, in the background: when it wants to read from the terminal the kernel stops
 * it, and it is lent the terminal.
 */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/file.h"
#include "base/redact.h"
#include "base/tree.h"
#include "base/world.h"
#include "providers/aws/client/trace.h"
#include "providers/aws/credentials/credentials_source.h"
#include "providers/aws/credentials/foreground.h"
#include "providers/net/connection.h"

enum { OUTPUT_MAX = 64 << 10, COMPLAINT_MAX = 4096, TIME_LIMIT_MS = 120 * 1000, TURN_MS = 100 };

/* A running program and what it wrote. Descriptors are -1 when closed. */
struct process {
	pid_t pid; /* and the number of its process group */
	int out, errors;
	bool ended, wants_terminal;
	int status; /* of waitpid(), once it has ended */
	struct foreground loan;
	struct str output, complaint;
};

/* A pipe whose ends no other program inherits. */
static int open_pipe(int *reading, int *writing)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	*reading = ends[0];
	*writing = ends[1];
	return 0;
}

/* Signals as a program expects them: SIGPIPE is ignored in this one. */
static int spawn(char **words, int out, int errors, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t usual;
	int problem;

	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &usual);
	posix_spawnattr_setpgroup(&attributes, 0); /* a group of its own */
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
	problem = posix_spawnp(pid, words[0], &actions, &attributes, words, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return problem;
}

static int start(struct process *process, char **words, struct error *err)
{
	__attribute__((cleanup(file_close))) int out = -1, errors = -1;
	int problem;

	if (open_pipe(&process->out, &out) < 0 || open_pipe(&process->errors, &errors) < 0)
		return error_set(err, ERROR_CREDENTIALS, "%s", strerror(errno));
	problem = spawn(words, out, errors, &process->pid);
	if (problem)
		return error_set(err, ERROR_CREDENTIALS, "%s: %s", words[0], strerror(problem));
	return 0;
}

/* Read what there is; closes at the end. */
static void drain(int *descriptor, struct str *to)
{
	char bytes[4096];
	ssize_t got = read(*descriptor, bytes, sizeof(bytes));

	if (got > 0)
		str_add(to, bytes, (size_t)got);
	else if (got == 0 || errno != EINTR)
		file_close(descriptor);
	OPENSSL_cleanse(bytes, sizeof(bytes));
}

static int check_patience(const struct credentials_search *search, int64_t until_ms, struct error *err)
{
	struct world *world = search->world;

	if (source_check_signal(search, err) < 0)
		return -1;
	if (world->steady_ms(world) > until_ms)
		return error_set(err, ERROR_CREDENTIALS, "it did not end within %d s", TIME_LIMIT_MS / 1000);
	return 0;
}

/*
 * It was stopped: it wants the terminal, or it had it and the user pressed Ctrl-Z, which then is for the whole job, as it
 * would be without process groups.
 */
static int note_stop(const struct credentials_search *search, struct process *process, int number,
	struct error *err)
{
	struct prompt *prompt = search->prompt;

	if (number != SIGTTIN && number != SIGTTOU && process->loan.tty < 0)
		return 0; /* somebody did it on purpose, and will continue it */
	if (prompt && !prompt->may_lend(prompt))
		return error_set(err, ERROR_CREDENTIALS,
			"it wants to ask on the terminal, which the full screen has; give --ui plain");
	foreground_take_back(&process->loan);
	if (number == SIGTSTP)
		kill(0, SIGTSTP);
	process->wants_terminal = true;
	return 0;
}

/* Lend it the terminal. Where that is another job's, stop as the kernel stops a job in the background that reads. */
static void serve_terminal(struct process *process)
{
	if (!foreground_lend(&process->loan, process->pid)) {
		kill(0, SIGTTIN);
		return;
	}
	process->wants_terminal = false;
	kill(-process->pid, SIGCONT);
}

static int look_at(const struct credentials_search *search, struct process *process, struct error *err)
{
	int status;

	if (process->wants_terminal)
		serve_terminal(process);
	if (process->ended || waitpid(process->pid, &status, WNOHANG | WUNTRACED) <= 0)
		return 0;
	if (WIFSTOPPED(status))
		return note_stop(search, process, WSTOPSIG(status), err);
	process->ended = true;
	process->status = status;
	return 0;
}

static bool has_output(const struct process *process)
{
	return process->out >= 0 || process->errors >= 0;
}

/* Follow it to its end and the end of its output. */
static int follow(const struct credentials_search *search, struct process *process, int64_t until_ms,
	struct error *err)
{
	while (has_output(process) || !process->ended) {
		struct pollfd fds[] = {{.fd = process->out, .events = POLLIN},
			{.fd = process->errors, .events = POLLIN},
			{.fd = source_wake_fd(search), .events = POLLIN}};

		if (check_patience(search, until_ms, err) < 0 || look_at(search, process, err) < 0)
			return -1;
		if (poll(fds, ARRAY_LENGTH(fds), has_output(process) ? TURN_MS : TURN_MS / 10) > 0) {
			if (fds[0].revents)
				drain(&process->out, &process->output);
			if (fds[1].revents)
				drain(&process->errors, &process->complaint);
		}
		if (process->output.overflow)
			return error_set(err, ERROR_CREDENTIALS, "it wrote more than %d KiB",
				OUTPUT_MAX >> 10);
		world_look(search->world);
	}
	return 0;
}

/* The keys that it printed before it failed. */
static struct text_list printed_secrets(const struct process *process, struct arena *arena)
{
	static const char *const names[] = {"SecretAccessKey", "SessionToken"};
	json_t *tree = json_loadb(str_text(&process->output), process->output.length, 0, NULL);
	struct text_list secrets = {0};

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		text_list_add(arena, &secrets, arena_strdup(arena, tree_text(tree, names[i])));
	json_decref(tree);
	return secrets;
}

/* Its complaint, on one line, without what it printed or called a secret. */
static const char *complaint(struct process *process, struct arena *arena)
{
	struct str line = {.arena = arena, .max = 200}, named = {.arena = arena, .max = 2 * COMPLAINT_MAX};
	const struct text_list secrets = printed_secrets(process, arena);
	const char *text = redacted(arena, &secrets, str_text(&process->complaint));

	trace_put(&named, text, strlen(text));
	text = str_text(&named);
	str_put_visible(&line, text + strspn(text, " \t\r\n"));
	while (line.length > 0 && line.data[line.length - 1] == ' ')
		line.data[--line.length] = '\0';
	return line.length > 0 ? arena_printf(arena, ": %s", str_text(&line)) : "";
}

static int check_status(const struct credentials_search *search, struct process *process, struct error *err)
{
	int status = process->status;

	if (WIFSIGNALED(status))
		return error_set(err, ERROR_CREDENTIALS, "it ended by signal %d%s", WTERMSIG(status),
			complaint(process, search->scratch));
	if (WEXITSTATUS(status) != 0)
		return error_set(err, ERROR_CREDENTIALS, "it ended with %d%s", WEXITSTATUS(status),
			complaint(process, search->scratch));
	return 0;
}

/* Follow it to its end; one that takes too long, writes too much or is interrupted is stopped with its children. */
static int finish(const struct credentials_search *search, struct process *process, struct error *err)
{
	struct world *world = search->world;
	int result = follow(search, process, world->steady_ms(world) + TIME_LIMIT_MS, err);
	bool lent = process->loan.tty >= 0;

	if (result < 0)
		kill(-process->pid, SIGKILL);
	while (!process->ended && waitpid(process->pid, &process->status, 0) < 0 && errno == EINTR)
		;
	foreground_take_back(&process->loan);
	if (result < 0)
		return -1;
	/* The Ctrl-C that ended it was meant for this program as well. */
	if (lent && WIFSIGNALED(process->status) && WTERMSIG(process->status) == SIGINT) {
		raise(SIGINT);
		if (source_check_signal(search, err) < 0)
			return -1;
	}
	return check_status(search, process, err);
}

static int run(const struct credentials_search *search, char **words, struct process *process,
	struct error *err)
{
	int result = start(process, words, err);

	if (result == 0)
		result = finish(search, process, err);
	file_close(&process->out);
	file_close(&process->errors);
	return result;
}

static const char blanks[] = " \t\r\n";

/* Copy one word to *to without its quotes; returns what follows, NULL when a quote stays open. */
static const char *take_word(const char *from, char **to)
{
	char quote = 0;

	for (; *from && (quote || !strchr(blanks, *from)); from++) {
		if (!quote && (*from == '"' || *from == '\'')) {
			quote = *from;
		} else if (quote && *from == quote) {
			quote = 0;
		} else if (*from == '\\' && quote != '\'' && (!quote || from[1] == '"' || from[1] == '\\')) {
			if (!*++from)
				return NULL;
			*(*to)++ = *from;
		} else {
			*(*to)++ = *from;
		}
	}
	*(*to)++ = '\0';
	return quote ? NULL : from;
}

char **process_split(struct arena *arena, const char *command, struct error *err)
{
	/* No word is longer than its source, and there are at most as many as every other character. */
	size_t length = strlen(command), count = 0;
	char *out = arena_alloc(arena, length + 2);
	char **words = arena_array(arena, length / 2 + 2, sizeof(*words));

	for (command += strspn(command, blanks); *command; command += strspn(command, blanks)) {
		words[count++] = out;
		command = take_word(command, &out);
		if (!command) {
			error_set(err, ERROR_INPUT,
				"a quote without its end, or a backslash with nothing after it");
			return NULL;
		}
	}
	if (count > 0)
		return words;
	error_set(err, ERROR_INPUT, "there is no command");
	return NULL;
}

static int take(const struct credentials_search *search, const struct str *output, struct credentials *found,
	struct error *err)
{
	json_t *tree = source_parse(search, str_text(output), output->length, "its output", err);
	const json_t *version = json_object_get(tree, "Version");

	if (!tree)
		return -1;
	if (json_integer_value(version) != 1)
		return error_set(err, ERROR_CREDENTIALS, "its output has no \"Version\": 1");
	return source_take_tree(search, "its output", tree, &source_process_names, found, err);
}

int source_process(const struct credentials_search *search, struct credentials *found, struct str *tried,
	struct error *err)
{
	const char *command = source_setting(search, "credential_process");
	struct process process = {
		.out = -1,
		.errors = -1,
		.loan = {.tty = -1},
		.output = {.arena = search->scratch, .max = OUTPUT_MAX},
		.complaint = {.arena = search->scratch, .max = COMPLAINT_MAX},
	};
	char **words;

	(void)tried; /* source_config_file() says it all */
	if (!command)
		return SOURCE_ABSENT;
	words = process_split(search->scratch, command, err);
	if (words && run(search, words, &process, err) == 0 && take(search, &process.output, found, err) > 0)
		return SOURCE_FOUND;
	if (err->kind != ERROR_INTERRUPTED)
		err->kind = ERROR_CREDENTIALS;
	return error_wrap(err, "running the credential_process of profile '%s'", search->profile);
}
