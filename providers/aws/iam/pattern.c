/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One glob for everything: a cursor reads the pattern token by token, going into the values of variables, so nothing
 * is ever expanded into a buffer and a value's own asterisks stay literal.
 */
#include "providers/aws/iam/pattern.h"

#include <string.h>

enum { ARN_FIELDS_BEFORE_RESOURCE = 5 };

enum resolution { RESOLVED, UNRESOLVED, NEVER };

/* "${key, 'default'}", and its value. */
struct variable {
	const char *end; /* behind the brace */
	enum resolution resolution;
	const char *value; /* RESOLVED */
	size_t length;
};

/* The text between the first and the last quote, if the variable has a default. */
static bool read_default(const char *comma, const char *brace, struct variable *variable)
{
	const char *first = comma ? memchr(comma, '\'', (size_t)(brace - comma)) : NULL, *last = brace;

	if (!first)
		return false;
	while (*--last != '\'')
		;
	if (last == first)
		return false;
	variable->value = first + 1;
	variable->length = (size_t)(last - first - 1);
	return true;
}

static void resolve(const struct pattern *pattern, const char *name, const char *brace,
	struct variable *variable)
{
	const char *comma = memchr(name, ',', (size_t)(brace - name)), *end = comma ? comma : brace;
	const struct request_context_value *value = NULL;

	while (end > name && end[-1] == ' ')
		end--;
	if (pattern->context)
		value = request_context_find(pattern->context, name, (size_t)(end - name));
	variable->resolution = UNRESOLVED;
	if (!value)
		return;
	if (request_context_value_absent(value)) {
		variable->resolution = read_default(comma, brace, variable) ? RESOLVED : NEVER;
	} else if (value->values.count == 1 && !value->open && !value->more) {
		variable->resolution = RESOLVED;
		variable->value = value->values.items[0];
		variable->length = strlen(variable->value);
	}
}

/* False when no variable begins here. */
static bool read_variable(const struct pattern *pattern, const char *at, struct variable *variable)
{
	const char *name, *brace;

	if (!pattern->variables || at[0] != '$' || at[1] != '{' || !(brace = strchr(at, '}')))
		return false;
	name = at + 2;
	while (*name == ' ')
		name++;
	*variable = (struct variable){.end = brace + 1};
	if (brace == name + 1 && strchr("*?$", *name)) {
		variable->value = name; /* "${*}" is how a pattern writes an asterisk */
		variable->length = 1;
	} else {
		resolve(pattern, name, brace, variable);
	}
	return true;
}

enum token pattern_next(const struct pattern *pattern, struct cursor *cursor, char *character)
{
	struct variable variable;

	while (cursor->value == cursor->value_end && read_variable(pattern, cursor->at, &variable)) {
		cursor->at = variable.end;
		if (variable.resolution != RESOLVED)
			return TOKEN_RUN;
		cursor->value = variable.value;
		cursor->value_end = variable.value + variable.length;
	}
	if (cursor->value != cursor->value_end) {
		*character = *cursor->value++;
		return TOKEN_CHARACTER;
	}
	*character = *cursor->at;
	if (*character == '\0')
		return TOKEN_END;
	cursor->at++;
	if (pattern->wildcards && *character == '*')
		return TOKEN_RUN;
	return pattern->wildcards && *character == '?' ? TOKEN_ONE : TOKEN_CHARACTER;
}

/* The state of one match: as far as text both agree; after a '*' it can be taken up again one character later. */
struct match {
	const char *text;
	int field; /* colons passed, while the pattern is an ARN */
	struct cursor star;
	bool starred;
	const char *run; /* where the star's run ends at present */
	int star_field;
};

static bool confined(const struct pattern *pattern, int field)
{
	return pattern->fields && field < ARN_FIELDS_BEFORE_RESOURCE;
}

static bool step(const struct pattern *pattern, struct match *match, enum token token, char character)
{
	if (token == TOKEN_END ||
		(token == TOKEN_CHARACTER &&
			(pattern->ignore_case ? text_lower(character) != text_lower(*match->text)
					      : character != *match->text)))
		return false;
	if (*match->text == ':') {
		if (token == TOKEN_ONE && confined(pattern, match->field))
			return false;
		match->field++;
	}
	match->text++;
	return true;
}

/* The text is used up; the token is what the pattern wants next, not a '*'. */
static enum truth at_end(const struct match *match, enum token token, const struct cursor *before, bool open)
{
	if (!open)
		return token == TOKEN_END ? TRUTH_YES : TRUTH_NO;
	if (token != TOKEN_END)
		return TRUTH_MAYBE;
	if (!match->starred)
		return TRUTH_NO;
	return before->at == match->star.at ? TRUTH_YES : TRUTH_MAYBE;
}

static enum truth glob(const struct pattern *pattern, struct request_text value)
{
	struct match match = {.text = value.text};
	struct cursor now = {.at = pattern->text};

	for (;;) {
		struct cursor before = now;
		char character;
		enum token token = pattern_next(pattern, &now, &character);

		if (token == TOKEN_RUN) {
			match.starred = true;
			match.star = now;
			match.run = match.text;
			match.star_field = match.field;
		} else if (*match.text == '\0') {
			return at_end(&match, token, &before, value.open);
		} else if (!step(pattern, &match, token, character)) {
			if (!match.starred || (confined(pattern, match.star_field) && *match.run == ':'))
				return TRUTH_NO;
			match.field = match.star_field + (*match.run == ':');
			match.star_field = match.field;
			match.text = ++match.run;
			now = match.star;
		}
	}
}

/* The worst of all variables in it. */
static enum resolution resolution_of(const struct pattern *pattern)
{
	enum resolution worst = RESOLVED;
	struct variable variable;

	for (const char *at = pattern->text; *at;) {
		if (!read_variable(pattern, at, &variable)) {
			at++;
			continue;
		}
		worst = variable.resolution > worst ? variable.resolution : worst;
		at = variable.end;
	}
	return worst;
}

enum truth pattern_matches(const struct pattern *pattern, struct request_text value)
{
	enum resolution resolution = resolution_of(pattern);
	enum truth truth;

	if (resolution == NEVER)
		return TRUTH_NO;
	truth = glob(pattern, value);
	return resolution == UNRESOLVED ? truth_and(truth, TRUTH_MAYBE) : truth;
}

/* Are the wildcards of the first five fields such as may run on: asterisks at the end of a field? */
static bool runs_on(const char *text)
{
	for (int colons = 0; *text && colons < ARN_FIELDS_BEFORE_RESOURCE; text++) {
		if (*text == ':')
			colons++;
		if (*text == '?' || (*text == '*' && text[1] != ':' && text[1] != '*' && text[1] != '\0'))
			return false;
	}
	return true;
}

static bool has_all_fields(const char *text)
{
	int colons = 0;

	for (; *text; text++)
		colons += *text == ':';
	return colons >= ARN_FIELDS_BEFORE_RESOURCE;
}

enum truth pattern_resource(const char *text, bool variables, const struct request_context *context,
	struct request_text value)
{
	struct pattern pattern = {.text = text,
		.context = context,
		.variables = variables,
		.wildcards = true};
	enum truth whole = pattern_matches(&pattern, value), by_field;

	pattern.fields = true;
	by_field = whole == TRUTH_NO ? TRUTH_NO : pattern_matches(&pattern, value);
	/* A whole ARN that differs in a field could match only by colons in the unknown rest of the name. */
	if (by_field == TRUTH_NO && whole == TRUTH_MAYBE && value.open && has_all_fields(text))
		return TRUTH_NO;
	return whole == by_field || runs_on(text) ? whole : TRUTH_MAYBE;
}
