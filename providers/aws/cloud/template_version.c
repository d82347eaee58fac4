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
	{"721da17b747cee0aa65c11889e6f478d7c618dc7c7dd41b02e981c66f27d4610", "0.1.0",
	 "the first one"},
	{"1687b91669d004dd85535f3da8ec34f87c952c0be29004a2606459f758e5487f", "0.1.0",
	 "one policy for the control-plane role instead of two"},
	{"2c10a1a1f487c378fe38fe6e87eba01acb2d122021fe7f5496b4965e5145949c", "0.1.0",
	 "headers that a browser needs to read files of the bucket in parts"},
	{"7986f25fcea7635e0d0a8c81e94fece0b1e76551a20fa04abe11562b7f06d5b1", "0.1.0",
	 "a control-plane role that cannot change other stacks"},
	{"967b5502c261abd413ed873ef820f018c0be2eb2d17f351599d8d74518257d9e", "0.1.0",
	 "a permissions boundary and a path for the roles"},
	{"e082576574e6182f19673963c737025f6a0e03d18ffa0b491c51c365e98b5e60", "0.1.0",
	 "a bucket that takes TLS only, old versions that expire, an access log"},
	{"e37084fd0dacd0dd692c6d441b28fbeb28a5c5b1d07c2d5a25c0978a54622fc3", "0.1.0",
	 "private subnets behind NAT gateways"},
	{"5100e25ab65527c15efd946aaa9275e644ac0ad0ffdcdff75bcb7acc1bb0161f", "0.1.0",
	 "a control-plane role that changes only what carries the cloud's tag"},
	{"2f1208dbaac08d1e40590597c4dd21f7fe698940ba2c8c2ed47d9fa476f06b12", "0.1.0",
	 "other roles for clusters, CloudWatch and secrets for nodes"},
	{"7a79c66c68d61871b19178cdbecf0f504847f49b4972b3642cd1d16ef82b3201", "0.1.0",
	 "a VPC that is there already"},
	{"7407dbd407a286e04096866f54b07e79b8264a9ac74531e43d7d0f4ec3920893", "0.1.0",
	 "a cloud without a file system"},
	{"fb43a39ec220f8a0cf626cf8fce5a6ee1a36ac8d7f899abd4c9f3853a59b02ca", "0.1.0",
	 "the cloud's name and networking, so that the record can be made of the stack"},
	{"e3d06f141db1752ae44dbea5d4e314a5617dfc9ac7d25f5af5a5b5417b456818", "0.1.0",
	 "a KMS key of the user's for the bucket, the file system and MemoryDB"},
};
/* clang-format on */

const size_t template_version_count = ARRAY_LENGTH(template_versions);

const char *template_sha256(struct arena *arena, const char *text)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	size_t length = strlen(text), size = 0;
	char *hex;

	while (length > 0 && strchr(" \t\r\n", text[length - 1]))
		length--;
	if (!EVP_Q_digest(NULL, "SHA256", NULL, text, length, digest, &size))
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
