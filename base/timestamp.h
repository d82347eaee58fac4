/* SPDX-License-Identifier: Apache-2.0 */
/* Times as text. All times are milliseconds since 1970-01-01T00:00:00Z; no time zone but UTC, no locale. */
#ifndef CLOUDCTL_BASE_TIMESTAMP_H
#define CLOUDCTL_BASE_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

enum { TIMESTAMP_SIZE = 32 };

/* "2026-01-02T03:04:05Z" (RFC 3339) into buffer, which is returned. Years 1970–9999; others give "". */
const char *timestamp_rfc3339(int64_t ms, char buffer[TIMESTAMP_SIZE]);

/* "20260102T030405Z", the form of X-Amz-Date. */
const char *timestamp_compact(int64_t ms, char buffer[TIMESTAMP_SIZE]);

/* Parse "2026-01-02T03:04:05[.fff](Z|±hh:mm)". False leaves *ms untouched. */
bool timestamp_parse_rfc3339(const char *text, int64_t *ms);

/* Parse the Date header's form "Fri, 02 Jan 2026 03:04:05 GMT" (RFC 9110 §5.6.7, IMF-fixdate only). */
bool timestamp_parse_http(const char *text, int64_t *ms);

#endif
