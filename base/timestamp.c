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

/* count digits at *at, which moves past them. */
static bool take_digits(const char **at, int count, int *value)
{
	int number = 0;

	for (int i = 0; i < count; i++) {
		if (!text_is_digit((*at)[i]))
			return false;
		number = number * 10 + ((*at)[i] - '0');
	}
	*at += count;
	*value = number;
	return true;
}

static bool take_char(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

static bool take_clock(const char **at, struct tm *tm)
{
	return take_digits(at, 2, &tm->tm_hour) && take_char(at, ':') && take_digits(at, 2, &tm->tm_min) &&
		take_char(at, ':') && take_digits(at, 2, &tm->tm_sec);
}

/* The place of the three letters at *at in a string of such names, or -1. */
static int take_name(const char **at, const char *names)
{
	for (int i = 0; names[i * 3]; i++) {
		if (strncmp(*at, names + i * 3, 3) == 0) {
			*at += 3;
			return i;
		}
	}
	return -1;
}

/* tm holds the year as written and the month 1–12. */
static bool to_ms(struct tm tm, int64_t *ms)
{
	struct tm given;

	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	if (tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 59)
		return false;
	given = tm;
	*ms = (int64_t)timegm(&tm) * 1000;
	/* timegm() turns 31 February into 3 March; such a date is refused. */
	return *ms >= 0 && tm.tm_mday == given.tm_mday && tm.tm_mon == given.tm_mon;
}

/* "Z" or "+02:00" at the end of text, as the milliseconds to take away. */
static bool take_zone(const char **at, int64_t *offset_ms)
{
	int sign = **at == '-' ? -1 : 1;
	int hours, minutes;

	*offset_ms = 0;
	if (take_char(at, 'Z'))
		return **at == '\0';
	if (!take_char(at, '+') && !take_char(at, '-'))
		return false;
	if (!take_digits(at, 2, &hours) || !take_char(at, ':') || !take_digits(at, 2, &minutes) ||
		hours > 23 || minutes > 59)
		return false;
	*offset_ms = (int64_t)sign * (hours * 60 + minutes) * 60000;
	return **at == '\0';
}

/* ".123456" as milliseconds; digits after the third are dropped. No fraction is 0. */
static bool take_fraction(const char **at, int64_t *fraction_ms)
{
	int64_t weight = 100;

	*fraction_ms = 0;
	if (!take_char(at, '.'))
		return true;
	if (!text_is_digit(**at))
		return false;
	for (; text_is_digit(**at); (*at)++, weight /= 10)
		*fraction_ms += (**at - '0') * weight;
	return true;
}

bool timestamp_parse_rfc3339(const char *text, int64_t *ms)
{
	struct tm tm = {0};
	int64_t whole, fraction_ms, offset_ms;

	if (!take_digits(&text, 4, &tm.tm_year) || !take_char(&text, '-') ||
		!take_digits(&text, 2, &tm.tm_mon) || !take_char(&text, '-') ||
		!take_digits(&text, 2, &tm.tm_mday) || !take_char(&text, 'T') || !take_clock(&text, &tm) ||
		!take_fraction(&text, &fraction_ms) || !take_zone(&text, &offset_ms))
		return false;
	if (!to_ms(tm, &whole) || whole - offset_ms < 0)
		return false;
	*ms = whole + fraction_ms - offset_ms;
	return true;
}

bool timestamp_parse_http(const char *text, int64_t *ms)
{
	struct tm tm = {0};
	int64_t whole;

	if (take_name(&text, "SunMonTueWedThuFriSat") < 0 || !take_char(&text, ',') ||
		!take_char(&text, ' ') || !take_digits(&text, 2, &tm.tm_mday) || !take_char(&text, ' '))
		return false;
	tm.tm_mon = take_name(&text, "JanFebMarAprMayJunJulAugSepOctNovDec") + 1;
	if (tm.tm_mon == 0 || !take_char(&text, ' ') || !take_digits(&text, 4, &tm.tm_year) ||
		!take_char(&text, ' ') || !take_clock(&text, &tm) || !text_equal(text, " GMT"))
		return false;
	if (!to_ms(tm, &whole))
		return false;
	*ms = whole;
	return true;
}
