/* SPDX-License-Identifier: Apache-2.0 */
/* An option of the command line as a row. The reader is cmd/options.h; help and completion come from the same rows. */
#ifndef CLOUDCTL_BASE_OPTION_H
#define CLOUDCTL_BASE_OPTION_H

#include <stddef.h>

enum { OPTION_ROWS_MAX = 100 };

enum option_kind {
	OPTION_FLAG, /* bool: --yes */
	OPTION_TEXT, /* const char *: --region R or --region=R */
	OPTION_LIST, /* struct text_list: comma separated, trimmed; a repeated option adds */
	/*
	 * const char *: --launch or --launch=one,two. "" without a value; a following word is taken as the value only when
	 * it is in choices (or a comma list of them), so that the name of a cloud is never swallowed.
	 */
	OPTION_OPTIONAL,
	OPTION_ARGUMENT, /* const char *: a word without dashes, in the order of the rows; name is for help */
	OPTION_ROWS,     /* not an option: make() makes the rows that belong here; name is "" */
};

struct option {
	const char *name; /* "region", without dashes */
	char letter;      /* short form, 0 for none */
	enum option_kind kind;
	size_t offset;           /* of the member in the command's options struct */
	const char *placeholder; /* "REGION" in help */
	const char *help;
	const char *choices;  /* "text|json|yaml", in lower case, read in any; NULL: anything */
	const char *alias_of; /* name of the documented option this one is another spelling of; NULL */
	/* OPTION_ROWS: put at most OPTION_ROWS_MAX rows, whose offsets begin at this one's; returns their number. */
	size_t (*make)(size_t offset, struct option *rows);
};

#endif
