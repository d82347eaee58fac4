/* SPDX-License-Identifier: Apache-2.0 */
/* Times as text and back, by the C library's UTC functions. Reads no clock. */
#include "base/timestamp.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

static const int64_t LAST_MS = 253402300799999; /* 9999-12-31T23:59:59.999Z */

/* Leaves "" in buffer. False outside the years that can be written. */
static bool split(int64_t ms, struct tm *tm, char buffer[TIMESTAMP_SIZE])
{
	time_t seconds = (time_t)(ms / 1000);

	buffer[0] = '\0';
	return ms >= 0 && ms <= LAST_MS && gmtime_r(&seconds, tm);
}

const char *timestamp_rfc3339(int64_t ms, char buffer[TIMESTAMP_SIZE])
{
	struct tm tm;

	/* Only numeric fields, which no locale changes; the buffer is large enough. */
	if (split(ms, &tm, buffer))
		(void)strftime(buffer, TIMESTAMP_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return buffer;
}

const char *timestamp_compact(int64_t ms, char buffer[TIMESTAMP_SIZE])
{
	struct tm tm;

	if (split(ms, &tm, buffer))
		(void)strftime(buffer, TIMESTAMP_SIZE, "%Y%m%dT%H%M%SZ", &tm);
	return buffer;
}

/*
 * Read what has this form: a letter of "YMDhms" is a digit of that member of tm, any other character is itself. Returns
 * what follows, NULL when text is not so.
 */
static const char *take(const char *text, const char *form, struct tm *tm)
{
	static const char letters[] = "YMDhms";
	int *const members[] = {&tm->tm_year, &tm->tm_mon, &tm->tm_mday, &tm->tm_hour, &tm->tm_min,
		&tm->tm_sec};

	for (; *form; form++, text++) {
		const char *letter = strchr(letters, *form);
		int *member = letter ? members[letter - letters] : NULL;

		if (member ? !text_is_digit(*text) : *text != *form)
			return NULL;
		if (member)
			*member = *member * 10 + (*text - '0');
	}
	return text;
}

/* The place of the three letters at text in a string of such names, or -1. */
static int name_at(const char *text, const char *names)
{
	for (int i = 0; names[i * 3]; i++)
		if (strncmp(text, names + i * 3, 3) == 0)
			return i;
	return -1;
}

/* tm holds the year as written and the month 1–12. False leaves *ms untouched. */
static bool to_ms(struct tm tm, int64_t *ms)
{
	struct tm given;
	int64_t seconds;

	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	given = tm;
	seconds = (int64_t)timegm(&tm);
	/* timegm() turns 31 February into 3 March and 24:00 into the next day; such a time is refused. */
	if (seconds < 0 || tm.tm_sec != given.tm_sec || tm.tm_min != given.tm_min ||
		tm.tm_hour != given.tm_hour || tm.tm_mday != given.tm_mday || tm.tm_mon != given.tm_mon)
		return false;
	*ms = seconds * 1000;
	return true;
}

/* ".123456" at *at, which moves past it, as milliseconds; digits after the third are dropped. No fraction is 0. */
static bool take_fraction(const char **at, int64_t *fraction_ms)
{
	int64_t weight = 100;

	*fraction_ms = 0;
	if (**at != '.')
		return true;
	for ((*at)++; text_is_digit(**at); (*at)++, weight /= 10)
		*fraction_ms += (**at - '0') * weight;
	return text_is_digit((*at)[-1]);
}

/* "Z" or "+02:00" and nothing after it, as the milliseconds to take away. */
static bool read_zone(const char *text, int64_t *offset_ms)
{
	struct tm zone = {0};

	*offset_ms = 0;
	if (text_equal(text, "Z"))
		return true;
	if (*text != '+' && *text != '-')
		return false;
	*offset_ms = *text == '-' ? -60000 : 60000;
	text = take(text + 1, "hh:mm", &zone);
	*offset_ms *= zone.tm_hour * 60 + zone.tm_min;
	return text && *text == '\0' && zone.tm_hour <= 23 && zone.tm_min <= 59;
}

bool timestamp_parse_rfc3339(const char *text, int64_t *ms)
{
	struct tm tm = {0};
	int64_t whole, fraction_ms, offset_ms;

	text = take(text, "YYYY-MM-DDThh:mm:ss", &tm);
	if (!text || !take_fraction(&text, &fraction_ms) || !read_zone(text, &offset_ms) ||
		!to_ms(tm, &whole) || whole - offset_ms < 0)
		return false;
	*ms = whole + fraction_ms - offset_ms;
	return true;
}

bool timestamp_parse_http(const char *text, int64_t *ms)
{
	struct tm tm = {0};

	if (name_at(text, "SunMonTueWedThuFriSat") < 0 || (text = take(text + 3, ", DD ", &tm)) == NULL)
		return false;
	tm.tm_mon = name_at(text, "JanFebMarAprMayJunJulAugSepOctNovDec") + 1;
	if (tm.tm_mon == 0)
		return false;
	text = take(text + 3, " YYYY hh:mm:ss", &tm);
	return text && text_equal(text, " GMT") && to_ms(tm, ms);
}
