/* SPDX-License-Identifier: Apache-2.0 */
/* A line at a time into lists of sections and values; no line is ever interpreted twice. */
#include "providers/aws/credentials/profile.h"

#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/file.h"
#include "base/str.h"
#include "base/text.h"
#include "base/world.h"

enum { FILE_MAX = 1 << 20 };

struct profile_entry {
	struct profile_entry *next;
	const char *key;
	const char *value;
};

struct profile_section {
	struct profile_section *next;
	enum section_kind kind;
	const char *name;
	struct profile_entry *entries; /* newest first: the last of two equal keys counts */
};

/* Where the reader of a file is. */
struct profile_reader {
	struct arena *arena;
	struct profiles *profiles;
	const char *file;
	bool is_credentials;
	int line;
	struct profile_section *section;
	struct profile_entry *entry; /* the last key; indented lines below belong to it */
	struct str value;            /* of that key, while lines are added to it */
	size_t indent;               /* of that key */
	const char *group;           /* its name when it had no value of its own */
};

static struct profile_section *find(const struct profiles *profiles, enum section_kind kind, const char *name)
{
	for (struct profile_section *s = profiles->sections; s; s = s->next)
		if (s->kind == kind && text_equal(s->name, name))
			return s;
	return NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* Trim in place; returns the first character that is not blank. */
static char *trim(char *text)
{
	size_t length = strlen(text);

	while (length > 0 && is_blank(text[length - 1]))
		text[--length] = '\0';
	while (is_blank(*text))
		text++;
	return text;
}

/* The name after "profile", "sso-session" …, without quotes; NULL when the header does not begin with word. */
static char *header_name(char *header, const char *word)
{
	size_t length = strlen(word);
	char *name, quote;

	if (!text_starts_with(header, word) || !is_blank(header[length]))
		return NULL;
	name = trim(header + length);
	length = strlen(name);
	quote = name[0];
	if (length >= 2 && (quote == '"' || quote == '\'') && name[length - 1] == quote) {
		name[length - 1] = '\0';
		name++;
	}
	return name;
}

static enum section_kind classify(const struct profile_reader *r, char *header, const char **name)
{
	static const struct {
		const char *word;
		enum section_kind kind;
	} words[] = {
		{"profile", SECTION_PROFILE},
		{"sso-session", SECTION_SSO_SESSION},
		{"services", SECTION_SERVICES},
	};

	*name = header;
	if (r->is_credentials)
		return SECTION_CREDENTIALS;
	if (text_equal(header, "default"))
		return SECTION_PROFILE;
	for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
		char *rest = header_name(header, words[i].word);

		if (rest) {
			*name = rest;
			return words[i].kind;
		}
	}
	return SECTION_OTHER;
}

static int wrong(const struct profile_reader *r, struct error *err, const char *what)
{
	return error_set(err, ERROR_INPUT, "%s:%d: %s", r->file, r->line, what);
}

static int open_section(struct profile_reader *r, char *text, struct error *err)
{
	char *end = strrchr(text, ']');
	enum section_kind kind;
	const char *name;

	if (!end)
		return wrong(r, err, "a section header without its closing ']'");
	*end = '\0';
	kind = classify(r, trim(text + 1), &name);
	r->entry = NULL;
	r->group = NULL;
	r->indent = 0;
	r->section = find(r->profiles, kind, name);
	if (r->section)
		return 0;
	r->section = NEW(r->arena, struct profile_section);
	*r->section = (struct profile_section){.next = r->profiles->sections, .kind = kind, .name = name};
	r->profiles->sections = r->section;
	return 0;
}

/* Cut "key = value" or "key: value" in two; the key in lower case. NULL when there is no separator. */
static char *split_value(char *text, const char **key)
{
	char *separator = strpbrk(text, "=:");

	if (!separator || separator == text)
		return NULL;
	*separator = '\0';
	text = trim(text);
	for (char *c = text; *c; c++)
		*c = text_lower(*c);
	*key = text;
	return trim(separator + 1);
}

static void add_entry(struct profile_reader *r, const char *key, const char *value)
{
	struct profile_entry *entry = NEW(r->arena, struct profile_entry);

	*entry = (struct profile_entry){.next = r->section->entries, .key = key, .value = value};
	r->section->entries = entry;
	r->entry = entry;
	r->value = (struct str){.arena = r->arena, .max = FILE_MAX};
}

static int add_value(struct profile_reader *r, char *text, size_t indent, struct error *err)
{
	const char *key;
	char *value = split_value(text, &key);

	if (!r->section)
		return wrong(r, err, "a setting before the first [section]");
	if (!value)
		return wrong(r, err, "neither a [section] nor 'key = value'");
	add_entry(r, key, value);
	r->indent = indent;
	r->group = *value ? NULL : key;
	return 0;
}

/* A line indented deeper than the key above it: a member of its group, or more of its value. */
static int continue_value(struct profile_reader *r, char *text, struct error *err)
{
	const char *key;
	char *value;

	if (!r->group) {
		if (r->value.length == 0)
			str_puts(&r->value, r->entry->value);
		str_putc(&r->value, '\n');
		str_puts(&r->value, text);
		r->entry->value = str_text(&r->value);
		return 0;
	}
	value = split_value(text, &key);
	if (!value)
		return wrong(r, err, "an indented line that is not 'key = value'");
	add_entry(r, arena_printf(r->arena, "%s.%s", r->group, key), value);
	return 0;
}

static int read_line(struct profile_reader *r, char *line, struct error *err)
{
	char *text = trim(line);
	size_t indent = (size_t)(text - line);

	if (*text == '\0' || *text == '#' || *text == ';')
		return 0;
	if (r->entry && indent > r->indent)
		return continue_value(r, text, err);
	if (*text == '[')
		return open_section(r, text, err);
	return add_value(r, text, indent, err);
}

int profiles_parse(struct arena *arena, struct profiles *profiles, const char *name, char *text,
	bool is_credentials, struct error *err)
{
	struct profile_reader reader = {
		.arena = arena,
		.profiles = profiles,
		.file = name,
		.is_credentials = is_credentials,
	};

	if (text_starts_with(text, "\xef\xbb\xbf"))
		text += 3; /* byte order mark of editors on Windows */
	while (*text) {
		size_t length = strcspn(text, "\n");
		bool last = text[length] == '\0';

		text[length] = '\0';
		reader.line++;
		if (read_line(&reader, text, err) < 0)
			return -1;
		text += length + !last;
	}
	return 0;
}

/* The path from the variable, else in the home folder; NULL when neither is known. "~/" is the home folder. */
static const char *file_path(struct arena *arena, struct world *world, const char *variable,
	const char *usual)
{
	const char *home = world->environment(world, "HOME");
	const char *path = world->environment(world, variable);

	if (!path)
		path = usual;
	if (!text_starts_with(path, "~/"))
		return path;
	return home ? arena_printf(arena, "%s/%s", home, path + 2) : NULL;
}

static int load(struct arena *arena, struct profiles *profiles, const char *path, bool is_credentials,
	struct error *err)
{
	struct error problem = {0};
	size_t length;
	char *text;

	if (!path || text_equal(path, "/dev/null"))
		return 0;
	if (file_read(arena, path, FILE_MAX, &text, &length, &problem) == 0)
		return profiles_parse(arena, profiles, path, text, is_credentials, err);
	if (problem.kind == ERROR_NOT_FOUND)
		return 0;
	*err = problem;
	err->kind = ERROR_INPUT;
	return error_wrap(err, "reading AWS profiles");
}

int profiles_load(struct arena *arena, struct world *world, struct profiles *profiles, struct error *err)
{
	const char *config = file_path(arena, world, "AWS_CONFIG_FILE", "~/.aws/config");
	const char *credentials = file_path(arena, world, "AWS_SHARED_CREDENTIALS_FILE",
		"~/.aws/credentials");

	*profiles = (struct profiles){
		.config_path = config ? config : "~/.aws/config",
		.credentials_path = credentials ? credentials : "~/.aws/credentials",
	};
	if (load(arena, profiles, config, false, err) < 0)
		return -1;
	return load(arena, profiles, credentials, true, err);
}

bool profiles_have(const struct profiles *profiles, const char *name)
{
	return find(profiles, SECTION_PROFILE, name) || find(profiles, SECTION_CREDENTIALS, name);
}

bool profiles_section(const struct profiles *profiles, enum section_kind kind, const char *section)
{
	return find(profiles, kind, section) != NULL;
}

const char *profiles_section_value(const struct profiles *profiles, enum section_kind kind,
	const char *section, const char *key)
{
	const struct profile_section *s = find(profiles, kind, section);

	for (const struct profile_entry *e = s ? s->entries : NULL; e; e = e->next)
		if (text_equal(e->key, key))
			return *e->value ? e->value : NULL;
	return NULL;
}

const char *profiles_value(const struct profiles *profiles, const char *profile, const char *key)
{
	const char *value = profiles_section_value(profiles, SECTION_CREDENTIALS, profile, key);

	return value ? value : profiles_section_value(profiles, SECTION_PROFILE, profile, key);
}

const char *profiles_names(const struct profiles *profiles, struct arena *arena)
{
	struct text_list names = {0};

	for (const struct profile_section *s = profiles->sections; s; s = s->next)
		if (s->kind <= SECTION_PROFILE && !text_list_has(&names, s->name))
			text_list_add(arena, &names, s->name);
	return text_join(arena, &names, ", ");
}

/* The account in "arn:aws:iam::123456789012:role/name", or the id itself; 0: there is none, else its digits. */
static size_t find_account(const char **text)
{
	static const size_t digits = 12;

	if (text_glob("arn:aws*:*:*:*:*", *text, false))
		for (int colons = 0; colons < 4; colons++)
			*text += strcspn(*text, ":") + 1;
	return strspn(*text, "0123456789") == digits && (!(*text)[digits] || (*text)[digits] == ':') ? digits
												     : 0;
}

json_t *profiles_accounts(const struct profiles *profiles)
{
	static const char *const keys[] = {"role_arn", "sso_account_id", "login_session", "aws_account_id"};
	json_t *accounts = json_object();

	for (const struct profile_section *s = profiles->sections; s; s = s->next) {
		const char *value = NULL;
		size_t length;

		for (size_t i = 0; s->kind <= SECTION_PROFILE && !value && i < ARRAY_LENGTH(keys); i++)
			value = profiles_value(profiles, s->name, keys[i]);
		length = value ? find_account(&value) : 0;
		if (length > 0)
			json_object_set_new(accounts, s->name, json_stringn(value, length));
	}
	return accounts;
}

void profiles_collect(const struct profiles *profiles, const char *key, struct arena *arena,
	struct text_list *values)
{
	for (const struct profile_section *s = profiles->sections; s; s = s->next)
		for (const struct profile_entry *e = s->entries; e; e = e->next)
			if (text_equal(e->key, key) && *e->value)
				text_list_add(arena, values, arena_strdup(arena, e->value));
}
