/* SPDX-License-Identifier: Apache-2.0 */
/* The transport over libcurl's multi interface, an easy handle for each exchange. The only file that knows libcurl. */
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/redact.h"
#include "providers/net/transport.h"
#include "providers/net/wiping_allocators.h"

enum {
	MANY_DESCRIPTORS = 1024, /* with a limit above there is always room */
	DESCRIPTORS_KEPT = 12,
	DESCRIPTORS_EACH = 3, /* of a connection: while it is made, a second address and a name lookup */
};

enum { CONNECT_TIMEOUT_MS = 10000, TOTAL_TIMEOUT_MS = 60000, IDLE_TIMEOUT_S = 30, NAME_MAX_LENGTH = 256 };

struct curl_net {
	struct transport transport; /* first: the table is the object */
	struct curl_options options;
	CURLM *multi; /* NULL until the first exchange, so that commands without AWS start fast */
};

/* What an exchange keeps while it is under way. */
struct curl_transfer {
	CURL *easy;
	struct curl_slist *headers;
	struct exchange *exchange;
	bool too_large;
	/* the certificate that was not accepted: its subject and who signed it */
	char subject[NAME_MAX_LENGTH], issuer[NAME_MAX_LENGTH];
	char detail[CURL_ERROR_SIZE];
};

static size_t on_body(char *bytes, size_t size, size_t count, void *self)
{
	struct curl_transfer *transfer = self;

	str_add(&transfer->exchange->reply_body, bytes, size * count);
	transfer->too_large = transfer->exchange->reply_body.overflow;
	return transfer->too_large ? 0 : size * count;
}

/* At a status line start over: what came before belonged to a "100 Continue" or to the proxy. */
static size_t on_header(char *bytes, size_t size, size_t count, void *self)
{
	struct curl_transfer *transfer = self;
	struct str *headers = &transfer->exchange->reply_headers;

	if (size * count > 5 && memcmp(bytes, "HTTP/", 5) == 0)
		str_clear(headers);
	else
		str_add(headers, bytes, size * count);
	transfer->too_large = headers->overflow;
	return transfer->too_large ? 0 : size * count;
}

/* Note whose certificate is not trusted; whether to go on is OpenSSL's decision. */
static int on_certificate(int trusted, X509_STORE_CTX *check)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(check, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct curl_transfer *transfer = ssl ? SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)) : NULL;
	X509 *certificate = X509_STORE_CTX_get_current_cert(check);

	if (trusted || !transfer || !certificate)
		return trusted;
	X509_NAME_oneline(X509_get_subject_name(certificate), transfer->subject, NAME_MAX_LENGTH);
	X509_NAME_oneline(X509_get_issuer_name(certificate), transfer->issuer, NAME_MAX_LENGTH);
	return trusted;
}

static CURLcode on_tls(CURL *easy, void *context, void *self)
{
	(void)easy;
	SSL_CTX_set_app_data((SSL_CTX *)context, self);
	SSL_CTX_set_verify(context, SSL_CTX_get_verify_mode(context), on_certificate);
	return CURLE_OK;
}

/*
 * How many connections may be open at a time, so that descriptors remain for what else is opened meanwhile: records, locks,
 * the screen, certificates, libcurl's own. At least one: then what is missing is told.
 */
static long connections_max(const struct curl_net *net)
{
	struct rlimit limit;
	rlim_t left = 0;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur > MANY_DESCRIPTORS)
		return net->options.connections;
	for (rlim_t fd = 0; fd < limit.rlim_cur; fd++)
		left += fcntl((int)fd, F_GETFD) < 0;
	left = left > DESCRIPTORS_KEPT ? (left - DESCRIPTORS_KEPT) / DESCRIPTORS_EACH : 0;
	if (left >= (rlim_t)net->options.connections)
		return net->options.connections;
	return left > 0 ? (long)left : 1;
}

static int multi_open(struct curl_net *net, struct error *err)
{
	long connections = connections_max(net);

	if (net->multi)
		return 0;
	if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, memory_allocate, memory_free, memory_resize,
		    memory_duplicate, memory_allocate_zeroed) != CURLE_OK)
		return error_set(err, ERROR_IO, "libcurl cannot be initialised");
	net->multi = curl_multi_init();
	if (!net->multi)
		return error_set(err, ERROR_IO, "libcurl cannot be initialised");
	curl_multi_setopt(net->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
	curl_multi_setopt(net->multi, CURLMOPT_MAXCONNECTS, connections);
	curl_multi_setopt(net->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
	return 0;
}

static void transfer_close(struct curl_net *net, struct curl_transfer *transfer)
{
	curl_multi_remove_handle(net->multi, transfer->easy);
	curl_easy_cleanup(transfer->easy);
	curl_slist_free_all(transfer->headers);
	transfer->exchange->handle = NULL;
	transfer->easy = NULL;
}

static void set_method(CURL *easy, const struct exchange *x)
{
	bool post = text_equal(x->method, "POST"), put = text_equal(x->method, "PUT");

	if (text_equal(x->method, "HEAD")) {
		curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
	} else if (post || put || x->body) {
		curl_easy_setopt(easy, CURLOPT_POST, 1L);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, x->body ? x->body : "");
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->body_length);
	}
	if (!post && !text_equal(x->method, "HEAD") && !text_equal(x->method, "GET"))
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, x->method);
}

static void set_headers(struct curl_transfer *transfer)
{
	const struct exchange *x = transfer->exchange;

	for (size_t i = 0; i < x->headers.count; i++)
		transfer->headers = curl_slist_append(transfer->headers, x->headers.items[i]);
	transfer->headers = curl_slist_append(transfer->headers, "Expect:");
	curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
}

static void set_limits(CURL *easy, const struct exchange *x)
{
	long connect = x->connect_timeout_ms ? x->connect_timeout_ms : CONNECT_TIMEOUT_MS;
	long total = x->total_timeout_ms ? x->total_timeout_ms : TOTAL_TIMEOUT_MS;

	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, total);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L); /* bytes a second */
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)IDLE_TIMEOUT_S);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https,http");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
	/* HTTP/2 where TLS negotiates it, but one request at a time: what is not shared cannot fail together. */
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
	/* Otherwise cancelling waits for a name lookup that is under way. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	if (x->direct)
		curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	if (x->once)
		curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
}

static void set_options(const struct curl_net *net, struct curl_transfer *transfer)
{
	CURL *easy = transfer->easy;

	curl_easy_setopt(easy, CURLOPT_URL, transfer->exchange->url);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->detail);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_tls);
	curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, transfer);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, net->options.user_agent);
	if (transfer->exchange->ca_bundle) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, transfer->exchange->ca_bundle);
		curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, transfer->exchange->ca_bundle);
	}
	set_limits(easy, transfer->exchange);
	set_method(easy, transfer->exchange);
	set_headers(transfer);
}

static int curl_start(struct transport *self, struct exchange *exchange, struct error *err)
{
	struct curl_net *net = (struct curl_net *)self;
	struct curl_transfer *transfer;

	if (multi_open(net, err) < 0)
		return -1;
	transfer = NEW(exchange->reply_body.arena, struct curl_transfer);
	transfer->exchange = exchange;
	transfer->easy = curl_easy_init();
	if (!transfer->easy)
		return error_set(err, ERROR_IO, "libcurl cannot begin a request");
	set_options(net, transfer);
	exchange->handle = transfer;
	if (curl_multi_add_handle(net->multi, transfer->easy) != CURLM_OK) {
		transfer_close(net, transfer);
		return error_set(err, ERROR_IO, "libcurl cannot begin a request");
	}
	return 0;
}

enum {
	FAILURE_TRANSIENT = 1 << 0,
	FAILURE_UNSENT = 1 << 1,
	FAILURE_TEXT_ALONE = 1 << 2, /* libcurl's own words would only repeat it */
};

/* What a failure means. %s in text is the host. */
struct curl_failure {
	CURLcode code;
	unsigned flags;
	const char *text;
};

static const struct curl_failure failures[] = {
	{CURLE_COULDNT_RESOLVE_HOST, FAILURE_TRANSIENT | FAILURE_UNSENT | FAILURE_TEXT_ALONE,
		"could not resolve host %s"},
	{CURLE_COULDNT_RESOLVE_PROXY, FAILURE_TRANSIENT | FAILURE_UNSENT | FAILURE_TEXT_ALONE,
		"could not resolve the proxy on the way to %s; look at HTTPS_PROXY and NO_PROXY"},
	{CURLE_PROXY, FAILURE_TRANSIENT | FAILURE_UNSENT, "the proxy on the way to %s failed"},
	{CURLE_COULDNT_CONNECT, FAILURE_TRANSIENT | FAILURE_UNSENT, "could not connect to %s"},
	{CURLE_SSL_CONNECT_ERROR, FAILURE_TRANSIENT | FAILURE_UNSENT, "no TLS connection with %s"},
	{CURLE_OPERATION_TIMEDOUT, FAILURE_TRANSIENT, "no answer from %s in time"},
	{CURLE_SEND_ERROR, FAILURE_TRANSIENT, "connection to %s broke while sending"},
	{CURLE_RECV_ERROR, FAILURE_TRANSIENT, "connection to %s broke while receiving"},
	{CURLE_GOT_NOTHING, FAILURE_TRANSIENT | FAILURE_TEXT_ALONE,
		"%s closed the connection without an answer"},
	{CURLE_HTTP2, FAILURE_TRANSIENT, "HTTP/2 with %s broke"},
	{CURLE_HTTP2_STREAM, FAILURE_TRANSIENT, "HTTP/2 with %s broke"},
	{CURLE_PARTIAL_FILE, FAILURE_TRANSIENT | FAILURE_TEXT_ALONE,
		"%s closed the connection in the middle of its answer"},
	{CURLE_PEER_FAILED_VERIFICATION, FAILURE_UNSENT, "TLS certificate of %s is not trusted"},
	{CURLE_SSL_CACERT_BADFILE, FAILURE_UNSENT, "CA certificates for %s cannot be read (AWS_CA_BUNDLE)"},
	{CURLE_UNSUPPORTED_PROTOCOL, FAILURE_TEXT_ALONE, "%s does not speak HTTP"},
	{CURLE_WEIRD_SERVER_REPLY, FAILURE_TEXT_ALONE, "%s does not speak HTTP"},
};

/* The same failures on the way to a proxy. */
static const struct curl_failure proxy_unreachable = {CURLE_COULDNT_CONNECT,
	FAILURE_TRANSIENT | FAILURE_UNSENT, "could not connect to the proxy on the way to %s"};
static const struct curl_failure proxy_untrusted = {CURLE_PEER_FAILED_VERIFICATION, FAILURE_UNSENT,
	"TLS certificate of the proxy on the way to %s is not trusted"};

/* Whatever libcurl was about to do. */
static const struct curl_failure no_descriptor = {CURLE_OK, FAILURE_TRANSIENT | FAILURE_TEXT_ALONE,
	"no file descriptor is left for %s; allow more of them (ulimit -n)"};

/* Host and port of the URL, without user and password. */
static const char *host_of(const struct exchange *x)
{
	const char *host = strstr(x->url, "://");

	host = host ? host + 3 : x->url;
	return redacted_url(x->reply_body.arena,
		arena_strndup(x->reply_body.arena, host, strcspn(host, "/?")));
}

/* The host as libcurl reads the URL, which is not always how it is written there: 127.1, [fe80::1%25eth0]. */
static const char *host_as_read(const struct exchange *x)
{
	CURLU *url = curl_url();
	char *host = NULL;
	const char *copy = "";

	if (url && curl_url_set(url, CURLUPART_URL, x->url, 0) == CURLUE_OK &&
		curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK)
		copy = arena_strndup(x->reply_body.arena, host + (host[0] == '['),
			strcspn(host + (host[0] == '['), "]"));
	curl_free(host);
	curl_url_cleanup(url);
	return copy;
}

/* libcurl says "Failed to connect to HOST port …": when that is not the server, it is a proxy. */
static bool reached_for_proxy(const struct curl_transfer *transfer)
{
	static const char words[] = "Failed to connect to ";
	const char *who = transfer->detail + sizeof(words) - 1, *host = host_as_read(transfer->exchange);
	size_t length = strlen(host);

	return text_starts_with(transfer->detail, words) &&
		!(strncmp(who, host, length) == 0 && who[length] == ' ');
}

/* libcurl has a word of its own for each place where it found no descriptor, and none for the reason. */
static bool lacks_descriptors(void)
{
	int ends[2], result = pipe2(ends, O_CLOEXEC);

	if (result == 0) {
		close(ends[0]);
		close(ends[1]);
	}
	return result < 0 && (errno == EMFILE || errno == ENFILE);
}

static const struct curl_failure *failure_of(const struct curl_transfer *transfer, CURLcode code)
{
	static const struct curl_failure other = {CURLE_OK, 0, "talking to %s failed"};
	long untrusted = 0, sent = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &sent);
	curl_easy_getinfo(transfer->easy, CURLINFO_PROXY_SSL_VERIFYRESULT, &untrusted);
	if (sent == 0 && lacks_descriptors())
		return &no_descriptor;
	if (code == CURLE_COULDNT_CONNECT && reached_for_proxy(transfer))
		return &proxy_unreachable;
	if (code == CURLE_PEER_FAILED_VERIFICATION && untrusted)
		return &proxy_untrusted;
	for (size_t i = 0; i < ARRAY_LENGTH(failures); i++)
		if (failures[i].code == code)
			return &failures[i];
	return &other;
}

/* Whose certificate was refused, and what to do when that is right. */
static const char *certificate_detail(const struct curl_transfer *transfer, const char *words)
{
	struct arena *arena = transfer->exchange->reply_body.arena;
	const char *bundle = transfer->exchange->ca_bundle;
	struct str text = {.arena = arena, .max = 1024};

	str_printf(&text, " (%s", words);
	if (transfer->subject[0])
		str_printf(&text, "; certificate of %s, signed by %s", transfer->subject, transfer->issuer);
	if (bundle)
		str_printf(&text, "; trusted certificates: %s", bundle);
	else
		str_puts(&text, "; for a private certificate authority set AWS_CA_BUNDLE or ca_bundle");
	str_putc(&text, ')');
	return str_text(&text);
}

/* libcurl's words where they add to ours: " (SSL certificate problem: self-signed certificate)". */
static const char *detail_of(const struct curl_transfer *transfer, const struct curl_failure *failure,
	CURLcode code)
{
	struct arena *arena = transfer->exchange->reply_body.arena;
	/* libcurl repeats addresses of proxies with their passwords. */
	const char *words = redacted(arena, NULL,
		transfer->detail[0] ? transfer->detail : curl_easy_strerror(code));
	long number = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &number);
	if (failure->flags & FAILURE_TEXT_ALONE)
		return "";
	if (code == CURLE_PEER_FAILED_VERIFICATION)
		return certificate_detail(transfer, words);
	if (failure == &proxy_unreachable)
		return arena_printf(arena, " (%s); look at HTTPS_PROXY and NO_PROXY", words);
	if (code == CURLE_COULDNT_CONNECT && number != 0)
		words = strerror((int)number);
	return arena_printf(arena, " (%s)", words);
}

/* A proxy that answered CONNECT with a refusal: nothing reached AWS. */
static bool proxy_refused(struct curl_transfer *transfer, const char *host)
{
	struct exchange *x = transfer->exchange;
	long status = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_CONNECTCODE, &status);
	if (status == 0 || status / 100 == 2)
		return false;
	x->unsent = true;
	x->transient = status >= 500;
	error_set(&x->error, ERROR_NETWORK,
		"the proxy refused to connect to %s with HTTP %ld%s; look at HTTPS_PROXY and NO_PROXY", host,
		status, status == 407 ? " (it wants a user and a password)" : "");
	return true;
}

static void read_failure(struct curl_transfer *transfer, CURLcode code)
{
	struct exchange *x = transfer->exchange;
	const char *host = host_of(x), *mark;
	const struct curl_failure *failure = failure_of(transfer, code);
	long sent = 0;

	if (transfer->too_large) {
		error_set(&x->error, ERROR_PROTOCOL, "the answer of %s is larger than %zu bytes", host,
			x->reply_headers.overflow ? x->reply_headers.max : x->reply_body.max);
		return;
	}
	if (proxy_refused(transfer, host))
		return;
	mark = strstr(failure->text, "%s");
	curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &sent);
	x->transient = failure->flags & FAILURE_TRANSIENT;
	x->unsent = (failure->flags & FAILURE_UNSENT) || sent == 0;
	error_set(&x->error, ERROR_NETWORK, "%.*s%s%s%s", (int)(mark - failure->text), failure->text, host,
		mark + 2, detail_of(transfer, failure, code));
}

static void transfer_end(struct curl_net *net, struct curl_transfer *transfer, CURLcode code)
{
	struct exchange *x = transfer->exchange;
	long status = 0;

	if (code == CURLE_OK) {
		curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
		x->status = (int)status;
	} else {
		read_failure(transfer, code);
	}
	transfer_close(net, transfer);
	x->done = true;
}

static void curl_step(struct transport *self, int wait_ms, int wake_fd)
{
	struct curl_net *net = (struct curl_net *)self;
	struct curl_waitfd wake = {.fd = wake_fd, .events = CURL_WAIT_POLLIN};
	struct pollfd idle = {.fd = wake_fd, .events = POLLIN};
	int running = 0, left;
	bool ended = false;
	CURLMsg *message;

	if (!net->multi) {
		poll(&idle, 1, wait_ms);
		return;
	}
	curl_multi_perform(net->multi, &running);
	while ((message = curl_multi_info_read(net->multi, &left)) != NULL) {
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result;
		char *transfer = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
		transfer_end(net, (struct curl_transfer *)(void *)transfer, code);
		ended = true;
	}
	if (!ended)
		curl_multi_poll(net->multi, &wake, wake_fd >= 0 ? 1 : 0, wait_ms, NULL);
}

static void curl_cancel(struct transport *self, struct exchange *exchange)
{
	if (exchange->handle)
		transfer_close((struct curl_net *)self, exchange->handle);
}

static void curl_close(void *self)
{
	struct curl_net *net = self;

	if (!net->multi)
		return;
	curl_multi_cleanup(net->multi);
	curl_global_cleanup();
	net->multi = NULL;
}

struct transport *curl_transport(struct arena *arena, const struct curl_options *options)
{
	struct curl_net *net = NEW(arena, struct curl_net);

	net->transport = (struct transport){.start = curl_start, .step = curl_step, .cancel = curl_cancel};
	net->options = *options;
	if (net->options.connections < 1)
		net->options.connections = 1;
	arena_defer(arena, curl_close, net);
	return &net->transport;
}
