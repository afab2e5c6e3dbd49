// The headers of FFmpeg's libraries that Swift uses, and functions for the macros that Swift cannot import.
#ifndef GUARDIAN_CLIBAV_SHIM_H
#define GUARDIAN_CLIBAV_SHIM_H

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/base64.h>
#include <libavutil/dict.h>
#include <libavutil/display.h>
#include <libavutil/error.h>
#include <libavutil/hash.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

static inline int64_t guardian_av_nopts(void) { return AV_NOPTS_VALUE; }
static inline int guardian_av_error(int code) { return AVERROR(code); }
static inline int guardian_av_eof(void) { return AVERROR_EOF; }
static inline int guardian_av_exit(void) { return AVERROR_EXIT; }
static inline int guardian_av_invalid(void) { return AVERROR_INVALIDDATA; }
static inline int guardian_av_decoder_missing(void) { return AVERROR_DECODER_NOT_FOUND; }
static inline int guardian_av_demuxer_missing(void) { return AVERROR_DEMUXER_NOT_FOUND; }
static inline int guardian_av_protocol_missing(void) { return AVERROR_PROTOCOL_NOT_FOUND; }
static inline int guardian_av_stream_missing(void) { return AVERROR_STREAM_NOT_FOUND; }
static inline int guardian_av_http_unauthorized(void) { return AVERROR_HTTP_UNAUTHORIZED; }
static inline int guardian_av_http_forbidden(void) { return AVERROR_HTTP_FORBIDDEN; }
static inline int guardian_av_http_not_found(void) { return AVERROR_HTTP_NOT_FOUND; }
static inline int guardian_av_http_bad_request(void) { return AVERROR_HTTP_BAD_REQUEST; }
static inline int guardian_av_http_server_error(void) { return AVERROR_HTTP_SERVER_ERROR; }
static inline uint32_t guardian_av_tag(char a, char b, char c, char d) { return MKTAG(a, b, c, d); }
static inline int guardian_av_qp2lambda(void) { return FF_QP2LAMBDA; }
static inline int guardian_av_padding(void) { return AV_INPUT_BUFFER_PADDING_SIZE; }

// Stops libav's own logging: it writes URLs with passwords to standard error.
static inline void guardian_av_silence(void) { av_log_set_level(AV_LOG_QUIET); }

#endif
