/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The transport over libcurl's multi interface: one easy handle an exchange, connections kept by the multi
 * handle. The only file that knows libcurl. It prints nothing, follows nothing and keeps nothing of a
 * request.
 */
#include <curl/curl.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "providers/net/transport.h"
#include "providers/net/wiping_allocators.h"

enum { CONNECT_TIMEOUT_MS = 10000, TOTAL_TIMEOUT_MS = 60000, IDLE_TIMEOUT_S = 30, NAME_MAX_LENGTH = 256 };

struct curl_net {
	struct transport transport; /* first: the table is the object */
	struct curl_options options;
	CURLM *multi; /* NULL until the first exchange, so that commands without AWS start fast */
};

/* What an exchange keeps while it flies. */
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
	struct curl_transfer *flight = self;

	str_add(&flight->exchange->reply_body, bytes, size * count);
	flight->too_large = flight->exchange->reply_body.overflow;
	return flight->too_large ? 0 : size * count;
}

/* A status line begins anew: what came before belonged to a "100 Continue" or to the proxy. */
static size_t on_header(char *bytes, size_t size, size_t count, void *self)
{
	struct curl_transfer *flight = self;
	struct str *headers = &flight->exchange->reply_headers;

	if (size * count > 5 && memcmp(bytes, "HTTP/", 5) == 0)
		str_clear(headers);
	else
		str_add(headers, bytes, size * count);
	flight->too_large = headers->overflow;
	return flight->too_large ? 0 : size * count;
}

/* Keeps who is not trusted; whether to go on is OpenSSL's decision. */
static int on_certificate(int trusted, X509_STORE_CTX *check)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(check, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct curl_transfer *flight = ssl ? SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)) : NULL;
	X509 *certificate = X509_STORE_CTX_get_current_cert(check);

	if (trusted || !flight || !certificate)
		return trusted;
	X509_NAME_oneline(X509_get_subject_name(certificate), flight->subject, NAME_MAX_LENGTH);
	X509_NAME_oneline(X509_get_issuer_name(certificate), flight->issuer, NAME_MAX_LENGTH);
	return trusted;
}

static CURLcode on_tls(CURL *easy, void *context, void *self)
{
	(void)easy;
	SSL_CTX_set_app_data((SSL_CTX *)context, self);
	SSL_CTX_set_verify(context, SSL_CTX_get_verify_mode(context), on_certificate);
	return CURLE_OK;
}

static int multi_open(struct curl_net *net, struct error *err)
{
	long connections = net->options.connections;

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

static void flight_close(struct curl_net *net, struct curl_transfer *flight)
{
	curl_multi_remove_handle(net->multi, flight->easy);
	curl_easy_cleanup(flight->easy);
	curl_slist_free_all(flight->headers);
	flight->exchange->handle = NULL;
	flight->easy = NULL;
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

static void set_headers(struct curl_transfer *flight)
{
	const struct exchange *x = flight->exchange;

	for (size_t i = 0; i < x->headers.count; i++)
		flight->headers = curl_slist_append(flight->headers, x->headers.items[i]);
	flight->headers = curl_slist_append(flight->headers, "Expect:");
	curl_easy_setopt(flight->easy, CURLOPT_HTTPHEADER, flight->headers);
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
	/*
	 * HTTP/2 where TLS negotiates it, HTTP/1.1 elsewhere. One request at a time on a connection either way:
	 * most of AWS's endpoints speak HTTP/1.1 only, and what is not shared cannot fail together.
	 */
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
	/* Otherwise cancelling waits for a name lookup that is under way. */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	if (x->direct)
		curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	if (x->once)
		curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
}

static void set_options(const struct curl_net *net, struct curl_transfer *flight)
{
	CURL *easy = flight->easy;

	curl_easy_setopt(easy, CURLOPT_URL, flight->exchange->url);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, flight);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, flight->detail);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, flight);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, flight);
	curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_tls);
	curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, flight);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, net->options.user_agent);
	if (flight->exchange->ca_bundle) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, flight->exchange->ca_bundle);
		curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, flight->exchange->ca_bundle);
	}
	set_limits(easy, flight->exchange);
	set_method(easy, flight->exchange);
	set_headers(flight);
}

static int curl_start(struct transport *self, struct exchange *exchange, struct error *err)
{
	struct curl_net *net = (struct curl_net *)self;
	struct curl_transfer *flight;

	if (multi_open(net, err) < 0)
		return -1;
	flight = NEW(exchange->reply_body.arena, struct curl_transfer);
	flight->exchange = exchange;
	flight->easy = curl_easy_init();
	if (!flight->easy)
		return error_set(err, ERROR_IO, "libcurl cannot begin a request");
	set_options(net, flight);
	exchange->handle = flight;
	if (curl_multi_add_handle(net->multi, flight->easy) != CURLM_OK) {
		flight_close(net, flight);
		return error_set(err, ERROR_IO, "libcurl cannot begin a request");
	}
	return 0;
}

/* What a failure means. %s in text is the host. */
struct meaning {
	CURLcode code;
	bool transient;
	bool unsent;
	bool plain; /* says it all: libcurl's own words would repeat it */
	const char *text;
};

static const struct meaning meanings[] = {
	{CURLE_COULDNT_RESOLVE_HOST, true, true, true, "could not resolve host %s"},
	{CURLE_COULDNT_RESOLVE_PROXY, true, true, true,
		"could not resolve the proxy on the way to %s; look at HTTPS_PROXY and NO_PROXY"},
	{CURLE_PROXY, true, true, false, "the proxy on the way to %s failed"},
	{CURLE_COULDNT_CONNECT, true, true, false, "could not connect to %s"},
	{CURLE_SSL_CONNECT_ERROR, true, true, false, "no TLS connection with %s"},
	{CURLE_OPERATION_TIMEDOUT, true, false, false, "no answer from %s in time"},
	{CURLE_SEND_ERROR, true, false, false, "connection to %s broke while sending"},
	{CURLE_RECV_ERROR, true, false, false, "connection to %s broke while receiving"},
	{CURLE_GOT_NOTHING, true, false, true, "%s closed the connection without an answer"},
	{CURLE_HTTP2, true, false, false, "HTTP/2 with %s broke"},
	{CURLE_HTTP2_STREAM, true, false, false, "HTTP/2 with %s broke"},
	{CURLE_PARTIAL_FILE, true, false, true, "%s closed the connection in the middle of its answer"},
	{CURLE_PEER_FAILED_VERIFICATION, false, true, false, "TLS certificate of %s is not trusted"},
	{CURLE_SSL_CACERT_BADFILE, false, true, false,
		"CA certificates for %s cannot be read (AWS_CA_BUNDLE)"},
	{CURLE_UNSUPPORTED_PROTOCOL, false, false, true, "%s does not speak HTTP"},
	{CURLE_WEIRD_SERVER_REPLY, false, false, true, "%s does not speak HTTP"},
};

/* Host and port of the URL. */
static const char *host_of(const struct exchange *x)
{
	const char *host = strstr(x->url, "://");

	host = host ? host + 3 : x->url;
	return arena_strndup(x->reply_body.arena, host, strcspn(host, "/?"));
}

/* The same failures on the way to a proxy. */
static const struct meaning proxy_unreachable = {CURLE_COULDNT_CONNECT, true, true, false,
				    "could not connect to the proxy on the way to %s"},
			    proxy_untrusted = {CURLE_PEER_FAILED_VERIFICATION, false, true, false,
				    "TLS certificate of the proxy on the way to %s is not trusted"};

/* libcurl says "Failed to connect to HOST port …": when that is not the server, it is a proxy. */
static bool reached_for_proxy(const struct curl_transfer *flight, const char *host)
{
	static const char words[] = "Failed to connect to ";
	const char *who = flight->detail + sizeof(words) - 1;
	size_t bracket = host[0] == '[', length = strcspn(host + bracket, bracket ? "]" : ":");

	return text_starts_with(flight->detail, words) &&
		!(strncmp(who, host + bracket, length) == 0 && who[length] == ' ');
}

static const struct meaning *meaning_of(const struct curl_transfer *flight, const char *host, CURLcode code)
{
	static const struct meaning other = {CURLE_OK, false, false, false, "talking to %s failed"};
	long untrusted = 0;

	curl_easy_getinfo(flight->easy, CURLINFO_PROXY_SSL_VERIFYRESULT, &untrusted);
	if (code == CURLE_COULDNT_CONNECT && reached_for_proxy(flight, host))
		return &proxy_unreachable;
	if (code == CURLE_PEER_FAILED_VERIFICATION && untrusted)
		return &proxy_untrusted;
	for (size_t i = 0; i < ARRAY_LENGTH(meanings); i++)
		if (meanings[i].code == code)
			return &meanings[i];
	return &other;
}

/* Whose certificate was refused, and what to do when that is right. */
static const char *certificate_detail(const struct curl_transfer *flight, const char *words)
{
	struct arena *arena = flight->exchange->reply_body.arena;
	const char *bundle = flight->exchange->ca_bundle;
	struct str text = {.arena = arena, .max = 1024};

	str_printf(&text, " (%s", words);
	if (flight->subject[0])
		str_printf(&text, "; certificate of %s, signed by %s", flight->subject, flight->issuer);
	if (bundle)
		str_printf(&text, "; trusted are those in %s", bundle);
	else
		str_puts(&text, "; a private authority's certificates go into AWS_CA_BUNDLE or ca_bundle");
	str_putc(&text, ')');
	return str_text(&text);
}

/* libcurl's words where they add to ours: " (SSL certificate problem: self-signed certificate)". */
static const char *detail_of(const struct curl_transfer *flight, const struct meaning *meaning, CURLcode code)
{
	struct arena *arena = flight->exchange->reply_body.arena;
	const char *words = flight->detail[0] ? flight->detail : curl_easy_strerror(code);
	long number = 0;

	curl_easy_getinfo(flight->easy, CURLINFO_OS_ERRNO, &number);
	if (meaning->plain)
		return "";
	if (code == CURLE_PEER_FAILED_VERIFICATION)
		return certificate_detail(flight, words);
	if (meaning == &proxy_unreachable)
		return arena_printf(arena, " (%s); look at HTTPS_PROXY and NO_PROXY", words);
	if (code == CURLE_COULDNT_CONNECT && number != 0)
		words = strerror((int)number);
	return arena_printf(arena, " (%s)", words);
}

/* A proxy that answered CONNECT with a refusal: nothing reached AWS. */
static bool proxy_refused(struct curl_transfer *flight, const char *host)
{
	struct exchange *x = flight->exchange;
	long status = 0;

	curl_easy_getinfo(flight->easy, CURLINFO_HTTP_CONNECTCODE, &status);
	if (status == 0 || status / 100 == 2)
		return false;
	x->unsent = true;
	x->transient = status >= 500;
	error_set(&x->error, ERROR_NETWORK,
		"the proxy refused to connect to %s with HTTP %ld%s; look at HTTPS_PROXY and NO_PROXY", host,
		status, status == 407 ? " (it wants a user and a password)" : "");
	return true;
}

static void settle_failure(struct curl_transfer *flight, CURLcode code)
{
	struct exchange *x = flight->exchange;
	const char *host = host_of(x), *mark;
	const struct meaning *meaning = meaning_of(flight, host, code);
	long sent = 0;

	if (flight->too_large) {
		error_set(&x->error, ERROR_PROTOCOL, "the answer of %s is larger than %zu bytes", host,
			x->reply_headers.overflow ? x->reply_headers.max : x->reply_body.max);
		return;
	}
	if (proxy_refused(flight, host))
		return;
	mark = strstr(meaning->text, "%s");
	curl_easy_getinfo(flight->easy, CURLINFO_REQUEST_SIZE, &sent);
	x->transient = meaning->transient;
	x->unsent = meaning->unsent || sent == 0;
	error_set(&x->error, ERROR_NETWORK, "%.*s%s%s%s", (int)(mark - meaning->text), meaning->text, host,
		mark + 2, detail_of(flight, meaning, code));
}

static void settle(struct curl_net *net, struct curl_transfer *flight, CURLcode code)
{
	struct exchange *x = flight->exchange;
	long status = 0;

	if (code == CURLE_OK) {
		curl_easy_getinfo(flight->easy, CURLINFO_RESPONSE_CODE, &status);
		x->status = (int)status;
	} else {
		settle_failure(flight, code);
	}
	flight_close(net, flight);
	x->done = true;
}

static void curl_step(struct transport *self, int wait_ms, int wake_fd)
{
	struct curl_net *net = (struct curl_net *)self;
	struct curl_waitfd wake = {.fd = wake_fd, .events = CURL_WAIT_POLLIN};
	struct pollfd idle = {.fd = wake_fd, .events = POLLIN};
	int running = 0, left;
	bool settled = false;
	CURLMsg *message;

	if (!net->multi) {
		poll(&idle, 1, wait_ms);
		return;
	}
	curl_multi_perform(net->multi, &running);
	while ((message = curl_multi_info_read(net->multi, &left)) != NULL) {
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result;
		char *flight = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &flight);
		settle(net, (struct curl_transfer *)(void *)flight, code);
		settled = true;
	}
	if (!settled)
		curl_multi_poll(net->multi, &wake, wake_fd >= 0 ? 1 : 0, wait_ms, NULL);
}

static void curl_cancel(struct transport *self, struct exchange *exchange)
{
	if (exchange->handle)
		flight_close((struct curl_net *)self, exchange->handle);
}

static void curl_close(struct transport *self)
{
	struct curl_net *net = (struct curl_net *)self;

	if (!net->multi)
		return;
	curl_multi_cleanup(net->multi);
	curl_global_cleanup();
	net->multi = NULL;
}

static void close_deferred(void *self)
{
	curl_close(self);
}

struct transport *curl_transport(struct arena *arena, const struct curl_options *options, struct error *err)
{
	struct curl_net *net = NEW(arena, struct curl_net);

	(void)err; /* nothing is opened yet */
	net->transport = (struct transport){curl_start, curl_step, curl_cancel, curl_close};
	net->options = *options;
	if (net->options.connections < 1)
		net->options.connections = 1;
	arena_defer(arena, close_deferred, net);
	return &net->transport;
}
