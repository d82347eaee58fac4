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
	{"c5d611a7493c34b6c6c1a01e729181950aaefc278d9f0b0ad590e4ebedd9467a", "0.1.0",
	 "the first one"},
	{"467347202ce099b6fb674510b0f32207b3d584374e9ec39c8f11a13f39cca931", "0.1.0",
	 "one policy for the control-plane role instead of two"},
	{"a5bce2c9724433059bec37872eb645b3bcd87c1fc3113406e8477c3df4b0172d", "0.1.0",
	 "headers that a browser needs to read files of the bucket in parts"},
	{"8caa7480173a75f6a7e7d2457947412df1986e608b218bf2b2d397eff26b4a6d", "0.1.0",
	 "a control-plane role that cannot change other stacks"},
	{"7ccf7291c97c4513a69570403f6ea2dbdc8f15d61f29f2cb04adef7d51d139d0", "0.1.0",
	 "a permissions boundary and a path for the roles"},
	{"373c5fd95af4d55b9c98d34a5f2cd769b06261da37bb6477cce3fd8c020b680c", "0.1.0",
	 "a bucket that takes TLS only, old versions that expire, an access log"},
	{"0444cee6674f4141c0b28ec7d52b09e459c2786e0add96d00bed8f2f3ba15abe", "0.1.0",
	 "private subnets behind NAT gateways"},
	{"51c283ec05aa95f948e4edfe1483969df247668bca2c61a169bad1441cc1ff22", "0.1.0",
	 "a control-plane role that changes only what carries the cloud's tag"},
	{"f54b865594e79b22a5a1d4ec363a7397ffac81734f0d39474563ee4f7996b895", "0.1.0",
	 "other roles for clusters, CloudWatch and secrets for nodes"},
	{"55baa7cb5a5ecdef53a3cd8a50f111803c1dd07eddf7983c418492bae2a56d2b", "0.1.0",
	 "a VPC that is there already"},
	{"426d36dc6120df91aedfb7adbb467fee42b30d8e868f09613881e30e3448cc40", "0.1.0",
	 "a cloud without a file system"},
	{"c1743b6a30b060509c8d7908dc7507fdb56f2a1fe8cf28752dd92f4c1e8178df", "0.1.0",
	 "the cloud's name and networking, so that the record can be made of the stack"},
	{"b6b0d3a014d4ec3fa3330ad7d3ddf68514f9d3bd873b8b5e77e9a2664376b491", "0.1.0",
	 "a KMS key of the user's for the bucket, the file system and MemoryDB"},
};
/* clang-format on */

const size_t template_version_count = ARRAY_LENGTH(template_versions);

const char *template_body(struct arena *arena, const char *text)
{
	char *body = arena_alloc(arena, strlen(text) + 1), *end = body;

	for (const char *line = text, *next; *line; line = next) {
		size_t length = strcspn(line, "\n");

		next = line + length + (line[length] == '\n');
		if (line[strspn(line, " ")] == '#')
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
