/* SPDX-License-Identifier: Apache-2.0 */
/* The table of template_version.h. To add a row: `build/dev/tests/template_version_test` prints the hash of the file. */
#include "providers/aws/cloud/template_version.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"
#include "providers/aws/cloud/stack.h"

/* clang-format off */
const struct template_version template_versions[] = {
	{"69857bde1023d37c3ecb66a7f2a8ce1807ffc8c8640dbcd61140d3b46090071c", "0.1.0",
	 "the first one"},
	{"25d31834de6553019f606290f448255540181737dd989982b238fe3ec795ff86", "0.1.0",
	 "one policy for the control-plane role instead of two"},
	{"f324fd31002b280180bec31cb6340b4a8131a11d9935613d993a57e92b07ccef", "0.1.0",
	 "headers that a browser needs to read files of the bucket in parts"},
	{"d24849b6a4a6c5bb76eacbe8084ebd3e7a6f87281e60172ce612b8e061e377e6", "0.1.0",
	 "a control-plane role that cannot change other stacks"},
	{"80ce09a3b80f1dc1b28f6366735f99bea2924ca92ed2f31bf5dcfc747f207dd2", "0.1.0",
	 "a permissions boundary and a path for the roles"},
	{"a4fea7dbf071d6ff3d96443ad7ec50abc79dbae9f742f5b9e3462bcf1066891d", "0.1.0",
	 "a bucket that takes TLS only, old versions that expire, an access log"},
	{"3a40d454ec37beb5419b230b3a1a43cade0450cc30c40d1befd4cded277a1dc2", "0.1.0",
	 "private subnets behind NAT gateways"},
	{"6fbca86f394c4e486956ea1eba29d658ba158b3fc9511a179e561501c3243ba7", "0.1.0",
	 "a control-plane role that changes only what carries the cloud's tag"},
	{"93918637d40c988076f8b0bc9cbbc6ebd77e9e7961952649c6ae453dab4bf025", "0.1.0",
	 "other roles for clusters, CloudWatch and secrets for nodes"},
	{"ed062e71f2d507a9cb7ee9f7aa92b1af167726bcd22d0df617deace976630de8", "0.1.0",
	 "a VPC that is there already"},
	{"a24b641b3ec2d110cb954587f73ee919063716a610c953622e20ac0ee78b5bf7", "0.1.0",
	 "a cloud without a file system"},
	{"45e3473b4f9c5949c5415122da68db9afaad686a575ee687def14feb88ba6553", "0.1.0",
	 "the cloud's name and networking, so that the record can be made of the stack"},
	{"c82243496b869c51b541a4bc01c25d615b6888fd8e5c43e223d32467cfdd9f04", "0.1.0",
	 "a KMS key of the user's for the bucket, the file system and MemoryDB"},
	{"a00a5030a2908bd22f373f2e0f8d315a7e23df0103eace8bce532df251a8eed2", "0.1.0",
	 "roles for clusters that ray up starts, on request"},
};
/* clang-format on */

const size_t template_version_count = ARRAY_LENGTH(template_versions);

/* Is the line one for people only? */
static bool is_for_people(const char *line, bool in_parameters)
{
	const char *word = line + strspn(line, " ");

	return *word == '#' ||
		(in_parameters &&
			(text_starts_with(word, "Description: ") ||
				text_starts_with(word, "ConstraintDescription: ")));
}

const char *template_body(struct arena *arena, const char *text)
{
	char *body = arena_alloc(arena, strlen(text) + 1), *end = body;
	bool in_parameters = false;

	for (const char *line = text, *next; *line; line = next) {
		size_t length = strcspn(line, "\n");

		next = line + length + (line[length] == '\n');
		if (!strchr(" #\n", *line))
			in_parameters = text_starts_with(line, "Parameters:\n");
		if (is_for_people(line, in_parameters))
			continue;
		memcpy(end, line, (size_t)(next - line));
		end += next - line;
	}
	*end = '\0';
	return body;
}

const char *template_sha256(struct arena *arena, const char *text)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	const char *body = template_body(arena, text);
	size_t length = strlen(body), size = 0;
	char *hex;

	while (length > 0 && strchr(" \t\r\n", body[length - 1]))
		length--;
	if (!EVP_Q_digest(NULL, "SHA256", NULL, body, length, digest, &size))
		size = 0;
	hex = arena_alloc(arena, 2 * size + 1);
	for (size_t i = 0; i < size; i++) {
		hex[2 * i] = "0123456789abcdef"[digest[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[digest[i] & 15];
	}
	return hex;
}

const struct template_version *template_version_find(struct arena *arena, const char *text)
{
	const char *sha256 = template_sha256(arena, text);

	for (size_t i = 0; i < template_version_count; i++)
		if (text_equal(template_versions[i].sha256, sha256))
			return &template_versions[i];
	return NULL;
}

/* Its form is the project's own: names of parameters are indented by two and come before "Conditions:". NULL: none. */
static const char *declaration_of(struct arena *arena, const char *name)
{
	const char *line = strstr(template_text(), arena_printf(arena, "\n  %s:\n", name));

	return line && line < strstr(template_text(), "\nConditions:\n") ? line + 1 : NULL;
}

bool template_has_parameter(struct arena *arena, const char *name)
{
	return declaration_of(arena, name) != NULL;
}

const char *template_default(struct arena *arena, const char *name)
{
	static const char member[] = "    Default: ";
	const char *line = declaration_of(arena, name);

	while (line && (line = strchr(line, '\n')) && text_starts_with(++line, "    "))
		if (text_starts_with(line, member)) {
			size_t length = strcspn(line += sizeof(member) - 1, "\n");
			bool quoted = *line == '"';

			return arena_strndup(arena, line + quoted, length - 2 * quoted);
		}
	return NULL;
}
